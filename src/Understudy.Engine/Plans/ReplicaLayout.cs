namespace Understudy.Engine.Plans;

/// <summary>How the numbers of replicas lie in memory; their bits are the same in all.</summary>
public enum ReplicaLayout
{
    /// <summary>Whatever is estimated to be faster.</summary>
    Automatic,

    /// <summary>Side by side in the lanes of registers, padded to whole registers: many small networks.</summary>
    Lanes,

    /// <summary>One after the other, each with registers along its own matrices: few or wide networks.</summary>
    Alone,
}
