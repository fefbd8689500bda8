namespace Understudy.Engine.LinearAlgebra.Krylov;

/// <summary>One search for extreme eigenpairs: steps, tests, restarts, locking.</summary>
internal sealed class ThickRestart
{
    private const int VectorsBetweenTests = 5;

    private readonly ISymmetricOperator _matrix;
    private readonly EigenpairOptions _options;
    private readonly IProgress<EigenpairProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly RitzSpace _space;
    private readonly Wanted _top;
    private readonly Wanted _bottom;
    private readonly int _capacity;
    private readonly int _keptAtTop;
    private readonly int _keptAtBottom;
    private int _products;
    private int _restarts;
    private bool _isSolved;

    internal ThickRestart(
        ISymmetricOperator matrix, EigenpairOptions options, IProgress<EigenpairProgress>? progress, CancellationToken cancellation)
    {
        _matrix = matrix;
        _options = options;
        _progress = progress;
        _cancellation = cancellation;
        _keptAtTop = Kept(options.Top);
        _keptAtBottom = Kept(options.Bottom);
        _capacity = Capacity();
        _space = new RitzSpace(matrix, options, _capacity);
        _top = new Wanted(_space, options, options.Top, isTop: true);
        _bottom = new Wanted(_space, options, options.Bottom, isTop: false);
    }

    /// <summary>Room for locked and kept pairs, a block, its products, and the vectors between tests.</summary>
    private int LeastCapacity => _options.Top + _options.Bottom + _keptAtTop + _keptAtBottom + (2 * _options.BlockSize) + VectorsBetweenTests;

    /// <summary>Whether the first search has to be followed by others.</summary>
    private bool SearchesComplement => _options.SearchesForCopies || _space.IsDegenerate;

    internal ExtremeEigenpairs Run()
    {
        _space.Start(_options.WarmStart.Span);
        bool isConverged = false;
        bool isCancelled = false;
        int untested = 0;
        while (true)
        {
            isCancelled = _cancellation.IsCancellationRequested;
            bool ends = isCancelled || _products + _space.Pending > _options.MaximumProducts;
            bool stops = ends || _space.Pending == 0 || _space.IsFull || _space.IsEverything;
            if (_space.Active > 0 && (stops || untested >= VectorsUntilTest()))
            {
                untested = 0;
                Test();
                isConverged = Closes();
                isCancelled |= _cancellation.IsCancellationRequested;
                ends |= isConverged || isCancelled || (_space.IsEverything && _space.Pending == 0);
            }

            if (ends)
                break;
            if (_space.Pending == 0)
                LockAll();
            else if (_top.IsConverged && _bottom.IsConverged && _isSolved && Seeks())
                LockWanted();
            else if (_space.IsFull)
                Restart();
            untested += _space.Pending;
            if (!Step())
            {
                isCancelled = true;
                break;
            }
        }

        if (!_isSolved)
            Test();
        return Result(isConverged, isCancelled && !isConverged);
    }

    /// <summary>One where a Rayleigh-Ritz step, 9 m³, costs less than a sweep over the basis, m n, and enough steps were made that no wanted vector is hidden any more.</summary>
    private int VectorsUntilTest()
    {
        long active = _space.Active;
        bool isCheap = 9 * active * active <= _matrix.Size && _space.Steps >= Wanted.LeastSteps;
        return isCheap ? 1 : Math.Max(VectorsBetweenTests, _space.Active / 20);
    }

    private static int Kept(int wanted) => wanted == 0 ? 0 : wanted + Math.Max(5, wanted / 2);

    private int Capacity()
    {
        int size = _matrix.Size;
        long others = (2L * Math.Min(_options.BlockSize, size)) + _options.Top + _options.Bottom;
        long fits = (_options.MemoryBytes / (sizeof(double) * (long)size)) - others;
        int least = Math.Min(size, LeastCapacity);
        if (fits < least)
        {
            throw EigenpairOptions.Wrong(
                $"{nameof(EigenpairOptions.MemoryBytes)} is {_options.MemoryBytes}; these pairs need {(least + others) * sizeof(double) * size} at least.");
        }

        return (int)Math.Min(Math.Min(size, fits), Math.Max(_options.MaximumBasis, least));
    }

    private bool Step()
    {
        int count = _space.Pending;
        try
        {
            _space.Step();
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            return false;
        }

        _products += count;
        _isSolved = false;
        return true;
    }

