using Understudy.Engine;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Training;
using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher;

/// <summary>What settings of the study do not fit together, in sentences.</summary>
internal static class RandomTeacherProblems
{
    private const double MostParameters = 2e8;

    // ridge chooses its penalty on a fifth of the images
    /// <summary>Images that a probe needs to choose its penalty on a fifth of them.</summary>
    internal const int FewestProbed = 5;

    internal static IEnumerable<string> Of(RandomTeacherConfig config)
    {
        if (config.Parts.Count == 0 || config.Parts.Distinct().Count() != config.Parts.Count)
            yield return "parts must hold at least one part, none twice.";
        string[] general =
        [
            .. Counts(
                ("seeds", config.Seeds), ("training.batch", config.Training.Batch), ("training.steps", config.Training.Steps), ("probes.moments", config.Probes.Moments),
                ("probes.epochs", config.Probes.Epochs), ("probes.neighbors", config.Probes.Neighbors), ("valley.steps", config.Valley.Steps), ("valley.images", config.Valley.Images)),
            .. Data("data", config.Data), .. Training(config.Training), .. Probes(config), .. Tracking(config),
        ];
        foreach (var problem in general)
            yield return problem;
        // networks are built for images that make sense
        if (general.Length > 0)
            yield break;
        if (config.Training.Start == StartRule.Neighbor && config.Parts.Any(part => part == RandomTeacherPart.Locality || (part == RandomTeacherPart.Distillation && config.Distillation.Far)))
            yield return "training.start=neighbor is not for distillation.far and part locality, which go as far as an independent draw: set distillation.far=false.";
        foreach (var problem in Network(config, "network", config.Network).Concat(config.Parts.SelectMany(part => Part(config, part))))
            yield return problem;
    }

    private static IEnumerable<string> Counts(params (string Path, int Value)[] counts)
        => counts.Where(count => count.Value < 1).Select(count => $"{count.Path} ({count.Value}) must be at least 1.");

    private static IEnumerable<string> Data(string path, ImagesConfig data)
    {
        var (train, test) = Pictures.Available(data.Set);
        foreach (var problem in Counts(($"{path}.train", data.Train), ($"{path}.test", data.Test)))
            yield return problem;
        if (data.Set == ImageSource.Digits && data.Train + (long)data.Test > train)
            yield return $"{path}.train and {path}.test must add up to at most {train:N0}, the images of digits.";
        else if (data.Train > train || data.Test > test)
            yield return $"{path}.train and {path}.test must be at most {train:N0} and {test:N0}, the images of {data.Set}.";
        if (data.Set == ImageSource.Folder && (data.Folder.Length == 0 || data.Size is null))
            yield return $"{path}.set=folder needs {path}.folder, the path, and {path}.size, the rows and columns its images are brought to.";
        if (data.Size is < 4 or > 64)
            yield return $"{path}.size ({data.Size}) must lie between 4 and 64, or be null for the size of the set.";
    }

    private static IEnumerable<string> Training(DistilledConfig training)
    {
        if (Unreadable(training.LearningRate) is { } reason)
            yield return $"training.learningRate: {reason}";
        if (!(training.WeightDecay >= 0) || !(training.ClipNorm >= 0) || !double.IsFinite(training.WeightDecay + training.ClipNorm))
            yield return "training.weightDecay and training.clipNorm must not be negative.";
        if (new[] { training.Beta1, training.Beta2, training.Momentum }.Any(value => !(value is >= 0 and < 1)))
            yield return "training.beta1, training.beta2 and training.momentum must lie in [0, 1).";
        if (!(training.Alpha is >= 0 and <= 1))
            yield return Invariant($"training.alpha ({training.Alpha}) must lie between 0 and 1.");
        if (!(training.TeacherTemperature > 0 && double.IsFinite(training.TeacherTemperature)) || !(training.StudentTemperature > 0 && double.IsFinite(training.StudentTemperature)))
            yield return "training.teacherTemperature and training.studentTemperature must be positive.";
        else if (training.Objective != DistillationObjective.CrossEntropy && !HasNoTemperatures(training))
            yield return "training.teacherTemperature and training.studentTemperature are for training.objective=cross-entropy: leave them at 1.";
    }

