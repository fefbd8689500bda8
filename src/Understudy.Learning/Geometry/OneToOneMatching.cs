using Understudy.Learning.Probing;

namespace Understudy.Learning.Geometry;

/// <summary>The assignment of different student nodes to teacher nodes with the largest sum of correlations.</summary>
/// <remarks>
/// Where it is worse than the maxima, one student stands for two teacher nodes. Hungarian algorithm with potentials, O(m²·n);
/// Kuhn 1955, Munkres 1957.
/// </remarks>
public static class OneToOneMatching
{
    private const int None = -1;

    /// <summary>The student of each teacher node, −1 for teacher nodes left over where there are fewer students.</summary>
    public static int[] Of(CorrelationMatrix rho)
    {
        ArgumentNullException.ThrowIfNull(rho);
        var (m, n) = (rho.TeacherNodes, rho.StudentNodes);
        if (m <= n)
            return Cheapest(m, n, (j, k) => Cost(rho[j, k]));
        var result = new int[m];
        result.AsSpan().Fill(None);
        var teachers = Cheapest(n, m, (k, j) => Cost(rho[j, k]));
        for (var k = 0; k < n; k++)
            result[teachers[k]] = k;
        return result;
    }

    /// <summary>What is not a number, as where activations overflow, is as bad as a correlation of −1.</summary>
    private static double Cost(double correlation) => double.IsNaN(correlation) ? 1 : -correlation;

    /// <summary>Columns assigned to rows at the smallest total cost, rows ≤ columns.</summary>
    internal static int[] Cheapest(int rows, int columns, Func<int, int, double> cost)
    {
        // row 0 and column 0 are free places of the alternating path
        var (rowPotential, columnPotential) = (new double[rows + 1], new double[columns + 1]);
        var (rowOf, before) = (new int[columns + 1], new int[columns + 1]);
        for (var row = 1; row <= rows; row++)
        {
            var (distance, used, column) = (new double[columns + 1], new bool[columns + 1], 0);
            distance.AsSpan().Fill(double.PositiveInfinity);
            rowOf[0] = row;
            while (rowOf[column] != 0)
            {
                used[column] = true;
                var (current, step, next) = (rowOf[column], double.PositiveInfinity, 0);
                for (var c = 1; c <= columns; c++)
                {
                    if (used[c])
                        continue;
                    var reduced = cost(current - 1, c - 1) - rowPotential[current] - columnPotential[c];
                    if (reduced < distance[c])
                        (distance[c], before[c]) = (reduced, column);
                    if (distance[c] < step)
                        (step, next) = (distance[c], c);
                }

                for (var c = 0; c <= columns; c++)
                {
                    if (used[c])
                    {
                        rowPotential[rowOf[c]] += step;
                        columnPotential[c] -= step;
                    }
                    else
                    {
                        distance[c] -= step;
                    }
                }

                column = next;
            }

            for (; column != 0; column = before[column])
                rowOf[column] = rowOf[before[column]];
        }

        var result = new int[rows];
        for (var c = 1; c <= columns; c++)
        {
            if (rowOf[c] > 0)
                result[rowOf[c] - 1] = c - 1;
        }

        return result;
    }
}
