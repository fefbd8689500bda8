// A whole study from code: the same run directory and report as the tool writes, and the verdicts as values.
using System.Globalization;
using Understudy.Lab.Claims;
using Understudy.Lab.Execution;
using Understudy.Lab.Runs;
using Understudy.Studies.Specialization;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var folder = args is [var given] ? given : "runs/whole-study";

// <study>
var study = new SpecializationStudy();
var config = new SpecializationConfig
{
    Parts = [SpecializationPart.TwoLayer],
    Seeds = 4,
    TwoLayer = new RecoveryConfig
    {
        Teacher = new TeacherConfig { Nodes = 5, FanOutDecay = [1, 2] },
        Student = new StudentConfig { OverRealization = [1, 2, 10] },
        Data = new SampleCountConfig { Dimension = 20, Samples = 2000 },
        Training = new TrainingConfig { LearningRate = 0.05, Epochs = 6, EpochSteps = 500 },
    },
};
var verdicts = LocalRunner.Run(study, config, folder, progress: null, CancellationToken.None);
// </study>

foreach (var verdict in verdicts.Where(verdict => verdict.Outcome != Outcome.NotRun))
    Console.WriteLine($"{verdict.Outcome,-12}  {verdict.Claim.Statement}\n{"",14}{verdict.Measured}");
Console.WriteLine($"report: {RunDirectory.Open(folder).File("report.html")}");