    private static IEnumerable<string> Probes(RandomTeacherConfig config)
    {
        if (config.Training.Batch > config.Data.Train)
            yield return $"training.batch ({config.Training.Batch}) must be at most data.train ({config.Data.Train}).";
        if (config.Probes.Images is { } images && (images < FewestProbed || images > config.Data.Train))
            yield return $"probes.images ({images}) must lie between {FewestProbed} and data.train ({config.Data.Train}), or be null for all.";
        if (config.Data.Train is > 0 and < FewestProbed)
            yield return $"data.train ({config.Data.Train}) must be at least {FewestProbed}: a probe chooses its penalty on a fifth of the images.";
        if (config.Probes.Neighbors > (config.Probes.Images ?? config.Data.Train))
            yield return $"probes.neighbors ({config.Probes.Neighbors}) must be at most the images that probes are fitted to.";
        var probed = config.Probes.Images ?? config.Data.Train;
        if (!(config.Probes.Validation is >= 0 and <= 0.5))
            yield return Invariant($"probes.validation ({config.Probes.Validation}) must lie between 0 and 0.5.");
        else if (IsValidated(config) && probed >= FewestProbed && probed - Parts.Probing.HeldOut(config.Probes.Validation, probed) is var fitted
            && (fitted < FewestProbed || config.Probes.Neighbors >= fitted))
            yield return Invariant($"probes.validation ({config.Probes.Validation}) leaves too few images that probes are fitted to: at least {Math.Max(FewestProbed, config.Probes.Neighbors + 1)}. Take 0 for no choice of a moment.");
        if (config.Probes.Moments > config.Training.Steps)
            yield return $"probes.moments ({config.Probes.Moments}) must be at most training.steps ({config.Training.Steps}).";
    }

    private static IEnumerable<string> Tracking(RandomTeacherConfig config)
    {
        if (config.Tracking.Tables.Distinct().Count() != config.Tracking.Tables.Count)
            yield return "tracking.tables must hold some of vectors, tensors, activations and features, none twice.";
        if (config.Tracking.Images < 0 || config.Tracking.Images > config.Data.Train)
            yield return $"tracking.images ({config.Tracking.Images}) must lie between 0 and data.train ({config.Data.Train}).";
    }

    /// <summary>Whether there are several moments, and images to choose one of them by.</summary>
    internal static bool HasChoice(ProbesConfig probes) => probes is { Validation: > 0, Moments: > 1 };

    /// <summary>Whether a part chooses among moments by images that are held out.</summary>
    private static bool IsValidated(RandomTeacherConfig config) => HasChoice(config.Probes) && config.Parts.Any(part => part switch
    {
        RandomTeacherPart.Distillation => true,
        RandomTeacherPart.Valley => config.Valley.Keep && config.Valley.KeptMoments.Contains(StudentMoment.Best),
        RandomTeacherPart.Connectivity => config.Connectivity.Moment == StudentMoment.Best,
        RandomTeacherPart.Tickets => config.Tickets.Moment == StudentMoment.Best,
        _ => false,
    });

    private static IEnumerable<string> Kept(string path, IReadOnlyList<StudentMoment> moments)
        => moments.Contains(StudentMoment.Last) || moments.Distinct().Count() != moments.Count ? [$"{path} must hold some of best, least-rank and largest-loss, none twice; the last moment is kept anyway."] : [];

    /// <summary>What a part that was told to take the best moment needs.</summary>
    private static IEnumerable<string> Chosen(string path, bool isBest, ProbesConfig probes)
        => isBest && !HasChoice(probes) ? [$"{path}=best needs probes.moments above 1 and probes.validation above 0: of one moment there is no choice."] : [];

