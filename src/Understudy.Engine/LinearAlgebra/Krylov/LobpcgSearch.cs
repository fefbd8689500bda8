using Understudy.Engine.Random;

namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>The iteration of <see cref="Lobpcg"/> at one end of the spectrum: the top of A, or that of -A.</summary>
internal sealed class LobpcgSearch
{
    private const int Guards = 4;

    // images follow their vectors through orthogonal combinations; rounding adds up slowly, and is removed once in so many iterations
    private const int IterationsBetweenRefreshes = 40;

    // a direction of which less is left beside the others is not new
    private const double Smallest = 1e-8;

    private readonly ISymmetricOperator _matrix;
    private readonly EigenpairOptions _options;
    private readonly double[] _preconditioner;
    private readonly IProgress<EigenpairProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly RandomSequence _random;
    private readonly int _size;
    private readonly int _count;
    private readonly int _block;
    private readonly double _sign;
    private readonly OrthonormalRows _basis;
    private readonly OrthonormalRows _images;
    private readonly OrthonormalRows _coefficients;
    private readonly double[] _vector;
    private readonly double[] _direction;
    private readonly double[] _values;
    private readonly double[] _residuals;
    private long _draws;
    private bool _hasPairs;

    internal LobpcgSearch(
        ISymmetricOperator matrix,
        EigenpairOptions options,
        int count,
        double sign,
        double[] preconditioner,
        IProgress<EigenpairProgress>? progress,
        CancellationToken cancellation)
    {
        _matrix = matrix;
        _options = options;
        _count = count;
        _sign = sign;
        _preconditioner = preconditioner;
        _progress = progress;
        _cancellation = cancellation;
        _random = new RandomSequence(options.Seed, "krylov/start");
        _size = matrix.Size;
        _block = count == 0 ? 0 : Math.Min(_size, count + Guards);
        int rows = 3 * _block;
        long bytes = ((2L * rows) + count + 1) * _size * sizeof(double);
        if (bytes > options.MemoryBytes)
            throw EigenpairOptions.Wrong($"{nameof(EigenpairOptions.MemoryBytes)} is {options.MemoryBytes}; these pairs need {bytes}.");
        _basis = new OrthonormalRows(_size, rows, options.Team);
        _images = new OrthonormalRows(_size, rows, options.Team);
        _coefficients = new OrthonormalRows(rows, 2 * _block, null);
        _vector = new double[_size];
        _direction = new double[rows];
        _values = new double[_block];
        _residuals = new double[_block];
        Largest = options.Scale;
        Pairs = Eigenpairs.None;
    }

    internal Eigenpairs Pairs { get; private set; }

    /// <summary>The largest magnitude of a Ritz value so far, those of an earlier search included.</summary>
    internal double Largest { get; private set; }

    internal int ProductsUsed { get; private set; }

    internal bool IsCancelled { get; private set; }

    internal void Run(int maximumProducts)
    {
        if (_count == 0)
            return;
        try
        {
            Iterate(maximumProducts);
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            IsCancelled = true;
        }

        if (_hasPairs)
            Pairs = Result();
    }

    private void Iterate(int maximumProducts)
    {
        Start();
        if (_block > maximumProducts)
            return;
        Multiply(0);
        Condense();
        for (int iteration = 1; ; iteration++)
        {
            int open = Measure();
            _progress?.Report(new EigenpairProgress(ProductsUsed, 0, Signed(), _residuals[.._count]));
            if (IsConverged() || ProductsUsed + open > maximumProducts)
                return;
            if (iteration % IterationsBetweenRefreshes == 0 && ProductsUsed + _basis.Count + open <= maximumProducts)
                Refresh();
            int old = _basis.Count;
            Expand();
            if (_basis.Count == old)
                return;
            Multiply(old);
            Condense();
        }
    }

    private void Start()
    {
        var near = _options.WarmStart.Span;
        for (int row = 0; row < _block; row++)
        {
            if ((row + 1) * _size <= near.Length)
                AppendScaled(near.Slice(row * _size, _size));
            while (_basis.Count <= row)
                AppendRandom();
        }
    }

    /// <summary>Products of the vectors from a row on.</summary>
    private void Multiply(int first)
    {
        _cancellation.ThrowIfCancellationRequested();
        int count = _basis.Count - first;
        var images = _images.Rows.AsSpan(first * _size, count * _size);
        if (count > 0)
            _matrix.Apply(_basis.Rows.AsSpan(first * _size, count * _size), images);
        RowAlgebra.Scale(_sign, images);
        ProductsUsed += count;
        if (!double.IsFinite(RowAlgebra.Dot(images, images)))
            throw new ArithmeticException("A product of the operator is not finite.");
    }

