using System.Numerics;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Geometry;

namespace Understudy.Learning.Representations;

/// <summary>The k training embeddings nearest to others, by products of blocks.</summary>
/// <remarks>
/// The key by which an example b is near a is |b|² − 2 a·b, the squared distance but for |a|², or −cos(a, b). Rows are centred before: of
/// embeddings far from 0 and close to each other the difference would have few digits.
/// </remarks>
internal sealed class NearestRows(EmbeddingSet train, NeighborMetric metric, int neighbors, Team? team)
{
    private const int TrainBlock = 2048;
    private const int QueryBlock = 256;

    private readonly int _width = train.Width;
    private readonly FeatureStandardization _centering = FeatureStandardization.Centering(train.Features, train.Width);

    /// <summary>The nearest of every query [queries, k], nearest first, with their keys.</summary>
    /// <param name="queries">[queries, d].</param>
    /// <param name="own">The training example that each query is, which is no neighbour of itself; null for none.</param>
    /// <param name="cancellation">Looked at once per pair of blocks.</param>
    internal (int[] Rows, double[] Keys) Find(ReadOnlySpan<double> queries, int[]? own, CancellationToken cancellation)
    {
        var (prepared, count) = (Prepared(queries), queries.Length / _width);
        var (rows, keys) = (new int[count * neighbors], new double[count * neighbors]);
        keys.AsSpan().Fill(double.PositiveInfinity);
        var products = new double[Math.Min(QueryBlock, count) * Math.Min(TrainBlock, train.Count)];
        for (var first = 0; first < train.Count; first += TrainBlock)
        {
            var length = Math.Min(TrainBlock, train.Count - first);
            var block = Prepared(train.Features.Slice(first * _width, length * _width));
            var squares = metric == NeighborMetric.Euclidean ? Squares(block) : null;
            for (var query = 0; query < count; query += QueryBlock)
            {
                cancellation.ThrowIfCancellationRequested();
                var (from, part) = (query, Math.Min(QueryBlock, count - query));
                Products.Multiply(part, length, _width, prepared.AsSpan(from * _width, part * _width), block, products, transposeRight: true, team: team);
                team.ForEach(part, i =>
                {
                    var nearest = new Nearest(rows.AsSpan((from + i) * neighbors, neighbors), keys.AsSpan((from + i) * neighbors, neighbors), own is null ? -1 : own[from + i]);
                    nearest.Add(products.AsSpan(i * length, length), squares, first);
                });
            }
        }

        return (rows, keys);
    }

    /// <summary>Centred rows, or rows of length 1.</summary>
    private double[] Prepared(ReadOnlySpan<double> rows)
    {
        var prepared = rows.ToArray();
        if (metric == NeighborMetric.Euclidean)
        {
            _centering.Apply(prepared, prepared);
            return prepared;
        }

        for (var at = 0; at < prepared.Length; at += _width)
        {
            var row = prepared.AsSpan(at, _width);
            var length = Math.Max(Dense.Norm(row), 1e-12);
            foreach (ref var feature in row)
                feature /= length;
        }

        return prepared;
    }

    private double[] Squares(double[] rows)
    {
        var squares = new double[rows.Length / _width];
        for (var i = 0; i < squares.Length; i++)
            squares[i] = Dense.Dot(rows.AsSpan(i * _width, _width), rows.AsSpan(i * _width, _width));
        return squares;
    }

    /// <summary>The nearest rows of one query so far, sorted.</summary>
    private readonly ref struct Nearest(Span<int> rows, Span<double> keys, int own)
    {
        private readonly Span<int> _rows = rows;
        private readonly Span<double> _keys = keys;

        /// <summary>Takes rows from <paramref name="first"/> on by their products with the query; without squares the key is the negative product.</summary>
        internal void Add(ReadOnlySpan<double> products, double[]? squares, int first)
        {
            var (i, width) = (0, Vector<double>.Count);
            for (; i <= products.Length - width; i += width)
            {
                // nearly all are farther than the last that is kept: told of many at once
                var product = new Vector<double>(products[i..]);
                var keys = squares is null ? -product : new Vector<double>(squares, i) - (product + product);
                if (Vector.LessThanAny(keys, new Vector<double>(_keys[^1])))
                    Add(products, squares, first, i, i + width);
            }

            Add(products, squares, first, i, products.Length);
        }

        private void Add(ReadOnlySpan<double> products, double[]? squares, int first, int from, int end)
        {
            for (var i = from; i < end; i++)
            {
                var key = squares is null ? -products[i] : squares[i] - (2 * products[i]);
                if (key < _keys[^1] && first + i != own)
                    Insert(first + i, key);
            }
        }

        /// <summary>Behind those with the same key, which came before.</summary>
        private void Insert(int row, double key)
        {
            var place = _keys.Length - 1;
            for (; place > 0 && _keys[place - 1] > key; place--)
                (_keys[place], _rows[place]) = (_keys[place - 1], _rows[place - 1]);
            (_keys[place], _rows[place]) = (key, row);
        }
    }
}
