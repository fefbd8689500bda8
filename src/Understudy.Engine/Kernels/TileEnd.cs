namespace Understudy.Engine.Kernels;

/// <summary>What happens to a tile of <see cref="MicroKernels{V, S, E}"/> after its sum, while it is in registers.</summary>
internal unsafe struct TileEnd<S>
    where S : unmanaged
{
    /// <summary>One factor, or null for 1.</summary>
    internal S* Alpha;

    /// <summary>A value per column, added last; or null.</summary>
    internal S* Bias;

    /// <summary>Elements of the last vector of a row.</summary>
    internal int Last;

    /// <summary>Adds to C instead of overwriting it.</summary>
    internal bool Accumulate;

    /// <summary>Ends with a rectifier.</summary>
    internal bool Rectify;

    /// <summary>The rectifier's slope for negative arguments.</summary>
    internal S Slope;
}

/// <summary>What happens to a tile of <see cref="LaneMicroKernels{V, S, LA, LB}"/> before and after its sum.</summary>
internal unsafe struct LaneTileEnd<S>
    where S : unmanaged
{
    /// <summary>One register of factors, or null for 1.</summary>
    internal S* Alpha;

    /// <summary>An entry per column, <see cref="ColumnBias"/> apart, added last; or null.</summary>
    internal S* Bias;
    internal nint ColumnBias;

    /// <summary>A bias entry is one scalar for all replicas.</summary>
    internal bool SharedBias;

    /// <summary>Goes on with the unfinished sums that C holds.</summary>
    internal bool Resume;

    /// <summary>Adds to C instead of overwriting it.</summary>
    internal bool Accumulate;

    /// <summary>Ends with a rectifier.</summary>
    internal bool Rectify;

    /// <summary>The rectifier's slope for negative arguments.</summary>
    internal S Slope;
}
