using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;

namespace Understudy.Learning.Curvature;

/// <summary>Rows of numbers in single or double precision, for plans in either.</summary>
internal readonly ref struct NumberRows
{
    private readonly ReadOnlySpan<double> _doubles;
    private readonly ReadOnlySpan<float> _singles;

    internal NumberRows(ReadOnlySpan<double> numbers) => _doubles = numbers;

    internal NumberRows(ReadOnlySpan<float> numbers) => _singles = numbers;

    /// <summary>How many numbers there are.</summary>
    internal int Length => _doubles.Length + _singles.Length;

    /// <summary>Writes a part of them into an input of a plan.</summary>
    internal void Write(Plan plan, Sym input, int first, int count)
    {
        if (_singles.IsEmpty)
            plan.Write(input, _doubles.Slice(first, count));
        else
            plan.Write(input, _singles.Slice(first, count));
    }
}