    private static IEnumerable<string> Network(RandomTeacherConfig config, string path, NetworkConfig network)
    {
        if (network.Head.Any(width => width < 1) || network.Bottleneck < 0 || network.Outputs < 1)
        {
            yield return "network.head and network.outputs must be positive, network.bottleneck at least 0.";
            yield break;
        }

        if (network.NormalizedHead && network.Head.Count == 0)
            yield return "network.normalizedHead needs hidden layers in network.head: without one there is nothing to normalize.";
        if (network.NormalizedHead && config.Training.Batch == 1)
            yield return "network.normalizedHead needs training.batch above 1: the statistics of one image leave nothing of it.";
        var (built, problem) = Built(config, path, network);
        if (problem is not null)
            yield return problem;
        // a rectifier of code and weights in common gives gradients that are exactly 0 for ever
        if (built is { CouplesExamples: false } && config.Training.Alpha == 0)
            yield return "training.alpha must be above 0 for a network without batch normalization: a student that is its teacher has no gradient. Take 1e-4.";
    }

    /// <summary>A network, or why there is none.</summary>
    private static (ProjectedEncoder? Network, string? Problem) Built(RandomTeacherConfig config, string path, NetworkConfig network)
    {
        try
        {
            var built = Condition.Build(network, Pictures.Shape(config.Data));
            return built.Layout.Count <= MostParameters ? (built, null) : (null, Invariant($"{path} has {built.Layout.Count:N0} parameters, more than {MostParameters:N0}."));
        }
        catch (Exception exception) when (exception is OverflowException or ArgumentOutOfRangeException { ActualValue: long and > int.MaxValue })
        {
            return (null, Invariant($"{path} has more than {MostParameters:N0} parameters."));
        }
        catch (Exception exception) when (exception is FormatException or ShapeException or ArgumentException)
        {
            return (null, $"{path} cannot be built for images of {Pictures.Shape(config.Data)}: {exception.Message.TrimEnd('.')}.");
        }
    }

    /// <summary>What a part that has steps and a normalization of its own needs of them.</summary>
    private static IEnumerable<string> OwnTraining(RandomTeacherConfig config, string path, Normalization normalization, int steps)
    {
        // what is wrong with both is said of the network
        if (Built(config, "network", config.Network).Problem is null && Built(config, $"network with {path}.normalization", config.Network with { Normalization = normalization }).Problem is { } problem)
            yield return problem;
        if (config.Probes.Moments > steps)
            yield return $"probes.moments ({config.Probes.Moments}) must be at most {path}.steps ({steps}).";
        if (normalization != Normalization.Batch && config.Training.Alpha == 0)
            yield return $"training.alpha must be above 0 for part {path}: a student that is its teacher has no gradient. Take 1e-4.";
    }

