using Understudy.Data;
using Understudy.Data.Formats;
using Understudy.Engine.Threading;
using Understudy.Lab;
using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;
using Understudy.Studies.Specialization;
using Understudy.UnitTests.Lab;

namespace Understudy.UnitTests.Studies.Specialization;

public sealed class TeacherFileTests : IDisposable
{
    private static readonly IStudy Study = new SpecializationStudy();
    private readonly TestFolder _folder = new();
    private int _files;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_teacher_is_read_as_it_was_written()
    {
        var teacher = TeacherFile.Load(Settings(Write(Fixture.Teacher(0))), 2, 0);

        Assert.Equal(Fixture.Teacher(0).ToFlat(), teacher.ToFlat());
    }

    [Fact]
    public void Any_network_of_a_stack_can_be_the_teacher()
    {
        float[] hidden = [.. Enumerable.Range(1, 12).Select(i => (float)i)];
        var path = Save(
            Tensor.Of("r2.hidden.weight", hidden, 3, 2, 2), Tensor.Of("r2.hidden.bias", new float[6], 3, 2),
            Tensor.Of("r2.output.weight", new float[12], 3, 2, 2), Tensor.Of("r2.output.bias", new float[6], 3, 2));

        var teacher = TeacherFile.Load(Settings(path) with { Network = "r2", Index = 1 }, 2, 0.1);

        Assert.Equal([5, 6, 7, 8], teacher.Weights);
        Assert.Equal(0.1, teacher.Activation.Slope);
    }

