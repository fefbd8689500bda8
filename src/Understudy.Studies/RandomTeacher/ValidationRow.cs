namespace Understudy.Studies.RandomTeacher;

/// <summary>Probes of a student that are fitted to a part of the training images and scored on the rest, by which a moment may be chosen: tables <c>….validation</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part: that of the student's row among the probes.</param>
/// <param name="Condition">What is compared.</param>
/// <param name="TrainingSteps">Steps of distillation done.</param>
/// <param name="Lin">Accuracy of the linear probe on the images that were held out, in percent.</param>
/// <param name="LinStd">Of the same on standardized features.</param>
/// <param name="Ridge">Of ridge regression.</param>
/// <param name="Knn">Of nearest neighbours.</param>
public sealed record ValidationRow(int Seed, long Step, string Condition, int TrainingSteps, double Lin, double LinStd, double Ridge, double Knn);
