namespace Understudy.Engine.Random;

/// <summary>Random numbers that are addressed, not consumed: a pure function of seed, purpose, replica, step and element.</summary>
public readonly struct RandomSequence
{
    private readonly ulong _seed;
    private readonly uint _purpose;
    private readonly uint _replica;

    /// <summary>The random numbers of one purpose.</summary>
    public RandomSequence(ulong seed, string purpose, int replica = 0)
    {
        _seed = seed;
        _purpose = (uint)purpose.Length;
        _replica = (uint)replica;
    }
}
