using Understudy.Engine.Random;

namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>The basis of a block Lanczos process with restarts: locked pairs, then active vectors, then pending ones.</summary>
/// <remarks>
/// Active vectors have been multiplied by A, pending ones not yet: A V = T V + R (pending), where T holds what the orthogonalization measured. Ritz pairs
/// are those of the active part; its coupling to the locked pairs counts as residual.
/// </remarks>
internal sealed class RitzSpace
{
    private const double Rounding = 20 * 2.220446049250313e-16;

    // a remainder of this part of |A| has a direction, but one full of rounding
    private const double Faint = 1e-7;

    private readonly ISymmetricOperator _matrix;
    private readonly OrthonormalRows _basis;
    private readonly RandomSequence _random;
    private readonly int _size;
    private readonly int _block;
    private readonly int _capacity;
    private readonly double _threshold;
    private readonly double[] _t;
    private readonly double[] _rest;
    private readonly double[] _products;
    private readonly double[] _column;
    private double _scale;
    private long _draws;

    // the first row of the basis that products of pending vectors are coupled to by more than rounding
    private int _near;

    /// <param name="matrix">A.</param>
    /// <param name="options">Block size, seed, team.</param>
    /// <param name="capacity">Vectors of the basis at most.</param>
    internal RitzSpace(ISymmetricOperator matrix, EigenpairOptions options, int capacity)
    {
        _matrix = matrix;
        _size = matrix.Size;
        _block = Math.Min(options.BlockSize, _size);
        _capacity = capacity;
        // what is left of a product below this part of |A| leaves every Ritz pair converged, or is rounding of the product
        _threshold = Math.Max(Rounding, 0.3 * options.Tolerance * options.Floor);
        _random = new RandomSequence(options.Seed, "krylov/start");
        _basis = new OrthonormalRows(_size, capacity, options.Team);
        _t = new double[capacity * capacity];
        _rest = new double[2 * _block * capacity];
        _products = new double[OrthonormalRows.Capacity(_size, _block)];
        _column = new double[capacity];
        Largest = _scale = options.Scale;
        LockedValues = new double[capacity];
        LockedResiduals = new double[capacity];
        Values = [];
        Residuals = [];
    }

    /// <summary>The number of locked vectors.</summary>
    internal int Locked { get; private set; }

    /// <summary>The number of active vectors.</summary>
    internal int Active { get; private set; }

    /// <summary>The number of pending vectors; 0 where locked and active ones span an invariant subspace.</summary>
    internal int Pending => _basis.Count - Locked - Active;

    /// <summary>Steps since the last start.</summary>
    internal int Steps { get; private set; }

    /// <summary>Whether locked and active vectors span the whole space.</summary>
    internal bool IsEverything => Locked + Active == _size;

    /// <summary>Whether a remainder almost vanished: the start vectors do not see all eigenvectors, and multiple eigenvalues are likely.</summary>
    internal bool IsDegenerate { get; private set; }

    /// <summary>Whether one more step does not fit.</summary>
    internal bool IsFull => _capacity < _size && _basis.Count + Pending > _capacity;

    /// <summary>The largest magnitude of a Ritz value so far.</summary>
    internal double Largest { get; private set; }

    internal double[] LockedValues { get; }

    internal double[] LockedResiduals { get; }

    /// <summary>The Ritz values of the active part as of the last <see cref="Solve"/>, ascending.</summary>
    internal double[] Values { get; private set; }

    internal double[] Residuals { get; private set; }

    private SymmetricEigen? Ritz { get; set; }

    /// <summary>Begins again in the complement of the locked vectors, from given vectors or from random ones.</summary>
    internal void Start(ReadOnlySpan<double> near)
    {
        Active = 0;
        Steps = 0;
        _basis.Count = _near = Locked;
        for (int row = 0; row < _block && _basis.Count < _size; row++)
        {
            bool isRandom = near.Length == 0;
            var vector = _products.AsSpan(0, _size);
            do
            {
                _random.FillNormal(_draws++, vector);
                if (!isRandom)
                    AddEvery(near, row, vector);
                isRandom = true;
            }
            while (_basis.Append(_products, 0, [], 1e-6) == 0);
        }
    }

    /// <summary>Multiplies the pending vectors, which become active; what is new in the products becomes pending.</summary>
    internal void Step()
    {
        int count = Pending;
        int old = Locked + Active;
        int first = _basis.Count;
        _matrix.Apply(_basis.Rows.AsSpan(old * _size, count * _size), _products.AsSpan(0, count * _size));
        _rest.AsSpan().Clear();
        for (int i = 0; i < count; i++)
        {
            double length = Length(_products.AsSpan(i * _size, _size));
            if (!double.IsFinite(length))
                throw new ArithmeticException("A product of the operator is not finite.");
            _scale = Math.Max(_scale, length);
        }

        for (int i = 0; i < count; i++)
        {
            _column.AsSpan().Clear();
            double length = _basis.Append(_products, i * _size, _column, _threshold * _scale, _near);
            for (int row = 0; row < old + i + 1; row++)
                _t[(row * _capacity) + old + i] = _t[((old + i) * _capacity) + row] = _column[row];
            for (int row = first; row < _basis.Count; row++)
                _rest[((row - first) * _capacity) + Active + i] = _column[row];
            IsDegenerate |= length <= Faint * _scale;
            // a remainder without a direction still counts: it has a row of its own
            int target = length > 0 ? _basis.Count - 1 - first : _block + i;
            _rest[(target * _capacity) + Active + i] = length > 0 ? length : Length(_products.AsSpan(i * _size, _size));
        }

        _near = old;
        Active += count;
        Steps++;
    }

