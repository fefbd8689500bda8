namespace Understudy.Studies.RandomTeacher.Drawing;

/// <summary>The probes as figures name them.</summary>
internal static class DrawnProbes
{
    /// <summary>All four, the paper's first.</summary>
    internal static readonly (string Name, Func<ProbeRow, double> Of)[] All =
    [
        ("plain linear probe", row => row.Lin), ("standardized linear probe", row => row.LinStd), ("ridge", row => row.Ridge), ("nearest neighbours", row => row.Knn),
    ];

    /// <summary>Those that do not depend on the features' scale.</summary>
    internal static readonly (string Name, Func<ProbeRow, double> Of)[] ScaleFree = All[1..];
}
