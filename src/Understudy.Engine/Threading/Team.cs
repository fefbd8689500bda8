using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Understudy.Engine.Threading;

/// <summary>A fixed group of threads that works through the chunks of a job; the caller takes part.</summary>
/// <remarks>
/// <para>Chunks are fixed by the job and claimed one after another, so a thread that loses its processor delays the others by
/// the chunk in progress at most. What a chunk computes must not depend on the thread that runs it.</para>
/// <para>Idle workers spin for some 50 microseconds, then sleep. A job that is started while another one runs, from
/// inside a chunk or from another thread, is worked through by its caller alone.</para>
/// </remarks>
public sealed unsafe class Team : IDisposable
{
    // some 50 microseconds
    private const int Spins = 1500;

    private const long ChunkMask = 0xffffffff;

    private readonly Thread[] _workers;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private readonly Lock _failureLock = new();

    // generation of the job in the high half, next chunk in the low half: one compare-and-swap claims a chunk of that job
    private long _ticket;
    private delegate*<void*, int, void> _work;
    private void* _state;
    private Action<int>? _action;
    private int _chunks;
    private int _completed;
    private int _parked;
    private int _waiting;
    private int _busy;
    private volatile bool _stopped;
    private ExceptionDispatchInfo? _failure;
    private int _failedChunk;

    /// <summary>A team of <paramref name="threads"/> threads, the caller included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread.</exception>
    public Team(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        _workers = new Thread[threads - 1];
        for (var i = 0; i < _workers.Length; i++)
        {
            _workers[i] = new Thread(Serve) { IsBackground = true, Name = "Understudy team" };
            _workers[i].Start();
        }
    }

    /// <summary>The number of threads, the caller included.</summary>
    public int Threads { get; }

    /// <summary>Calls <paramref name="work"/> with 0 … <paramref name="chunks"/> − 1 and returns when all have ended.</summary>
    /// <remarks>When chunks throw, the others still run, and the exception of the lowest-numbered one is rethrown.</remarks>
    /// <exception cref="ObjectDisposedException">The team was disposed of.</exception>
    public void Run(int chunks, Action<int> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Run(chunks, null, null, work);
    }

    /// <summary>The same without an allocation: <paramref name="work"/> is called with <paramref name="state"/> and the chunk.</summary>
    internal void Run(int chunks, delegate*<void*, int, void> work, void* state) => Run(chunks, work, state, null);

    /// <summary>Ends the workers; the team must be idle.</summary>
    public void Dispose()
    {
        if (_stopped)
            return;
        _stopped = true;
        if (_workers.Length > 0)
            _wake.Release(_workers.Length);
        foreach (var worker in _workers)
            worker.Join();
        _wake.Dispose();
        _done.Dispose();
    }

    private void Run(int chunks, delegate*<void*, int, void> work, void* state, Action<int>? action)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chunks);
        ObjectDisposedException.ThrowIf(_stopped, this);
        if (_workers.Length == 0 || chunks < 2 || Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            RunAlone(chunks, work, state, action);
            return;
        }
        var generation = (_ticket >> 32) + 1;
        Interlocked.Exchange(ref _ticket, _ticket | 0x7fffffff);
        _work = work;
        _state = state;
        _action = action;
        _chunks = chunks;
        Volatile.Write(ref _completed, 0);
        Interlocked.Exchange(ref _ticket, generation << 32);
        var parked = Volatile.Read(ref _parked);
        if (parked > 0)
            _wake.Release(Math.Min(parked, chunks - 1));
        Drain();
        AwaitCompletion(chunks);
        var failure = _failure;
        (_action, _failure) = (null, null);
        Volatile.Write(ref _busy, 0);
        failure?.Throw();
    }

    private static void RunAlone(int chunks, delegate*<void*, int, void> work, void* state, Action<int>? action)
    {
        ExceptionDispatchInfo? first = null;
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            var failure = Call(work, state, action, chunk);
            first ??= failure;
        }
        first?.Throw();
    }

    private void AwaitCompletion(int chunks)
    {
        for (var spin = 0; spin < Spins; spin++)
        {
            if (Volatile.Read(ref _completed) == chunks)
                return;
            Thread.SpinWait(1);
        }
        while (Volatile.Read(ref _completed) != chunks)
        {
            Interlocked.Exchange(ref _waiting, 1);
            // a release that came too late for the job before only costs another turn
            if (Volatile.Read(ref _completed) != chunks || Interlocked.Exchange(ref _waiting, 0) == 0)
                _done.Wait();
        }
    }

    private void Serve()
    {
        var seen = 0L;
        while (!_stopped)
        {
            for (var spin = 0; Volatile.Read(ref _ticket) >> 32 == seen && !_stopped; spin++)
            {
                if (spin < Spins)
                {
                    Thread.SpinWait(1);
                    continue;
                }
                Interlocked.Increment(ref _parked);
                if (Volatile.Read(ref _ticket) >> 32 == seen && !_stopped)
                    _wake.Wait();
                Interlocked.Decrement(ref _parked);
                spin = 0;
            }
            seen = Volatile.Read(ref _ticket) >> 32;
            Drain();
        }
    }

    private void Drain()
    {
        while (true)
        {
            var ticket = Volatile.Read(ref _ticket);
            var work = _work;
            var state = _state;
            var action = _action;
            var chunks = _chunks;
            var chunk = (int)(ticket & ChunkMask);
            if (chunk >= chunks)
                return;
            // success proves that the job read above is the ticket's
            if (Interlocked.CompareExchange(ref _ticket, ticket + 1, ticket) != ticket)
                continue;
            if (Call(work, state, action, chunk) is { } failure)
                Note(failure, chunk);
            if (Interlocked.Increment(ref _completed) == chunks && Interlocked.Exchange(ref _waiting, 0) == 1)
                _done.Release();
        }
    }

    private void Note(ExceptionDispatchInfo failure, int chunk)
    {
        lock (_failureLock)
            if (_failure == null || chunk < _failedChunk)
                (_failure, _failedChunk) = (failure, chunk);
    }

    [SuppressMessage("Design", "CA1031", Justification = "The exception is rethrown on the caller's thread.")]
    private static ExceptionDispatchInfo? Call(delegate*<void*, int, void> work, void* state, Action<int>? action, int chunk)
    {
        try
        {
            if (action != null)
                action(chunk);
            else
                work(state, chunk);
            return null;
        }
        catch (Exception exception)
        {
            return ExceptionDispatchInfo.Capture(exception);
        }
    }
}
