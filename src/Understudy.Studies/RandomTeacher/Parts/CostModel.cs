using Understudy.Learning.Distillation;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>What things take on one thread of a processor with AVX-512; others differ by a factor of two or so.</summary>
internal static class CostModel
{
    /// <summary>Operations per second of a step of training, in 32 bits.</summary>
    private const double TrainingRate = 60e9;

    /// <summary>Operations per second of a pass forward.</summary>
    private const double PassRate = 40e9;

    /// <summary>What double precision costs more, with the loss of many outputs.</summary>
    internal const double Double = 2.5;

    /// <summary>Seconds of the probes of an image whose embedding has one number.</summary>
    private const double ProbeSeconds = 2e-6;

    internal static double Step(ProjectedEncoder network, int batch) => Distillation.Operations(network, batch) / TrainingRate;

    /// <summary>A step of a rung of the ladder.</summary>
    internal static double Views(RandomTeacherConfig config, LadderRung rung, ProjectedEncoder network) => Rungs.Operations(config, rung, network) / TrainingRate;

    /// <summary>Bytes of the students of a rung, whose teachers have a pass and parameters of their own.</summary>
    internal static double ViewBytes(RandomTeacherConfig config, LadderRung rung, ProjectedEncoder network)
    {
        var batch = config.Training.Batch * Rungs.Views(config, rung);
        return config.Seeds * (Bytes(network, batch) + (4.0 * network.Layout.Count) + (4.0 * batch * network.Inputs));
    }

    internal static double Pass(ProjectedEncoder network, int images) => 2 * network.MultiplyAdds * images / PassRate;

    /// <summary>A gradient in double precision: forward, and back to values and to parameters.</summary>
    internal static double Gradient(ProjectedEncoder network, int images) => 3 * Double * Pass(network, images);

    internal static double Probe(ProjectedEncoder network, int images) => (2 * network.Encoder.MultiplyAdds * images / PassRate) + ProbeOf(network.Encoder.Outputs, images);

    /// <summary>The probes of embeddings that are there.</summary>
    internal static double ProbeOf(int width, int images) => ProbeSeconds * width * images;

    /// <summary>A supervised training of an encoder with a classifier.</summary>
    internal static double Supervised(ProjectedEncoder network, SupervisedConfig training)
        => 6 * network.Encoder.MultiplyAdds * training.Batch * (training.Images / training.Batch) * training.Epochs / TrainingRate;

    /// <summary>Bytes of a student in training: parameters, two moments and gradients, and the values between layers forward and back.</summary>
    internal static double Bytes(ProjectedEncoder network, int batch)
    {
        // 3 x 3 convolutions of a quarter of the last channels in the mean: measured with the networks of quick and with VGG11
        var numbers = 1.3 * network.Encoder.MultiplyAdds / (9 * Math.Max(1, network.Encoder.Outputs / 4.0));
        return (20.0 * network.Layout.Count) + (batch * ((19 * numbers) + (12.0 * network.Outputs)));
    }

    /// <summary>Bytes of supervised trainings side by side, with the shifted images of each order.</summary>
    internal static double SupervisedBytes(ProjectedEncoder network, SupervisedConfig training, int trainings, int orders)
        => ((double)trainings * Bytes(network, training.Batch)) + (4.0 * network.Inputs * training.Images * orders);
}