    [Fact]
    public void A_student_with_several_layers_can_be_the_next_teacher()
    {
        string[] shape = ["@smoke", "parts=[multi-layer]", "seeds=2", "multiLayer.training.losses=[mse]", "multiLayer.data.samples=[40]", "multiLayer.training.epochs=[2]"];
        var first = Run([.. shape, "multiLayer.networks.overRealization=[2]"]);
        var saved = first.Saved.Where(item => item.Key.Name == "multi-layer.weights").Select(item => item.Value).ToArray();
        Assert.Equal(2, saved.Length);
        var path = Save([.. saved[^1]]);

        var second = Run([.. shape, "multiLayer.networks.hidden=[6,8]", "multiLayer.networks.overRealization=[1]", $"multiLayer.networks.teacherFile={path}", "multiLayer.networks.teacherNetwork=r2.mse.n40", "multiLayer.networks.teacherIndex=1"]);

        var weight = saved[^1].Single(tensor => tensor.Name == "r2.mse.n40.layer.1.weight");
        var teacher = second.Saved.First(item => item.Key.Name == "multi-layer.weights").Value.Single(tensor => tensor.Name == "teacher.layer.1.weight");
        Assert.Equal([2, 6, 8], teacher.Shape);
        // the same teacher for both seeds
        Assert.Equal(weight.Floats[48..].ToArray(), teacher.Floats[..48].ToArray());
        Assert.Equal(weight.Floats[48..].ToArray(), teacher.Floats[48..].ToArray());
        Assert.Contains(
            "r2.mse.n40.layer.0.weight is [2, 5, 6], but the settings ask for [5, 3]: set networks.hidden, networks.outputs and data.dimension to the file's",
            Assert.Throws<ConfigException>(() => ConfigReader.Read(Study, [.. shape, $"multiLayer.networks.teacherFile={path}", "multiLayer.networks.teacherNetwork=r2.mse.n40"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("two-layer", "twoLayer")]
    [InlineData("phase", "phase")]
    public void A_file_that_changes_while_a_part_is_trained_is_noticed_when_it_goes_on(string part, string section)
    {
        using var team = new Team(1);
        var path = Write(Fixture.Teacher(0));
        var config = ConfigReader.Read(Study, ["@smoke", $"parts=[{part}]", $"{section}.teacher.file={path}", $"{section}.teacher.nodes=2", $"{section}.teacher.outputs=2", $"{section}.teacher.fanOutDecay=[0]", $"{section}.data.dimension=2"]);
        var run = new MemoryRun(config, team);
        using var stop = new CancellationTokenSource();
        var checkpoints = 0;
        run.Checkpointed = (_, _) =>
        {
            // the checkpoint after the change still has the teacher that was trained on
            if (++checkpoints == 1)
                File.Copy(Write(Fixture.Teacher(0).WithFlat([.. Fixture.Teacher(0).ToFlat().Select(value => value + 1)])), path, overwrite: true);
            if (checkpoints == 2)
                stop.Cancel();
        };

        Assert.Throws<OperationCanceledException>(() => Study.Run(config, run, stop.Token));
        run.Checkpointed = (_, _) => { };

        Assert.Contains("is not the teacher this run began with", Assert.Throws<RunException>(() => Study.Run(config, run, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_a_file_is_said_with_its_name()
    {
        var (good, missing, weights) = (Write(Fixture.Teacher(0)), Path.Combine(_folder.Path, "none.safetensors"), new double[4]);
        var dead = Save(
            Tensor.Of("hidden.weight", weights, 2, 2), Tensor.Of("hidden.bias", new double[2], 2), Tensor.Of("output.weight", weights, 2, 2), Tensor.Of("output.bias", new double[2], 2));
        var integers = Save(Tensor.Of("hidden.weight", new int[4], 2, 2));

        Fails($"{missing}: it cannot be read: there is no such file", Settings(missing));
        Fails("hidden.weight is [2, 2], but the settings ask for [3, 2]", Settings(good) with { Nodes = 3 });
        Fails("there is no tensor r2.hidden.weight; it holds hidden.bias [2], hidden.weight [2, 2], output.bias [2], output.weight [2, 2].", Settings(good) with { Network = "r2" });
        Fails("has 1 network, so teacher.index must be below 1, not 4", Settings(good) with { Index = 4 });
        Fails("all weights of hidden node 0 are 0", Settings(dead));
        Fails("hidden.weight holds I32", Settings(integers));

        static void Fails(string expected, TeacherConfig settings)
            => Assert.Contains(expected, Assert.Throws<UnreadableFileException>(() => TeacherFile.Load(settings, 2, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_do_not_fit_the_file_are_refused_before_the_run()
    {
        var config = new SpecializationConfig { TwoLayer = new RecoveryConfig { Teacher = Settings(Write(Fixture.Teacher(0))) with { FanOutDecay = [1] } } };

        Assert.Collection(
            config.Problems(),
            first => Assert.Equal("twoLayer.teacher.fanOutDecay must be [0] with twoLayer.teacher.file: the fan-outs are those of the file.", first),
            second => Assert.Contains("hidden.weight is [2, 2], but the settings ask for [2, 50]", second, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_seed_learns_from_the_teacher_of_the_file_and_goes_on_from_no_other()
    {
        var path = Write(Fixture.Teacher(0));
        using var team = new Team(2);
        var config = ConfigReader.Read(Study, [
            "@smoke", "parts=[two-layer]", $"twoLayer.teacher.file={path}", "twoLayer.teacher.fanOutDecay=[0]", "twoLayer.teacher.nodes=2", "twoLayer.teacher.outputs=2", "twoLayer.data.dimension=2",
        ]);
        var run = new MemoryRun(config, team);
        using var stop = new CancellationTokenSource();
        run.Checkpointed = (_, step) =>
        {
            if (step == 200)
                stop.Cancel();
        };

        Assert.Throws<OperationCanceledException>(() => Study.Run(config, run, stop.Token));
        run.Checkpointed = (_, _) => { };
        var other = Fixture.Teacher(0);
        other.Biases[0] += 1e-9;
        File.Move(Write(other), path, overwrite: true);
        var refused = Assert.Throws<RunException>(() => Study.Run(config, run, CancellationToken.None));
        File.Move(Write(Fixture.Teacher(0)), path, overwrite: true);
        Study.Run(config, run, TestContext.Current.CancellationToken);

        Assert.StartsWith($"{path} is not the teacher this run began with", refused.Message, StringComparison.Ordinal);
        var nodes = run.Recorded().Table<NodeRow>("two-layer.nodes").Where(row => row.Epoch == 4).ToArray();
        Assert.Equal([0, 1], nodes.Select(row => row.Seed).Distinct());
        Assert.All(nodes, row => Assert.Equal(Fixture.Teacher(0).FanOutNorm(row.Node), row.FanOut, 1e-12));
    }

    private static TeacherConfig Settings(string path) => new() { Nodes = 2, Outputs = 2, FanOutDecay = [0], File = path };

    private string Write(TwoLayerNetwork network)
    {
        var output = Enumerable.Range(0, network.Outputs).SelectMany(c => Enumerable.Range(0, network.Nodes).Select(k => network.FanOut(k)[c])).ToArray();
        return Save(
            Tensor.Of("hidden.weight", network.Weights, network.Nodes, network.Inputs), Tensor.Of("hidden.bias", network.Biases, network.Nodes),
            Tensor.Of("output.weight", output, network.Outputs, network.Nodes), Tensor.Of("output.bias", network.OutputBiases, network.Outputs));
    }

    private string Save(params Tensor[] tensors)
    {
        var path = Path.Combine(_folder.Path, $"teacher-{_files++}.safetensors");
        using var stream = File.Create(path);
        SafeTensors.Write(stream, tensors);
        return path;
    }

    private static MemoryRun Run(string[] settings) => MemoryRun.Of(Study, settings);
}
