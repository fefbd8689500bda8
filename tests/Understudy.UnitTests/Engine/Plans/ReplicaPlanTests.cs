using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Kernels;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;

namespace Understudy.UnitTests.Engine.Plans;

public sealed class ReplicaPlanTests : IDisposable
{
    private readonly Team _team = new(2);

    public void Dispose() => _team.Dispose();

    [Theory]
    [InlineData(512, DType.F32)]
    [InlineData(513, DType.F32)]
    [InlineData(1300, DType.F32)]
    [InlineData(1300, DType.F64)]
    public void Long_products_have_the_bits_they_have_alone(int inner, DType precision)
    {
        var (x, y, b, w) = (Ops.Input(7, inner), Ops.Input(inner, 5), Ops.Input(5), Ops.Input(7, 5));
        Update[] updates = [new(w, Ops.ScaledAdd(w, Ops.Constant(0.01), Ops.MatMul(x, y))), new(b, Ops.Sum(Ops.Rectify(Ops.MatMul(x, y) + b), 0))];
        var draw = new Draw(inner);
        double[][] values = [draw.Normal(7 * inner), draw.Normal(inner * 5), draw.Normal(5), draw.Normal(35)];
        using var together = ReplicaPlan.Compile(new ReplicaProgram { Updates = updates }, 3, precision, ReplicaLayout.Lanes, poison: true);
        using var alone = Plan.Compile([], new PlanOptions { Updates = updates, Precision = precision });
        foreach (var (input, value) in new[] { x, y, b, w }.Zip(values))
        {
            alone.Write(input, value);
            for (var replica = 0; replica < 3; replica++)
                together.Write(input, replica, value);
        }

        alone.Run();
        ReplicaPlan.RunAll([together], 0, 1, _team);

        foreach (var state in new[] { w, b })
        {
            var (expected, actual) = (new double[state.Shape.Count], new double[state.Shape.Count]);
            alone.Read(state, expected);
            together.Read(state, 2, actual);
            Assert.Equal(expected, actual);
        }
    }

    [Theory]
    [InlineData(1, ReplicaLayout.Lanes)]
    [InlineData(8, ReplicaLayout.Lanes)]
    [InlineData(11, ReplicaLayout.Lanes)]
    [InlineData(3, ReplicaLayout.Alone)]
    [InlineData(11, ReplicaLayout.Automatic)]
    public void A_replica_draws_the_rows_its_sequence_addresses(int replicas, ReplicaLayout layout)
    {
        const int Rows = 40, Batch = 6, Steps = 300;
        var (x, y, unread, w) = (Ops.Input(Batch, 3), Ops.Input(Batch, 1), Ops.Input(Batch, 2), Ops.Input(3, 1));
        Update[] updates = [new(w, Ops.ScaledAdd(w, Ops.Constant(-0.01), Ops.MatMul(x, Ops.MatMul(x, w) - y, transposeLeft: true)))];
        var draw = new Draw(replicas);
        double[] xs = draw.Normal(Rows * 3), ys = draw.Normal(Rows), ws = draw.Normal(3);
        using var plan = ReplicaPlan.Compile(new ReplicaProgram { Updates = updates, Feeds = [new RowFeed(x, unread, y)] }, replicas, DType.F32, layout, poison: true);
        RowTable[] tables = [plan.AddTable(xs, 3), plan.AddTable(new double[Rows * 2], 2), plan.AddTable(ys, 1)];
        for (var replica = 0; replica < replicas; replica++)
        {
            plan.SetTables(replica, tables);
            plan.SetSequence(replica, new RandomSequence(1, "test/batch", replica));
            plan.Write(w, replica, ws);
        }

        Assert.Equal(100, ReplicaPlan.RunAll([plan], 0, 100, _team));
        Assert.Equal(Steps, ReplicaPlan.RunAll([plan], 100, Steps - 100, _team));
        Assert.Equal(Steps, ReplicaPlan.RunAll([plan], Steps, 10, _team, new CancellationToken(canceled: true)));
        Assert.Equal(15, ReplicaPlan.RunAll([], 5, 10, _team));

        using var alone = Plan.Compile([], new PlanOptions { Updates = updates });
        for (var replica = 0; replica < replicas; replica++)
        {
            var sequence = new RandomSequence(1, "test/batch", replica);
            alone.Write(w, ws);
            var picks = new int[Batch];
            for (var step = 0; step < Steps; step++)
            {
                sequence.FillIndices(step, Rows, picks);
                alone.Write(x, [.. picks.SelectMany(pick => xs[(3 * pick)..((3 * pick) + 3)])]);
                alone.Write(y, [.. picks.Select(pick => ys[pick])]);
                alone.Run();
            }

            var (expected, actual) = (new double[3], new double[3]);
            alone.Read(w, expected);
            plan.Read(w, replica, actual);
            Assert.Equal(expected, actual);
        }
    }