    private void Test()
    {
        _space.Solve();
        _isSolved = true;
        _top.Choose();
        _bottom.Choose();
        if (_progress == null)
            return;
        var values = new List<double>();
        var residuals = new List<double>();
        foreach (var wanted in new[] { _top, _bottom })
        {
            foreach (int pair in wanted.Pairs)
            {
                values.Add(wanted.Value(pair));
                residuals.Add(wanted.Residual(pair));
            }
        }

        _progress.Report(new EigenpairProgress(_products, _restarts, values, residuals));
    }

    /// <summary>Whether the wanted pairs have converged and nothing more has to be looked at.</summary>
    private bool Closes()
    {
        if (!_top.IsConverged || !_bottom.IsConverged)
            return false;
        if (_space.IsEverything)
            return true;
        if (_space.Locked == 0)
            return !SearchesComplement;
        return !_top.HasActive && !_bottom.HasActive && (_space.Pending == 0 || (_top.IsClosed && _bottom.IsClosed));
    }

    /// <summary>Whether the wanted pairs should be locked so that the complement can be searched.</summary>
    private bool Seeks()
        => _space.Locked == 0 ? SearchesComplement : (_top.HasActive || _bottom.HasActive) && _top.IsClosed && _bottom.IsClosed;

    /// <summary>Locks the pairs of an invariant subspace, those at the ends alone where not all fit, and begins again in its complement.</summary>
    private void LockAll()
    {
        bool fits = _capacity == _matrix.Size || _space.Locked + _space.Active + LeastCapacity <= _capacity;
        if (fits)
        {
            var all = new int[_space.Active];
            for (int i = 0; i < all.Length; i++)
                all[i] = i;
            _space.Lock(all);
            _space.Start([]);
            _isSolved = false;
            return;
        }

        LockWanted();
    }

    private void LockWanted()
    {
        var active = new SortedSet<int>();
        var locked = new SortedSet<int>();
        foreach (var wanted in new[] { _top, _bottom })
        {
            foreach (int pair in wanted.Pairs)
                (pair >= 0 ? active : locked).Add(pair >= 0 ? pair : ~pair);
        }

        int before = _space.Locked;
        _space.Lock([.. active]);
        for (int row = before; row < _space.Locked; row++)
            locked.Add(row);
        _space.Unlock([.. locked]);
        _space.Start([]);
        _isSolved = false;
    }

    private void Restart()
    {
        int atTop = Math.Min(_options.Top > 0 ? _keptAtTop : Carried(_bottom), _space.Active);
        int atBottom = Math.Min(_options.Bottom > 0 ? _keptAtBottom : Carried(_top), _space.Active - atTop);
        var kept = new int[atTop + atBottom];
        for (int i = 0; i < atBottom; i++)
            kept[i] = i;
        for (int i = 0; i < atTop; i++)
            kept[atBottom + i] = _space.Active - atTop + i;
        _space.Restart(kept);
        _restarts++;
        _isSolved = false;
    }

    /// <summary>Converged pairs of the end that is not wanted, as far as half of the basis holds them: they would come back, for two products each.</summary>
    private int Carried(Wanted other)
    {
        int free = _capacity - _space.Locked;
        int room = Math.Min(free / 2, free - (2 * _options.BlockSize) - VectorsBetweenTests) - Math.Max(_keptAtTop, _keptAtBottom);
        int carried = 0;
        while (carried < room && carried < _space.Active && other.HasConverged(other.Innermost(carried)))
            carried++;
        return carried;
    }

    private ExtremeEigenpairs Result(bool isConverged, bool isCancelled) => new()
    {
        Top = Pairs(_top),
        Bottom = Pairs(_bottom),
        Products = _products,
        Restarts = _restarts,
        Seed = _options.Seed,
        IsConverged = isConverged,
        IsCancelled = isCancelled,
    };

    private Eigenpairs Pairs(Wanted wanted)
    {
        int count = wanted.Pairs.Count;
        var values = new double[count];
        var residuals = new double[count];
        var converged = new bool[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = wanted.Value(wanted.Pairs[i]);
            residuals[i] = wanted.Residual(wanted.Pairs[i]);
            converged[i] = wanted.HasConverged(wanted.Pairs[i]);
        }

        return new Eigenpairs(values, _space.Vectors([.. wanted.Pairs]), residuals, converged, []);
    }
}
