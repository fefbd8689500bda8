namespace Understudy.Studies.RandomTeacher;

/// <summary>The linear probe of the paper beside penalized softmax regression on standardized features, led to convergence: table <c>controls.audit</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">The measurement within the part.</param>
/// <param name="Subject">Teacher, or student at its end.</param>
/// <param name="Lin">Test accuracy of the plain linear probe, in percent.</param>
/// <param name="LinGradient">‖∇L‖ at its end.</param>
/// <param name="Converged">Test accuracy of softmax regression at convergence: with a bias the same classifiers, with a penalty of 1 beside the summed loss.</param>
/// <param name="GradientNorm">The norm of its gradient, in the coordinates of standardized features.</param>
/// <param name="Steps">Steps it took.</param>
/// <param name="IsConverged">Whether the norm is below 1e-4.</param>
public sealed record AuditRow(int Seed, long Step, Subject Subject, double Lin, double LinGradient, double Converged, double GradientNorm, int Steps, bool IsConverged);
