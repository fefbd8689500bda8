namespace Understudy.Engine.Graphs;

/// <summary>The operations that build graphs.</summary>
public static partial class Ops
{
}
