using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.UnitTests.Learning;

public sealed class RegularizedStepTests : IDisposable
{
    private const int Rows = 30;
    private const int Batch = 6;
    private const double Rate = 0.05;

    private static readonly Mlp Student = Mlp.LeakyRelu(0.1, 5, 7, 6, 3);
    private static readonly Mlp Teacher = Mlp.Relu(5, 4, 4, 3);

    private readonly Team _team = new(1);

    public static TheoryData<string> Kinds => ["dropout", "penalty", "sup", "euclidean", "all"];

    [Fact]
    public void Dropout_leaves_nodes_out_by_the_draws_of_its_own_numbers()
    {
        var (x, y, parameters) = (Ops.Input(Batch, 5), Ops.Input(Batch, 3), Student.Parameters());
        Sym[] masks = [Ops.Input(Batch, 7), Ops.Input(Batch, 6)];
        var error = Student.PreActivations(x, parameters, masks)[^1] - y;
        var values = Values(x, y, parameters);
        for (var layer = 0; layer < 2; layer++)
        {
            var draws = new double[masks[layer].Shape.Count];
            new RandomSequence(1, $"batch/dropout/{layer}", 3).FillUniform(0, draws);
            values[masks[layer]] = [.. draws.Select(draw => draw > 0.3 ? 1 / 0.7 : 0)];
        }

        AssertStep(Options("dropout"), parameters, 0.5 / Batch * Ops.Sum(error * error), values);
    }

    [Fact]
    public void The_penalty_is_the_squared_change_along_normal_directions()
    {
        var (x, y, v, parameters) = (Ops.Input(Batch, 5), Ops.Input(Batch, 3), Ops.Input(Batch, 5), Student.Parameters());
        var output = Student.Output(x, parameters);
        // rectifiers are linear near a point: a difference along the direction is exact where no node changes its side
        var near = Student.Output(x + (1e-7 * v), parameters);
        var loss = (0.5 / Batch * Ops.Sum(Ops.Square(output - y))) + (0.2 / Batch * Ops.Sum(Ops.Square(1e7 * (near - output))));
        var values = Values(x, y, parameters);
        var directions = new double[Batch * 5];
        new RandomSequence(1, "batch/jacobian", 3).FillNormal(0, directions);
        values[v] = directions;

        AssertStep(Options("penalty"), parameters, loss, values, 1e-7);
    }

    [Fact]
    public void The_fast_gradient_sign_method_labels_where_it_moves()
    {
        var (x, y, parameters, teacher) = (Ops.Input(Batch, 5), Ops.Input(Batch, 3), Student.Parameters(), Teacher.Parameters());
        Sym Loss(Sym at) => 0.5 / Batch * Ops.Sum(Ops.Square(Student.Output(at, parameters) - Teacher.Output(at, teacher)));
        var values = Values(x, y, parameters);
        for (var i = 0; i < teacher.Length; i++)
            values[teacher[i]] = Teacher.Layout.Slots[i].Of<double>(Normal("teacher", 3, Teacher.Layout.Count)).ToArray();
        var gradient = Reference.Evaluate(values, Transforms.Grad(Loss(x), x))[0];
        values[x] = [.. values[x].Zip(gradient, (at, slope) => at + (0.1 * Math.Sign(slope)))];

        AssertStep(Options("sup") with { Adversary = new Adversary { Radius = 0.1 } }, parameters, Loss(x), values);
    }

