using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks.Layers;
using Understudy.Studies.Parts;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>The random teachers of a network, one per seed, with the independent draws their students' starts are mixed with; and what they answer.</summary>
internal sealed class Teachers
{
    private readonly RandomTeacherConfig _config;
    private readonly RunContext _run;
    private readonly Dictionary<int, double[]> _parameters = [];
    private readonly Dictionary<int, IReadOnlyList<ChannelStatistics>?> _statistics = [];

    /// <summary>Random ones, drawn when they are asked for.</summary>
    internal Teachers(ProjectedEncoder network, RandomTeacherConfig config, RunContext run) => (Network, _config, _run) = (network, config, run);

    /// <summary>Trained students as teachers, one per seed, with the statistics of their normalizations.</summary>
    internal Teachers(ProjectedEncoder network, RandomTeacherConfig config, RunContext run, IEnumerable<TrainedStudent> students)
        : this(network, config, run)
    {
        foreach (var student in students)
            (_parameters[student.Seed], _statistics[student.Seed]) = (student.Parameters, student.Statistics);
    }

    /// <summary>The shape of student and teacher, in training mode.</summary>
    internal ProjectedEncoder Network { get; }

    /// <summary>How images are passed through networks: as in training.</summary>
    internal static OutputOptions Passes(DistilledConfig training, RunContext run)
        => new() { Precision = training.Precision.ToType(), BatchRows = 250, Team = run.Team, Convolution = training.Convolution };

    /// <summary>θ_T of a seed.</summary>
    internal double[] Parameters(int seed)
    {
        if (!_parameters.TryGetValue(seed, out var parameters))
            _parameters[seed] = parameters = Draw(Purposes.Teacher, seed);
        return parameters;
    }

    /// <summary>θ̃ of a seed, drawn as a teacher.</summary>
    internal double[] Fresh(int seed) => Draw(Purposes.Fresh, seed);

    /// <summary>θ_S of a seed before training.</summary>
    internal double[] Start(int seed, double alpha)
    {
        var (training, teacher, fresh) = (_config.Training, Parameters(seed), Fresh(seed));
        return training.Start == StartRule.Neighbor
            ? StudentStart.Neighbor(teacher, fresh, alpha, training.KeepsConstants, training.KeepsVariance)
            : StudentStart.Interpolated(teacher, fresh, alpha, training.KeepsConstants, training.KeepsVariance);
    }

    /// <summary>The teacher of a seed as a function: in evaluation mode, of random ones with the statistics a network starts with.</summary>
    internal ProjectedEncoder Evaluated(int seed) => Network.InEvaluationMode(_statistics.GetValueOrDefault(seed));

    /// <summary>What the teacher of a seed answers at its bottleneck.</summary>
    internal double[] Bottlenecks(int seed, ReadOnlySpan<float> images, CancellationToken cancellation)
        => TeacherCache.Bottlenecks(Evaluated(seed), Parameters(seed), images, Passes(_config.Training, _run), cancellation);

    private double[] Draw(string purpose, int seed) => StudentStart.Draw(Network, (part, weight) => _run.Random($"{purpose}/{(part == NetworkPart.Encoder ? "encoder" : "head")}/{weight}", seed), _config.Network.HeadStart);
}
