using Understudy.Lab.Runs;
using Understudy.Studies.Specialization.Experiments;

namespace Understudy.Studies.Specialization.Parts;

/// <summary>Where the parts of a run get their inputs from: an image set is read and transformed once for all of them.</summary>
internal sealed class SharedInputs(SpecializationConfig config, RunContext run)
{
    private PixelInputs? _pixels;

    /// <summary>The inputs of an experiment.</summary>
    internal InputSource Of(ExperimentPlan plan, CancellationToken cancellation)
    {
        if (plan.IsPlane)
            return new DrawnInputs(new InputsConfig { Deviation = config.Data.Deviation }, plan.Dimension, run);
        if (config.Data.Subspace is { } subspace)
            return new SubspaceInputs(config.Data, subspace, plan.Dimension, run);
        if (!PixelInputs.IsPixels(config.Data.Kind))
            return new DrawnInputs(config.Data, plan.Dimension, run);
        _pixels ??= PixelInputs.Open(config, run, cancellation);
        return _pixels;
    }
}