    private static IEnumerable<string> Part(RandomTeacherConfig config, RandomTeacherPart part) => part switch
    {
        RandomTeacherPart.Distillation => Kept("distillation.keptMoments", config.Distillation.KeptMoments),
        RandomTeacherPart.Valley => Valley(config).Concat(Kept("valley.keptMoments", config.Valley.KeptMoments))
            .Concat(Chosen("valley.keptMoments", config.Valley.KeptMoments.Contains(StudentMoment.Best), config.Probes)),
        RandomTeacherPart.Locality => Grid("locality.alphas", config.Locality.Alphas.Select(alpha => (Invariant($"{alpha}"), alpha is >= 0 and <= 1)), "numbers between 0 and 1")
            .Concat(config.Locality.Alphas.Contains(0) && Built(config, "network", config.Network).Network is { CouplesExamples: false }
                ? ["locality.alphas must be above 0 for a network without batch normalization: a student that is its teacher has no gradient. Take 1e-4 for 0."] : []),
        RandomTeacherPart.Sizes => Grid(
            "sizes.images", config.Sizes.Images.Select(images => ($"{images}", images >= config.Training.Batch && images <= config.Data.Train)), $"numbers between training.batch ({config.Training.Batch}) and data.train ({config.Data.Train})"),
        RandomTeacherPart.Transfer => Transfer(config),
        RandomTeacherPart.Connectivity => Supervised(config, "connectivity", config.Connectivity.Training, config.Connectivity.Normalization, config.Connectivity.Steps)
            .Concat(Chosen("connectivity.moment", config.Connectivity.Moment == StudentMoment.Best, config.Probes))
            .Concat(Counts(("connectivity.lineImages", config.Connectivity.LineImages)))
            .Concat(config.Connectivity.Orders < 2 ? [$"connectivity.orders ({config.Connectivity.Orders}) must be at least 2."] : [])
            .Concat(config.Connectivity.Positions < 3 ? [$"connectivity.positions ({config.Connectivity.Positions}) must be at least 3."] : []),
        RandomTeacherPart.Tickets => Supervised(config, "tickets", config.Tickets.Training, config.Tickets.Normalization, config.Tickets.Steps)
            .Concat(Chosen("tickets.moment", config.Tickets.Moment == StudentMoment.Best, config.Probes))
            .Concat(Counts(("tickets.rounds", config.Tickets.Rounds), ("tickets.evaluation", config.Tickets.Evaluation)))
            .Concat(IsRewound(config.Tickets) ? [] : [Invariant($"tickets.rewind ({config.Tickets.Rewind}) must be at least 0 and a step or more below tickets.training.epochs ({config.Tickets.Training.Epochs}).")]),
        RandomTeacherPart.Layers => Counts(("layers.width", config.Layers.Width), ("layers.widest", config.Layers.Widest)),
        RandomTeacherPart.Targets => Targets(config),
        RandomTeacherPart.Architectures => Grid("architectures.encoders", config.Architectures.Encoders.Select(encoder => (encoder, true)), "encoders")
            .Concat(config.Architectures.Encoders.SelectMany(encoder => Network(config, $"architectures.encoders ({encoder})", config.Network with { Encoder = encoder }))),
        RandomTeacherPart.Outputs => Grid("outputs.outputs", config.Outputs.Outputs.Select(outputs => ($"{outputs}", outputs >= 1)), "positive numbers")
            .Concat(config.Outputs.Outputs.Where(outputs => outputs >= 1).SelectMany(outputs => Network(config, $"outputs.outputs ({outputs})", config.Network with { Outputs = outputs }))),
        RandomTeacherPart.Ladder => LadderProblems.Of(config, Built(config, "network", config.Network).Network),
        RandomTeacherPart.Bottlenecks when config.Network.Bottleneck == 0 => ["network.bottleneck must be above 0 for part bottlenecks: a head without one has no shape."],
        RandomTeacherPart.Bottlenecks => Grid("bottlenecks.shapes", config.Bottlenecks.Shapes.Select(shape => (shape, true)), "shapes")
            .Concat(config.Bottlenecks.Shapes.SelectMany(shape => Network(config, $"bottlenecks.shapes ({shape})", config.Network with { Shape = shape }))),
        _ => [],
    };

    private static IEnumerable<string> Targets(RandomTeacherConfig config)
    {
        var targets = config.Targets;
        if (targets.LabelNoise.Any(share => !(share is >= 0 and <= 1)) || targets.LabelNoise.DistinctBy(Parts.TargetsPart.Labels).Count() != targets.LabelNoise.Count)
            yield return "targets.labelNoise must hold numbers between 0 and 1, none twice.";
        if (targets.Temperatures.Any(temperature => !(temperature > 0 && double.IsFinite(temperature))) || targets.Temperatures.Distinct().Count() != targets.Temperatures.Count)
            yield return "targets.temperatures must hold positive numbers, none twice.";
        if (targets.LabelNoise.Count > 0 && config.Data.Set == ImageSource.Folder)
            yield return "targets.labelNoise must be empty for data.set=folder: how many classes there are is known when it is read.";
        if (targets.Inputs && !HasNoTemperatures(config.Training))
            yield return "targets.inputs needs temperatures of 1, as squared differences have none: leave training.teacherTemperature and training.studentTemperature there, or set targets.inputs=false.";
        foreach (var problem in Counts(("targets.outputs", targets.Outputs)))
            yield return problem;
    }

    private static bool HasNoTemperatures(DistilledConfig training) => training is { TeacherTemperature: 1, StudentTemperature: 1 };

