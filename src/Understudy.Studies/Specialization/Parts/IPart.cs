using Understudy.Lab.Runs;
using Understudy.Studies.Parts;

namespace Understudy.Studies.Specialization.Parts;

/// <summary>A part of the study: what it costs and what it does. Settings are checked by <see cref="SpecializationProblems"/> before.</summary>
internal interface IPart
{
    /// <summary>The part's word in settings, tables and checkpoints.</summary>
    string Name { get; }

    /// <summary>What it costs from its beginning.</summary>
    PartCost Cost { get; }

    /// <summary>Does what is still to be done, from the last checkpoint on.</summary>
    void Run(RunContext run, SharedInputs inputs, PartProgress progress, CancellationToken cancellation);
}
