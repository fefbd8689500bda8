using System.Text;

namespace Understudy.KernelGenerator;

/// <summary>The text of the generated micro-kernels: unrolled register tiles with a named local per accumulator.</summary>
public static class KernelSource
{
    private const string Optimized = "    [MethodImpl(MethodImplOptions.AggressiveOptimization)]";

    private static readonly (int Rows, int Vectors)[] Tiles =
        [.. from vectors in (int[])[1, 2] from rows in Enumerable.Range(1, 12) select (rows, vectors), .. Enumerable.Range(1, 8).Select(rows => (rows, 3))];

    private static readonly (int Rows, int Columns)[] LaneTiles =
        [.. from rows in Enumerable.Range(1, 4) from columns in Enumerable.Range(1, 6) select (rows, columns)];

    /// <summary>Name and text of every generated file.</summary>
    public static IEnumerable<(string File, string Source)> Files()
    {
        yield return ("MicroKernels.g.cs", Micro());
        yield return ("LaneMicroKernels.g.cs", Lane());
    }

    private static string Micro()
    {
        var text = Header("One tile of a product: rows of scalars of A against vectors of columns of B. The last vector is E's.");
        Line(text, "internal static unsafe class MicroKernels<V, S, E>");
        Line(text, "    where V : struct, ISimd<V, S>");
        Line(text, "    where S : unmanaged, IBinaryFloatingPointIeee754<S>");
        Line(text, "    where E : struct, IEdge<V, S>");
        Line(text, "{");
        const string Parameters = "nint k, S* a, nint rowA, nint stepA, S* b, nint stepB, S* c, nint rowC, in TileEnd<S> end";
        const string Arguments = "k, a, rowA, stepA, b, stepB, c, rowC, in end";
        Dispatch(text, Parameters, Arguments, Tiles);
        foreach (var (rows, vectors) in Tiles)
        {
            Line(text, "");
            Line(text, Optimized);
            Line(text, $"    private static void Tile{rows}x{vectors}({Parameters})");
            Line(text, "    {");
            Line(text, "        var last = end.Last;");
            Line(text, "        var edge = E.Mask(last);");
            for (var pointer = 1; pointer * 3 < rows; pointer++)
                Line(text, $"        var a{pointer * 3} = a + {pointer * 3} * rowA;");
            if (rows > 2)
                Line(text, "        var rowA2 = 2 * rowA;");
            Accumulators(text, rows, vectors);
            Line(text, "        for (; k > 0; k--)");
            Line(text, "        {");
            for (var j = 0; j < vectors; j++)
                Line(text, $"            var b{j} = {(j == vectors - 1 ? $"E.Load({Offset("b", j, "V.Width")}, edge)" : $"V.Load({Offset("b", j, "V.Width")})")};");
            Line(text, "            b += stepB;");
            for (var i = 0; i < rows; i++)
            {
                var pointer = i < 3 ? "a" : $"a{i / 3 * 3}";
                var index = (i % 3) switch { 0 => $"*{pointer}", 1 => $"{pointer}[rowA]", _ => $"{pointer}[rowA2]" };
                Line(text, $"            var x{i} = V.Broadcast({index});");
                for (var j = 0; j < vectors; j++)
                    Line(text, $"            c{i}x{j} = V.FusedMultiplyAdd(x{i}, b{j}, c{i}x{j});");
            }
            for (var pointer = 0; pointer * 3 < rows; pointer++)
                Line(text, $"            a{(pointer == 0 ? "" : pointer * 3)} += stepA;");
            Line(text, "        }");
            Line(text, "        var factor = end.Alpha == null ? V.Constant(1) : V.Broadcast(*end.Alpha);");
            Finish(
                text, rows, vectors, (i, j) => Sum(Offset("c", i, "rowC"), Offset("", j, "V.Width")), j => j == vectors - 1,
                j => j == vectors - 1 ? $"E.Load({Offset("end.Bias", j, "V.Width")}, edge)" : $"V.Load({Offset("end.Bias", j, "V.Width")})");
            Line(text, "    }");
        }
        Line(text, "}");
        return text.ToString();
    }