    private static IEnumerable<string> Valley(RandomTeacherConfig config)
    {
        if (!HasNoTemperatures(config.Training))
            yield return "Part valley is about the loss at temperatures of 1: leave training.teacherTemperature and training.studentTemperature there.";
        if (config.Network.NormalizedHead)
            yield return "network.normalizedHead is not for part valley: a point between teacher and student would need statistics of its own. Run it without.";
        if (config.Valley.Normalization == Normalization.Batch)
            yield return "valley.normalization must not be batch: a point between teacher and student would need statistics of its own. Take none.";
        if (config.Valley.Images > config.Data.Train || config.Valley.PlaneImages > config.Data.Train)
            yield return $"valley.images and valley.planeImages must be at most data.train ({config.Data.Train}).";
        if (config.Valley.Plane is < 0 or 1 or > 200)
            yield return $"valley.plane ({config.Valley.Plane}) must lie between 2 and 200, or be 0 for no plane.";
        if (config.Valley.Plane > 0 && config.Valley.PlaneImages < 1)
            yield return $"valley.planeImages ({config.Valley.PlaneImages}) must be at least 1.";
        foreach (var problem in OwnTraining(config, "valley", config.Valley.Normalization, config.Valley.Steps))
            yield return problem;
    }

    private static IEnumerable<string> Supervised(RandomTeacherConfig config, string path, SupervisedConfig training, Normalization normalization, int steps)
    {
        foreach (var problem in Counts(($"{path}.steps", steps), ($"{path}.training.images", training.Images), ($"{path}.training.epochs", training.Epochs), ($"{path}.training.batch", training.Batch)))
            yield return problem;
        if (training.Images > config.Data.Train)
            yield return $"{path}.training.images ({training.Images}) must be at most data.train ({config.Data.Train}).";
        if (training.Batch > training.Images)
            yield return $"{path}.training.batch ({training.Batch}) must be at most {path}.training.images ({training.Images}).";
        if (!(training.Momentum is >= 0 and < 1) || !(training.WeightDecay >= 0 && double.IsFinite(training.WeightDecay)))
            yield return $"{path}.training.momentum must be at least 0 and below 1, {path}.training.weightDecay at least 0.";
        if (training.Shift is < 0 or > 16)
            yield return $"{path}.training.shift ({training.Shift}) must lie between 0 and 16.";
        if (Unreadable(training.LearningRate) is { } reason)
            yield return $"{path}.training.learningRate: {reason}";
        foreach (var problem in OwnTraining(config, path, normalization, steps))
            yield return problem;
    }

    /// <summary>Whether the point of rewinding, rounded to a step, lies before the end of the training.</summary>
    private static bool IsRewound(TicketsConfig tickets)
    {
        var steps = Math.Max(1, tickets.Training.Images / Math.Max(1, tickets.Training.Batch));
        return tickets.Rewind >= 0 && Math.Round(tickets.Rewind * steps) < (double)tickets.Training.Epochs * steps;
    }

    private static string? Unreadable(string schedule)
    {
        try
        {
            Schedule.Parse(schedule);
            return null;
        }
        catch (FormatException problem)
        {
            return problem.Message;
        }
    }

    private static IEnumerable<string> Transfer(RandomTeacherConfig config)
    {
        if (config.Transfer.Set == ImageSource.Folder)
            yield return "transfer.set must be one of the named sets: take the folder for data.set.";
        if (config.Transfer.Set == config.Data.Set)
            yield return $"transfer.set must be another set than data.set ({config.Data.Set}).";
        var other = config.Data with { Set = config.Transfer.Set };
        if (Pictures.Shape(config.Data)[-1] != Pictures.Shape(other)[-1])
            yield return $"transfer.set ({config.Transfer.Set}) has other channels than data.set ({config.Data.Set}): set data.gray=true.";
        foreach (var problem in Data("data", other))
            yield return $"For transfer.set, {problem}";
    }

    private static IEnumerable<string> Grid(string path, IEnumerable<(string Word, bool IsRight)> values, string what)
    {
        var all = values.ToArray();
        if (all.Length == 0 || all.Any(value => !value.IsRight) || all.DistinctBy(value => value.Word).Count() != all.Length)
            yield return $"{path} must hold {what}, at least one, none twice.";
    }
}