    /// <summary>Rayleigh-Ritz: X becomes the outermost Ritz vectors, P what the others gave to them, as orthonormal rows.</summary>
    private void Condense()
    {
        int all = _basis.Count;
        var t = new double[all * all];
        Project(all, t);
        var ritz = SymmetricEigen.Of(t, all);
        Largest = Math.Max(Largest, Math.Max(Math.Abs(ritz.Values[0]), Math.Abs(ritz.Values[^1])));
        _coefficients.Rows.AsSpan().Clear();
        _coefficients.Count = _block;
        for (int i = 0; i < _block; i++)
        {
            _values[i] = ritz.Values[all - 1 - i];
            ritz.Vector(all - 1 - i).CopyTo(_coefficients.Row(i));
        }

        for (int i = 0; i < _block && all > _block; i++)
        {
            _coefficients.Row(i).CopyTo(_direction);
            _direction.AsSpan(0, _block).Clear();
            double length = Math.Sqrt(RowAlgebra.Dot(_direction, _direction));
            if (length <= 0)
                continue;
            RowAlgebra.Scale(1 / length, _direction);
            _coefficients.Append(_direction, 0, [], Smallest);
        }

        int kept = _coefficients.Count;
        _basis.Combine(0, 3 * _block, _coefficients.Rows, kept);
        _images.Combine(0, 3 * _block, _coefficients.Rows, kept);
        _basis.Count = kept;
        _hasPairs = true;
    }

    /// <summary>T = [X P R] A [X P R]ᵀ.</summary>
    private void Project(int all, double[] t)
    {
        Products.Multiply(all, all, _size, _basis.Rows, _images.Rows, t, transposeRight: true, team: _options.Team);
        for (int row = 0; row < all; row++)
        {
            for (int column = 0; column < row; column++)
                t[(row * all) + column] = (t[(row * all) + column] + t[(column * all) + row]) / 2;
        }
    }

    /// <summary>The residuals of all of X; returns how many are open.</summary>
    private int Measure()
    {
        int open = 0;
        for (int i = 0; i < _block; i++)
        {
            FillResidual(i);
            _residuals[i] = Math.Sqrt(RowAlgebra.Dot(_vector, _vector));
            open += IsOpen(i) ? 1 : 0;
        }

        return open;
    }

    /// <summary>Appends the open residuals to the basis, or random vectors where they have no new direction.</summary>
    private void Expand()
    {
        int before = _basis.Count;
        for (int i = 0; i < _block; i++)
        {
            if (!IsOpen(i))
                continue;
            FillResidual(i);
            for (int j = 0; j < _preconditioner.Length; j++)
                _vector[j] *= _preconditioner[j];
            AppendScaled(_vector);
        }

        if (_basis.Count == before && before < _size)
            AppendRandom();
    }

    /// <summary>Makes X and P orthonormal again and multiplies them.</summary>
    private void Refresh()
    {
        int count = _basis.Count;
        _basis.Count = 0;
        for (int row = 0; row < count; row++)
        {
            _basis.Row(row).CopyTo(_vector);
            _basis.Append(_vector, 0, [], Smallest);
        }

        // one by one, so that a product that is cancelled leaves the images whole
        for (int row = 0; row < _basis.Count; row++)
        {
            _cancellation.ThrowIfCancellationRequested();
            _matrix.Apply(_basis.Row(row), _vector);
            ProductsUsed++;
            RowAlgebra.Scale(_sign, _vector);
            _vector.CopyTo(_images.Row(row));
        }
    }

    private void FillResidual(int row)
    {
        _images.Row(row).CopyTo(_vector);
        RowAlgebra.Add(-_values[row], _basis.Row(row), _vector);
    }

    private void AppendScaled(ReadOnlySpan<double> vector)
    {
        double length = Math.Sqrt(RowAlgebra.Dot(vector, vector));
        if (!(length > 0))
            return;
        vector.CopyTo(_vector);
        RowAlgebra.Scale(1 / length, _vector);
        _basis.Append(_vector, 0, [], Smallest);
    }

    private void AppendRandom()
    {
        _random.FillNormal(_draws++, _vector.AsSpan());
        AppendScaled(_vector);
    }

    private bool IsOpen(int row) => _residuals[row] > _options.Acceptable(_values[row], Largest);

    private bool IsConverged()
    {
        for (int i = 0; i < _count; i++)
        {
            if (IsOpen(i))
                return false;
        }

        return true;
    }

    private double[] Signed()
    {
        var values = _values[.._count];
        RowAlgebra.Scale(_sign, values);
        return values;
    }

    private Eigenpairs Result()
    {
        Measure();
        var converged = new bool[_count];
        for (int i = 0; i < _count; i++)
        {
            converged[i] = !IsOpen(i);
            RowAlgebra.FixSign(_basis.Row(i));
        }

        return new Eigenpairs(Signed(), _basis.Rows[..(_count * _size)], _residuals[.._count], converged, []);
    }
}