    /// <summary>Rayleigh-Ritz on the active part.</summary>
    internal void Solve()
    {
        var part = new double[Active * Active];
        for (int row = 0; row < Active; row++)
            _t.AsSpan(((Locked + row) * _capacity) + Locked, Active).CopyTo(part.AsSpan(row * Active));
        Ritz = SymmetricEigen.Of(part, Active);
        Values = Ritz.Values.ToArray();
        Residuals = new double[Active];
        if (Active > 0)
            Largest = Math.Max(Largest, Math.Max(Math.Abs(Values[0]), Math.Abs(Values[^1])));
        for (int i = 0; i < Active; i++)
        {
            var y = Ritz.Vector(i);
            double square = 0;
            for (int row = 0; row < 2 * _block; row++)
            {
                double entry = RowAlgebra.Dot(y, _rest.AsSpan(row * _capacity, Active));
                square += entry * entry;
            }

            for (int row = 0; row < Locked; row++)
            {
                double entry = RowAlgebra.Dot(_t.AsSpan((row * _capacity) + Locked, Active), y);
                square += entry * entry;
            }

            Residuals[i] = Math.Sqrt(square);
        }
    }

    /// <summary>Keeps the given Ritz pairs of the active part and the pending vectors.</summary>
    internal void Restart(ReadOnlySpan<int> kept)
    {
        int pending = Pending;
        int old = Locked + Active;
        Condense(kept);
        for (int row = 0; row < pending; row++)
            _basis.Row(old + row).CopyTo(_basis.Row(Locked + Active + row));
        _basis.Count = Locked + Active + pending;
        _near = 0;
    }

    /// <summary>Locks the given Ritz pairs of the active part and forgets the rest; follow with <see cref="Start"/>.</summary>
    internal void Lock(ReadOnlySpan<int> kept)
    {
        for (int i = 0; i < kept.Length; i++)
        {
            LockedValues[Locked + i] = Values[kept[i]];
            LockedResiduals[Locked + i] = Residuals[kept[i]];
        }

        Condense(kept);
        Locked += Active;
        Active = 0;
        _basis.Count = Locked;
    }

    /// <summary>Keeps the given locked pairs, in ascending order of their rows, where nothing is active.</summary>
    internal void Unlock(ReadOnlySpan<int> kept)
    {
        for (int i = 0; i < kept.Length; i++)
        {
            LockedValues[i] = LockedValues[kept[i]];
            LockedResiduals[i] = LockedResiduals[kept[i]];
            if (kept[i] != i)
                _basis.Row(kept[i]).CopyTo(_basis.Row(i));
        }

        Locked = _basis.Count = kept.Length;
    }

    /// <summary>The vectors of active Ritz pairs, or of locked pairs where the index is negative: ~row.</summary>
    internal double[] Vectors(ReadOnlySpan<int> pairs)
    {
        var vectors = new double[OrthonormalRows.Capacity(_size, pairs.Length)];
        var active = new double[pairs.Length * Active];
        for (int i = 0; i < pairs.Length; i++)
        {
            if (pairs[i] >= 0)
                Ritz!.Vector(pairs[i]).CopyTo(active.AsSpan(i * Active));
        }

        if (Active > 0)
            Products.Multiply(pairs.Length, _size, Active, active, _basis.Rows.AsSpan(Locked * _size), vectors, team: _basis.Team);
        for (int i = 0; i < pairs.Length; i++)
        {
            if (pairs[i] < 0)
                _basis.Row(~pairs[i]).CopyTo(vectors.AsSpan(i * _size));
            RowAlgebra.FixSign(vectors.AsSpan(i * _size, _size));
        }

        return vectors;
    }

    /// <summary>The active part becomes the given Ritz vectors, and T their values.</summary>
    private void Condense(ReadOnlySpan<int> kept)
    {
        var combinations = new double[kept.Length * Active];
        for (int i = 0; i < kept.Length; i++)
            Ritz!.Vector(kept[i]).CopyTo(combinations.AsSpan(i * Active));
        if (kept.Length > 0)
            _basis.Combine(Locked, Active, combinations, kept.Length);
        for (int row = 0; row < Locked; row++)
            Combine(_t.AsSpan((row * _capacity) + Locked, Active), combinations);
        for (int row = 0; row < 2 * _block; row++)
            Combine(_rest.AsSpan(row * _capacity, Active), combinations);
        for (int row = 0; row < kept.Length; row++)
        {
            var target = _t.AsSpan(((Locked + row) * _capacity) + Locked, kept.Length);
            target.Clear();
            target[row] = Values[kept[row]];
        }

        Active = kept.Length;
    }

    /// <summary>A row of coefficients of the active vectors becomes one of combinations of them.</summary>
    private static void Combine(Span<double> row, ReadOnlySpan<double> combinations)
    {
        var old = row.ToArray();
        for (int i = 0; i < combinations.Length / Math.Max(1, old.Length); i++)
            row[i] = RowAlgebra.Dot(old, combinations.Slice(i * old.Length, old.Length));
    }

    private static double Length(ReadOnlySpan<double> vector) => Math.Sqrt(RowAlgebra.Dot(vector, vector));

    /// <summary>The sum of every block-th vector from <paramref name="row"/> on, with a hundredth of what is in the vector already.</summary>
    /// <remarks>The random part lets directions appear that earlier vectors do not know of.</remarks>
    private void AddEvery(ReadOnlySpan<double> near, int row, Span<double> vector)
    {
        RowAlgebra.Scale(0.01 / Length(vector), vector);
        for (int i = row; i < near.Length / _size; i += _block)
        {
            var other = near.Slice(i * _size, _size);
            double length = Length(other);
            if (length > 0)
                RowAlgebra.Add(1 / length, other, vector);
        }
    }
}