    private static string Lane()
    {
        var text = Header("Tiles one below the other of a product whose entries are registers of replicas. LA and LB read an entry of A and of B.");
        Line(text, "internal static unsafe class LaneMicroKernels<V, S, LA, LB>");
        Line(text, "    where V : struct, ISimd<V, S>");
        Line(text, "    where S : unmanaged, IBinaryFloatingPointIeee754<S>");
        Line(text, "    where LA : struct, IEntry<V, S>");
        Line(text, "    where LB : struct, IEntry<V, S>");
        Line(text, "{");
        const string Parameters = "int repeat, nint k, S* a, nint rowA, nint stepA, S* b, nint stepB, nint columnB, S* c, nint rowC, nint columnC, in LaneTileEnd<S> end";
        const string Arguments = "repeat, k, a, rowA, stepA, b, stepB, columnB, c, rowC, columnC, in end";
        Dispatch(text, Parameters, Arguments, LaneTiles);
        foreach (var (rows, columns) in LaneTiles)
        {
            Line(text, "");
            Line(text, Optimized);
            Line(text, $"    private static void Tile{rows}x{columns}({Parameters})");
            Line(text, "    {");
            for (var i = 2; i < rows; i++)
                Line(text, $"        var rowA{i} = {i} * rowA;");
            for (var j = 2; j < columns; j++)
                Line(text, $"        var columnB{j} = {j} * columnB;");
            Line(text, "        var factor = end.Alpha == null ? V.Constant(1) : V.Load(end.Alpha);");
            Line(text, "        for (; repeat > 0; repeat--)");
            Line(text, "        {");
            var body = new StringBuilder();
            Accumulators(body, rows, columns);
            // the tile of C is read after the loop: a short loop would wait for it
            Line(body, "        if (end.Accumulate)");
            Line(body, "        {");
            for (var i = 0; i < rows; i++)
                for (var j = 0; j < columns; j++)
                    Line(body, $"            Cache.Prefetch({Sum(Offset("c", i, "rowC"), Offset("", j, "columnC"))});");
            Line(body, "        }");
            Line(body, "        if (end.Resume)");
            Line(body, "        {");
            for (var i = 0; i < rows; i++)
                for (var j = 0; j < columns; j++)
                    Line(body, $"            c{i}x{j} = V.Load({Sum(Offset("c", i, "rowC"), Offset("", j, "columnC"))});");
            Line(body, "        }");
            Line(body, "        var x = a;");
            Line(body, "        var y = b;");
            Line(body, "        for (var q = k; q > 0; q--)");
            Line(body, "        {");
            string A(int i) => $"LA.Load({(i == 0 ? "x" : $"x + rowA{(i == 1 ? "" : i)}")})";
            string B(int j) => $"LB.Load({(j == 0 ? "y" : $"y + columnB{(j == 1 ? "" : j)}")})";
            // hold the shorter side in registers and stream the longer
            if (rows <= columns)
            {
                for (var i = 0; i < rows; i++)
                    Line(body, $"            var x{i} = {A(i)};");
                for (var j = 0; j < columns; j++)
                {
                    Line(body, $"            var y{j} = {B(j)};");
                    for (var i = 0; i < rows; i++)
                        Line(body, $"            c{i}x{j} = V.FusedMultiplyAdd(x{i}, y{j}, c{i}x{j});");
                }
            }
            else
            {
                for (var j = 0; j < columns; j++)
                    Line(body, $"            var y{j} = {B(j)};");
                for (var i = 0; i < rows; i++)
                {
                    Line(body, $"            var x{i} = {A(i)};");
                    for (var j = 0; j < columns; j++)
                        Line(body, $"            c{i}x{j} = V.FusedMultiplyAdd(x{i}, y{j}, c{i}x{j});");
                }
            }
            Line(body, "            x += stepA;");
            Line(body, "            y += stepB;");
            Line(body, "        }");
            Finish(
                body, rows, columns, (i, j) => Sum(Offset("c", i, "rowC"), Offset("", j, "columnC")), _ => false,
                j => $"end.SharedBias ? V.Broadcast({(j == 0 ? "*end.Bias" : j == 1 ? "end.Bias[end.ColumnBias]" : $"end.Bias[{j} * end.ColumnBias]")}) : V.Load({Offset("end.Bias", j, "end.ColumnBias")})");
            foreach (var line in body.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
                Line(text, "    " + line);
            Line(text, $"            a += {rows} * rowA;");
            Line(text, $"            c += {rows} * rowC;");
            Line(text, "        }");
            Line(text, "    }");
        }
        Line(text, "}");
        return text.ToString();
    }

    private static StringBuilder Header(string summary)
    {
        var text = new StringBuilder();
        Line(text, "// <auto-generated>Written by eng/KernelGenerator; do not edit.</auto-generated>");
        Line(text, "using System.Diagnostics;");
        Line(text, "using System.Numerics;");
        Line(text, "using System.Runtime.CompilerServices;");
        Line(text, "");
        Line(text, "namespace Understudy.Engine.Kernels;");
        Line(text, "");
        Line(text, $"/// <summary>{summary}</summary>");
        return text;
    }

    private static void Dispatch(StringBuilder text, string parameters, string arguments, (int Rows, int Columns)[] tiles)
    {
        Line(text, $"    internal static void Tile(int rows, int columns, {parameters})");
        Line(text, "    {");
        Line(text, "        switch (columns * 16 + rows)");
        Line(text, "        {");
        foreach (var (rows, columns) in tiles)
        {
            Line(text, $"            case {columns * 16 + rows}:");
            Line(text, $"                Tile{rows}x{columns}({arguments});");
            Line(text, "                break;");
        }
        Line(text, "            default:");
        Line(text, "                throw new UnreachableException();");
        Line(text, "        }");
        Line(text, "    }");
    }

    private static void Accumulators(StringBuilder text, int rows, int columns)
    {
        for (var i = 0; i < rows; i++)
            Line(text, $"        V {string.Join(", ", Enumerable.Range(0, columns).Select(j => $"c{i}x{j} = V.Zero"))};");
    }

    // alpha, the old tile, the bias and a rectifier, all while the tile is in registers
    private static void Finish(StringBuilder text, int rows, int columns, Func<int, int, string> address, Func<int, bool> edge, Func<int, string> bias)
    {
        void Each(string condition, Func<int, int, string, string> value)
        {
            Line(text, condition);
            Line(text, "        {");
            for (var j = 0; j < columns; j++)
            {
                if (condition.Contains("Bias", StringComparison.Ordinal))
                    Line(text, $"            var e{j} = {bias(j)};");
                for (var i = 0; i < rows; i++)
                    Line(text, $"            c{i}x{j} = {value(i, j, $"c{i}x{j}")};");
            }
            Line(text, "        }");
        }

        Each("        if (end.Accumulate)", (i, j, tile) => $"V.FusedMultiplyAdd(factor, {tile}, {(edge(j) ? $"E.Load({address(i, j)}, edge)" : $"V.Load({address(i, j)})")})");
        Each("        else if (end.Alpha != null)", (_, _, tile) => $"V.Multiply(factor, {tile})");
        Each("        if (end.Bias != null)", (_, j, tile) => $"V.Add({tile}, e{j})");
        Line(text, "        if (end.Rectify)");
        Line(text, "        {");
        Line(text, "            var slope = V.Broadcast(end.Slope);");
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++)
                Line(text, $"            c{i}x{j} = Activations<V, S>.Rectify(c{i}x{j}, slope);");
        Line(text, "        }");
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++)
                Line(text, edge(j) ? $"        E.Store({address(i, j)}, last, c{i}x{j});" : $"        V.Store({address(i, j)}, c{i}x{j});");
    }

    private static string Offset(string start, int count, string stride) => Sum(start, count switch { 0 => "", 1 => stride, _ => $"{count} * {stride}" });

    private static string Sum(string left, string right) => left.Length == 0 ? right : right.Length == 0 ? left : $"{left} + {right}";

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