    [Theory]
    [InlineData(PerturbationNorm.Sup, 1)]
    [InlineData(PerturbationNorm.Sup, 7)]
    [InlineData(PerturbationNorm.Euclidean, 1)]
    [InlineData(PerturbationNorm.Euclidean, 7)]
    public void Perturbed_inputs_stay_in_the_ball_and_have_larger_losses(PerturbationNorm norm, int steps)
    {
        var (x, y, parameters) = (Ops.Input(Batch, 5), Ops.Input(Batch, 3), Student.Parameters());
        var adversary = new Adversary { Radius = 0.3, Norm = norm, Steps = steps };
        Sym Loss(Sym at) => Ops.Sum(Ops.Square(Student.Output(at, parameters) - y));

        var moved = adversary.Perturbed(x, Loss);
        var results = Reference.Evaluate(Values(x, y, parameters), [moved - x, Loss(x), Loss(moved)]);

        for (var row = 0; row < Batch; row++)
        {
            var change = results[0].AsSpan(row * 5, 5).ToArray();
            var size = norm == PerturbationNorm.Sup ? change.Max(Math.Abs) : Math.Sqrt(change.Sum(value => value * value));
            Assert.InRange(size, 0.29, 0.3 + 1e-12);
        }

        Assert.True(results[2][0] > 1.1 * results[1][0], $"{results[1][0]} became {results[2][0]}");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Layout_and_company_change_no_bit(string kind)
        => Assert.Equal(
            Train(Options(kind) with { Layout = ReplicaLayout.Alone }, [3], 30)[0],
            Train(Options(kind) with { Layout = ReplicaLayout.Lanes }, [.. Enumerable.Range(0, 11)], 30)[3]);

    [Fact]
    public void Options_without_effect_change_no_bit()
    {
        var plain = Options("none") with { Adversary = null };

        Assert.Equal(Train(plain, [3], 20)[0], Train(plain with { Dropout = 0, JacobianPenalty = 0 }, [3], 20)[0]);
        Assert.NotEqual(Train(plain, [3], 20)[0], Train(Options("dropout"), [3], 20)[0]);
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        static string Refused(TrainOptions options) => Assert.Throws<ArgumentException>(() => TrainPlan.Compile(options)).Message;

        Assert.Contains("An adversary needs a teacher", Refused(Options("sup") with { Teacher = null }), StringComparison.Ordinal);
        Assert.Contains("Dropout (1) must be", Refused(Options("dropout") with { Dropout = 1 }), StringComparison.Ordinal);
        Assert.Contains("radius of at least 0", Refused(Options("sup") with { Adversary = new Adversary { Radius = -1 } }), StringComparison.Ordinal);
        Assert.Contains("Batch averages know no dropout", Refused(Options("dropout") with { Rule = StepRule.BatchAverages, Source = BatchSource.FreshNormal, Teacher = Teacher }), StringComparison.Ordinal);
    }

    public void Dispose() => _team.Dispose();

    private static TrainOptions Options(string kind) => new()
    {
        Student = Student,
        Batch = Batch,
        Dropout = kind is "dropout" or "all" ? 0.3 : 0,
        JacobianPenalty = kind is "penalty" or "all" ? 0.2 : 0,
        Teacher = kind is "sup" or "euclidean" or "all" ? Teacher : null,
        Adversary = kind is "sup" or "euclidean" or "all" ? new Adversary { Radius = 0.1, Steps = 3, Norm = kind == "sup" ? PerturbationNorm.Sup : PerturbationNorm.Euclidean } : null,
    };

    private void AssertStep(TrainOptions options, Sym[] parameters, Sym loss, Dictionary<Sym, double[]> values, double tolerance = 1e-12)
    {
        double[] gradient = [.. Reference.Evaluate(values, Transforms.Grad(loss, parameters)).SelectMany(part => part)];
        double[] before = [.. parameters.SelectMany(parameter => values[parameter])];

        var after = Train(options with { Precision = DType.F64 }, [3], 1)[0];

        Assert.Contains(gradient, value => Math.Abs(value) > 0.1);
        for (var i = 0; i < after.Length; i++)
            Assert.Equal(before[i] - (Rate * gradient[i]), after[i], tolerance);
    }

    private double[][] Train(TrainOptions options, int[] replicas, int steps)
    {
        using var plan = TrainPlan.Compile(options with { Replicas = replicas.Length });
        for (var place = 0; place < replicas.Length; place++)
        {
            plan.SetParameters(place, Normal("init", replicas[place], Student.Layout.Count));
            if (options.Teacher is not null)
                plan.SetTeacher(place, Normal("teacher", replicas[place], Teacher.Layout.Count));
            plan.SetLearningRate(place, Rate);
            plan.SetSamples(place, plan.AddTable(Normal("inputs", replicas[place], Rows * 5), 5), plan.AddTable(Normal("targets", replicas[place], Rows * 3), 3));
            plan.SetBatches(place, new RandomSequence(1, "batch", replicas[place]));
        }

        plan.Run(0, steps, _team);
        return [.. replicas.Select((_, place) =>
        {
            var flat = new double[plan.ParameterCount];
            plan.GetParameters(place, flat);
            return flat;
        })];
    }

    /// <summary>The first batch of replica 3.</summary>
    private static Dictionary<Sym, double[]> Values(Sym x, Sym y, Sym[] parameters)
    {
        var (inputs, targets, picks) = (Normal("inputs", 3, Rows * 5), Normal("targets", 3, Rows * 3), new int[Batch]);
        new RandomSequence(1, "batch", 3).FillIndices(0, Rows, picks);
        var values = new Dictionary<Sym, double[]>
        {
            [x] = [.. picks.SelectMany(pick => inputs[(pick * 5)..((pick + 1) * 5)])],
            [y] = [.. picks.SelectMany(pick => targets[(pick * 3)..((pick + 1) * 3)])],
        };
        for (var i = 0; i < parameters.Length; i++)
            values[parameters[i]] = Student.Layout.Slots[i].Of<double>(Normal("init", 3, Student.Layout.Count)).ToArray();
        return values;
    }

    private static double[] Normal(string purpose, int replica, int count)
    {
        var values = new double[count];
        new RandomSequence(1, purpose, replica).FillNormal(0, values);
        // of a size with which layers neither die nor explode
        for (var i = 0; purpose is "init" or "teacher" && i < count; i++)
            values[i] *= 0.5;
        return values;
    }
}
