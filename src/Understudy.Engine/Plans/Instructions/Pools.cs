using System.Numerics;
using Understudy.Engine.Kernels;
using Understudy.Engine.Primitives;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Plans.Instructions;

/// <summary>One of the operations on windows of images; images are shared out to the team.</summary>
internal sealed unsafe class PoolCall<V, S> : Instruction
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    // numbers below which a second thread costs more than it brings
    private const long SmallestShared = 65_536;

    private readonly WindowPlaces _operation;
    private readonly PoolShape _shape;
    private readonly int _width;
    private readonly S* _a;
    private readonly S* _b;
    private readonly S* _y;
    private readonly Team? _team;
    private readonly Action<int> _share;

    internal PoolCall(WindowPlaces operation, PoolShape shape, int width, S* a, S* b, S* y, Team? team)
    {
        (_operation, _shape, _width) = (operation, shape, width);
        _a = a;
        _b = b;
        _y = y;
        _team = team is { Threads: > 1 } && Image * shape.Images >= SmallestShared ? team : null;
        _share = Share;
    }

    private nint Image => (nint)_shape.Height * _shape.Width * _shape.Channels * _width;

    private nint Pooled => (nint)(_shape.Height / _shape.Size) * (_shape.Width / _shape.Size) * _shape.Channels * _width;

    internal override void Run()
    {
        if (_team is null)
            Images(0, _shape.Images);
        else
            _team.Run(_team.Threads, _share);
    }

    private void Share(int share)
        => Images((int)((long)_shape.Images * share / _team!.Threads), (int)((long)_shape.Images * (share + 1) / _team.Threads));

    private void Images(int from, int to)
    {
        var part = _shape with { Images = to - from };
        if (_operation is PoolPlaces)
            Pool<V, S>.Places(in part, _width, _a + (from * Image), _y + (from * Pooled));
        else if (_operation is PoolGather)
            Pool<V, S>.Gather(in part, _width, _a + (from * Image), _b + (from * Pooled), _y + (from * Pooled));
        else
            Pool<V, S>.Scatter(in part, _width, _a + (from * Pooled), _b + (from * Pooled), _y + (from * Image));
    }
}
