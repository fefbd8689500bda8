namespace Understudy.Engine;

/// <summary>What decides the bits of a result besides the program that asks for it.</summary>
public static class Numerics
{
    /// <summary>Raised by every change of block lengths, summation orders, polynomials or random numbers; runs of one revision agree to the bit.</summary>
    public const int Revision = 1;
}