    [Theory]
    [InlineData(1, 4, true)]
    [InlineData(5, 4, true)]
    [InlineData(16, 4, false)]
    [InlineData(9, 400, true)]
    [InlineData(16, 400, true)]
    public void Idle_lanes_and_wide_networks_are_avoided(int replicas, int width, bool alone)
    {
        var (x, w) = (Ops.Input(width, width), Ops.Input(width, width));
        using var plan = ReplicaPlan.Compile(new ReplicaProgram { Updates = [new(w, Ops.MatMul(x, w))] }, replicas);

        Assert.EndsWith(alone ? " 1 lane(s)\n" : $" {Registers.Lanes(DType.F32)} lane(s)\n", plan.Explain(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ReplicaLayout.Lanes)]
    [InlineData(ReplicaLayout.Alone)]
    public void Further_steps_allocate_nothing(ReplicaLayout layout)
    {
        using var team = new Team(1);
        var (x, w) = (Ops.Input(6, 3), Ops.Input(3, 3));
        var loss = Ops.Sum(Ops.Square(Ops.Tanh(Ops.MatMul(x, w))));
        var updates = new Update[] { new(w, Ops.ScaledAdd(w, Ops.Constant(-0.01), Transforms.Grad(loss, w)[0])) };
        using var plan = ReplicaPlan.Compile(new ReplicaProgram { Updates = updates, Feeds = [new RowFeed(x)] }, 5, layout: layout);
        var table = plan.AddTable(new Draw(0).Normal(60), 3);
        for (var replica = 0; replica < 5; replica++)
        {
            plan.SetTables(replica, [table]);
            plan.SetSequence(replica, new RandomSequence(1, "test/batch", replica));
        }

        long Allocated(int steps)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            ReplicaPlan.RunAll([plan], 0, steps, team);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated(50);

        Assert.Equal(Allocated(1), Allocated(200));
    }

    [Fact]
    public void Normal_feeds_share_no_numbers()
    {
        var (x, y, a, b) = (Ops.Input(5), Ops.Input(5), Ops.Input(5), Ops.Input(5));
        var program = new ReplicaProgram { Updates = [new Update(a, x), new Update(b, y)], Feeds = [new NormalFeed(x, 2), new NormalFeed(y, 3)] };
        using var plan = ReplicaPlan.Compile(program, 2, DType.F64);
        for (var replica = 0; replica < 2; replica++)
            plan.SetSequence(replica, new RandomSequence(9, "test/noise", replica));

        ReplicaPlan.RunAll([plan], 4, 1, _team);

        var draws = new double[10];
        new RandomSequence(9, "test/noise", 1).FillNormal(4, draws);
        var (first, second) = (new double[5], new double[5]);
        plan.Read(a, 1, first);
        plan.Read(b, 1, second);
        Assert.Equal(draws[..5].Select(draw => 2 * draw), first);
        Assert.Equal(draws[5..].Select(draw => 3 * draw), second);
    }

    [Fact]
    public void Feeds_with_a_purpose_draw_beside_a_row_feed_and_change_no_row()
    {
        var (x, mask, noise) = (Ops.Input(3, 2), Ops.Input(4), Ops.Input(5));
        var (rows, a, b) = (Ops.Input(3, 2), Ops.Input(4), Ops.Input(5));
        double[] Run(Sym read, params Feed[] feeds)
        {
            using var plan = ReplicaPlan.Compile(new ReplicaProgram { Updates = [new Update(rows, x), new Update(a, mask), new Update(b, noise)], Feeds = feeds }, 3, DType.F64);
            var table = plan.AddTable(Enumerable.Range(0, 14).Select(i => (double)i).ToArray(), 2);
            for (var replica = 0; replica < 3; replica++)
            {
                plan.SetTables(replica, [table]);
                plan.SetSequence(replica, new RandomSequence(9, "test/rows", replica));
            }

            ReplicaPlan.RunAll([plan], 4, 1, _team);
            var values = new double[read.Shape.Count];
            plan.Read(read, 2, values);
            return values;
        }

        Feed[] all = [new RowFeed(x), new UniformFeed(mask) { Purpose = "/mask" }, new NormalFeed(noise, 2) { Purpose = "/noise" }];
        var (uniform, normal) = (new double[4], new double[5]);
        new RandomSequence(9, "test/rows/mask", 2).FillUniform(4, uniform);
        new RandomSequence(9, "test/rows/noise", 2).FillNormal(4, normal);

        Assert.Equal(Run(rows, new RowFeed(x)), Run(rows, all));
        Assert.Equal(uniform, Run(a, all));
        Assert.Equal(normal.Select(value => 2 * value), Run(b, all));
    }

    [Fact]
    public void Feeds_that_do_not_fit_are_refused()
    {
        var (x, y, w) = (Ops.Input(4, 2), Ops.Input(3, 2), Ops.Input(4, 2));
        void Refused(params Feed[] feeds)
            => Assert.ThrowsAny<ArgumentException>(() => ReplicaPlan.Compile(new ReplicaProgram { Updates = [new Update(w, w + x)], Feeds = feeds }, 1));

        Refused(new RowFeed());
        Refused(new RowFeed(x, y));
        Refused(new RowFeed(x), new RowFeed(y));
        Refused(new RowFeed(x), new NormalFeed(y, 1));
        Refused(new NormalFeed(x, 1), new NormalFeed(x, 1));
        Refused(new UniformFeed(x));
        Refused(new RowFeed(x), new UniformFeed(y) { Purpose = "/mask" }, new NormalFeed(Ops.Input(2), 1) { Purpose = "/mask" });
        Refused(new NormalFeed(w, 1));
        Refused(new NormalFeed(2 * x, 1));
    }

    [Fact]
    public void A_run_that_cannot_be_done_does_no_step()
    {
        var (x, w) = (Ops.Input(1, 2), Ops.Input(1, 2));
        var program = new ReplicaProgram { Updates = [new Update(w, w + x)], Feeds = [new RowFeed(x)] };
        using var good = ReplicaPlan.Compile(program, 1);
        var bad = ReplicaPlan.Compile(program, 1);
        good.SetTables(0, [good.AddTable([1.0, 1], 2)]);
        good.SetSequence(0, new RandomSequence(0, "test/rows"));

        Assert.Throws<InvalidOperationException>(() => ReplicaPlan.RunAll([good, bad], 0, 1, _team));
        using var doubles = ReplicaPlan.Compile(program, 1, DType.F64);
        Assert.Throws<ArgumentException>(() => bad.SetTables(0, [doubles.AddTable([1.0, 1], 2)]));
        Assert.Throws<ArgumentException>(() => ReplicaPlan.RunAll([good, good], 0, 1, _team));
        bad.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ReplicaPlan.RunAll([good, bad], 0, 1, _team));

        var values = new double[2];
        good.Read(w, 0, values);
        Assert.Equal(new double[2], values);
    }
}
