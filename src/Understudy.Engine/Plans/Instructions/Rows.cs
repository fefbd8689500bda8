using System.Numerics;

namespace Understudy.Engine.Plans.Instructions;

/// <summary>Stacks of tables whose rows are picked by number.</summary>
/// <param name="Stacks">How many tables.</param>
/// <param name="Picks">How many row numbers per table.</param>
/// <param name="Rows">Rows of a table.</param>
/// <param name="Width">Elements per row.</param>
internal readonly record struct TableShape(int Stacks, int Picks, int Rows, int Width);

/// <summary>Picks rows: y [stacks, picks, width] from x [stacks, rows, width]; a number outside the table gives a row of zeros.</summary>
/// <remarks>Row numbers are values of the plan, one per replica.</remarks>
internal sealed unsafe class RowGather<S>(TableShape table, int lanes, S* x, S* indices, S* y) : Instruction
    where S : unmanaged, INumberBase<S>
{
    internal override void Run()
    {
        nint row = (nint)table.Width * lanes;
        for (var pick = 0; pick < table.Stacks * table.Picks; pick++)
        {
            var target = y + (pick * row);
            for (var lane = 0; lane < lanes; lane++)
            {
                var index = int.CreateTruncating(indices[((nint)pick * lanes) + lane]);
                var source = x + ((((nint)(pick / table.Picks) * table.Rows) + index) * row);
                var isInside = index >= 0 && index < table.Rows;
                for (nint i = lane; i < row; i += lanes)
                    target[i] = isInside ? source[i] : default;
            }
        }
    }
}

/// <summary>Adds rows at their places, in order: y [stacks, rows, width] from x [stacks, picks, width]; numbers outside the table are dropped.</summary>
internal sealed unsafe class RowScatter<S>(TableShape table, int lanes, S* x, S* indices, S* y) : Instruction
    where S : unmanaged, INumberBase<S>
{
    internal override void Run()
    {
        nint row = (nint)table.Width * lanes;
        new Span<S>(y, checked((int)(table.Stacks * table.Rows * row))).Clear();
        for (var pick = 0; pick < table.Stacks * table.Picks; pick++)
        {
            var source = x + (pick * row);
            for (var lane = 0; lane < lanes; lane++)
            {
                var index = int.CreateTruncating(indices[((nint)pick * lanes) + lane]);
                if (index < 0 || index >= table.Rows)
                    continue;
                var target = y + ((((nint)(pick / table.Picks) * table.Rows) + index) * row);
                for (nint i = lane; i < row; i += lanes)
                    target[i] += source[i];
            }
        }
    }
}

/// <summary>Indicator rows: y [count, classes] from row numbers x [count].</summary>
internal sealed unsafe class Indicator<S>(int count, int classes, int lanes, S* x, S* y) : Instruction
    where S : unmanaged, INumberBase<S>
{
    internal override void Run()
    {
        for (nint i = 0; i < count; i++)
        {
            for (nint c = 0; c < classes; c++)
            {
                for (nint lane = 0; lane < lanes; lane++)
                    y[(((i * classes) + c) * lanes) + lane] = x[(i * lanes) + lane] == S.CreateTruncating(c) ? S.One : S.Zero;
            }
        }
    }
}
