using System.Reflection;
using Understudy.Engine.Random;
using Understudy.Lab.Configuration;
using Understudy.Studies.RandomTeacher;

namespace Understudy.UnitTests.Studies.RandomTeachers;

public class RandomTeacherProblemsTests
{
    private const int Pairs = 50;

    private static readonly RandomTeacherStudy Study = new();

    /// <summary>All parts at a size at which networks are built at once.</summary>
    private static readonly RandomTeacherConfig Small = (RandomTeacherConfig)ConfigReader.Read(Study,
    [
        "@smoke", "parts=[distillation,valley,locality,sizes,transfer,architectures,outputs,bottlenecks,restart,connectivity,tickets,ladder]", "sizes.images=[20,40,60,80]", "architectures.encoders=[4 M 6,mlp-8-1]",
        "connectivity.training.images=40", "connectivity.training.batch=20", "tickets.training.images=40", "tickets.training.batch=20",
    ]);

    [Theory]
    [InlineData("parts must hold at least one part, none twice.", "parts=[]")]
    [InlineData("parts must hold at least one part, none twice.", "parts=[valley,valley]")]
    [InlineData("seeds (0) must be at least 1.", "seeds=0")]
    [InlineData("training.teacherTemperature and training.studentTemperature are for training.objective=cross-entropy: leave them at 1.", "training.objective=cosine", "training.studentTemperature=2")]
    [InlineData("Part valley is about the loss at temperatures of 1: leave training.teacherTemperature and training.studentTemperature there.", "training.teacherTemperature=2")]
    [InlineData("network.bottleneck must be above 0 for part bottlenecks: a head without one has no shape.", "parts=[bottlenecks]", "network.bottleneck=0")]
    [InlineData("training.batch (0) must be at least 1.", "training.batch=0")]
    [InlineData("training.steps (0) must be at least 1.", "training.steps=0")]
    [InlineData("probes.moments (0) must be at least 1.", "probes.moments=0")]
    [InlineData("probes.epochs (0) must be at least 1.", "probes.epochs=0")]
    [InlineData("probes.neighbors (0) must be at least 1.", "probes.neighbors=0")]
    [InlineData("valley.steps (0) must be at least 1.", "valley.steps=0")]
    [InlineData("valley.images (0) must be at least 1.", "valley.images=0")]
    [InlineData("data.train (0) must be at least 1.", "data.train=0")]
    [InlineData("data.test (0) must be at least 1.", "data.test=0")]
    [InlineData("data.train and data.test must add up to at most 1,797, the images of digits.", "data.set=digits", "data.train=1298", "data.test=500")]
    [InlineData("data.train and data.test must be at most 50,000 and 10,000, the images of Cifar10.", "data.train=50001")]
    [InlineData("data.train and data.test must be at most 60,000 and 10,000, the images of Mnist.", "data.set=mnist", "data.test=10001")]
    [InlineData("data.size (3) must lie between 4 and 64, or be null for the size of the set.", "data.size=3")]
    [InlineData("data.size (65) must lie between 4 and 64, or be null for the size of the set.", "data.size=65")]
    [InlineData("data.train (4) must be at least 5: a probe chooses its penalty on a fifth of the images.", "data.train=4")]
    [InlineData("data.set=folder needs data.folder, the path, and data.size, the rows and columns its images are brought to.", "data.set=folder")]
    [InlineData("data.set=folder needs data.folder, the path, and data.size, the rows and columns its images are brought to.", "data.set=folder", "data.folder=images", "data.size=null")]
    [InlineData("For transfer.set, data.set=folder needs data.folder, the path,", "parts=[transfer]", "transfer.set=folder")]
    [InlineData("training.learningRate: The schedule \"fast\" has 'f' at place 1, where a number or one of", "training.learningRate=fast")]
    [InlineData("training.weightDecay and training.clipNorm must not be negative.", "training.weightDecay=-1")]
    [InlineData("training.weightDecay and training.clipNorm must not be negative.", "training.clipNorm=-1")]
    [InlineData("training.beta1, training.beta2 and training.momentum must lie in [0, 1).", "training.beta2=1")]
    [InlineData("training.start=neighbor is not for distillation.far and part locality, which go as far as an independent draw: set distillation.far=false.", "training.start=neighbor")]
    [InlineData("training.alpha (1.5) must lie between 0 and 1.", "training.alpha=1.5")]
    [InlineData("training.teacherTemperature and training.studentTemperature must be positive.", "training.teacherTemperature=0")]
    [InlineData("training.teacherTemperature and training.studentTemperature must be positive.", "training.studentTemperature=-1")]
    [InlineData("training.batch (20001) must be at most data.train (20000).", "training.batch=20001")]
    [InlineData("probes.images (4) must lie between 5 and data.train (20000), or be null for all.", "probes.images=4")]
    [InlineData("probes.images (20001) must lie between 5 and data.train (20000), or be null for all.", "probes.images=20001")]
    [InlineData("probes.neighbors (20) must be at most the images that probes are fitted to.", "probes.images=19")]
    [InlineData("tracking.tables must hold some of vectors, tensors, activations and features, none twice.", "tracking.tables=[vectors,vectors]")]
    [InlineData("tracking.images (20001) must lie between 0 and data.train (20000).", "tracking.images=20001")]
    [InlineData("tracking.images (-1) must lie between 0 and data.train (20000).", "tracking.images=-1")]
    [InlineData("network.normalizedHead is not for part valley: a point between teacher and student would need statistics of its own. Run it without.", "network.normalizedHead=true")]
    [InlineData("network.normalizedHead needs hidden layers in network.head: without one there is nothing to normalize.", "network.normalizedHead=true", "parts=[distillation]", "network.head=[]")]
    [InlineData("network.normalizedHead needs training.batch above 1: the statistics of one image leave nothing of it.", "network.normalizedHead=true", "parts=[distillation]", "training.batch=1")]
    [InlineData("distillation.keptMoments must hold some of best, least-rank and largest-loss, none twice; the last moment is kept anyway.", "distillation.keptMoments=[best,last]")]
    [InlineData("valley.keptMoments must hold some of best, least-rank and largest-loss, none twice; the last moment is kept anyway.", "valley.keptMoments=[least-rank,least-rank]")]
    [InlineData("valley.keptMoments=best needs probes.moments above 1 and probes.validation above 0: of one moment there is no choice.", "valley.keptMoments=[best]", "probes.moments=1")]
    [InlineData("connectivity.moment=best needs probes.moments above 1 and probes.validation above 0: of one moment there is no choice.", "parts=[connectivity]", "connectivity.moment=best", "probes.validation=0")]
    [InlineData("tickets.moment=best needs probes.moments above 1 and probes.validation above 0: of one moment there is no choice.", "parts=[tickets]", "tickets.moment=best", "probes.moments=1")]
    [InlineData("probes.validation (0.1) leaves too few images that probes are fitted to: at least 76.", "@smoke", "parts=[valley]", "valley.keptMoments=[best]", "probes.neighbors=75", "probes.moments=2")]
    [InlineData("probes.validation (0.6) must lie between 0 and 0.5.", "probes.validation=0.6")]
    [InlineData("probes.validation (0.5) leaves too few images that probes are fitted to: at least 21. Take 0 for no choice of a moment.", "probes.validation=0.5", "probes.images=40")]
    [InlineData("probes.validation (0.1) leaves too few images that probes are fitted to: at least 76.", "@smoke", "parts=[valley,distillation]", "probes.neighbors=75", "probes.moments=2")]
    [InlineData("probes.moments (627) must be at most training.steps (626).", "probes.moments=627")]
    [InlineData("network.head and network.outputs must be positive, network.bottleneck at least 0.", "network.head=[0]")]
    [InlineData("network.head and network.outputs must be positive, network.bottleneck at least 0.", "network.outputs=0")]
    [InlineData("network.head and network.outputs must be positive, network.bottleneck at least 0.", "network.bottleneck=-1")]
    [InlineData("network cannot be built for images of [16, 16, 3]: There is no encoder vgg12; there are vgg11, vgg13,", "network.encoder=vgg12")]
    [InlineData("network cannot be built for images of [16, 16, 3]: A bottleneck has six fields such as -/lb/fn/wn/l/-, but fn has 1.", "network.shape=fn")]
    [InlineData("network has 402,914,482 parameters, more than 200,000,000.", "network.head=[20000,20000]", "network.bottleneck=1", "network.outputs=1")]
    [InlineData("network has more than 200,000,000 parameters.", "network.head=[100000,100000]")]
    [InlineData("training.alpha must be above 0 for a network without batch normalization: a student that is its teacher has no gradient. Take 1e-4.", "training.alpha=0", "network.normalization=layer")]
    [InlineData("training.alpha must be above 0 for part valley: a student that is its teacher has no gradient. Take 1e-4.", "training.alpha=0")]
    [InlineData("valley.normalization must not be batch: a point between teacher and student would need statistics of its own. Take none.", "valley.normalization=batch")]
    [InlineData("network with valley.normalization cannot be built for images of [16, 16, 3]: ", "valley.normalization=group", "network.encoder=12 M 16")]
    [InlineData("probes.moments (3) must be at most valley.steps (2).", "valley.steps=2", "probes.moments=3")]
    [InlineData("valley.images and valley.planeImages must be at most data.train (20000).", "valley.images=20001")]
    [InlineData("valley.images and valley.planeImages must be at most data.train (20000).", "valley.planeImages=20001")]
    [InlineData("valley.plane (1) must lie between 2 and 200, or be 0 for no plane.", "valley.plane=1")]
    [InlineData("valley.planeImages (0) must be at least 1.", "valley.plane=3", "valley.planeImages=0")]
    [InlineData("locality.alphas must hold numbers between 0 and 1, at least one, none twice.", "parts=[locality]", "locality.alphas=[2]")]
    [InlineData("locality.alphas must be above 0 for a network without batch normalization: a student that is its teacher has no gradient. Take 1e-4 for 0.", "parts=[locality]", "locality.alphas=[0,1]", "network.normalization=none")]
    [InlineData("sizes.images must hold numbers between training.batch (64) and data.train (20000), at least one, none twice.", "parts=[sizes]", "sizes.images=[63]")]
    [InlineData("transfer.set must be another set than data.set (Cifar10).", "parts=[transfer]", "transfer.set=cifar10")]
    [InlineData("transfer.set (FashionMnist) has other channels than data.set (Cifar10): set data.gray=true.", "parts=[transfer]")]
    [InlineData("For transfer.set, data.train and data.test must add up to at most 1,797, the images of digits.", "parts=[transfer]", "transfer.set=digits", "data.gray=true")]
    [InlineData("architectures.encoders must hold encoders, at least one, none twice.", "parts=[architectures]", "architectures.encoders=[]")]
    [InlineData("architectures.encoders (vgg1) cannot be built for images of [16, 16, 3]: There is no encoder vgg1;", "parts=[architectures]", "architectures.encoders=[vgg1]")]
    [InlineData("outputs.outputs must hold positive numbers, at least one, none twice.", "parts=[outputs]", "outputs.outputs=[0]")]
    [InlineData("outputs.outputs (2000000000) has more than 200,000,000 parameters.", "parts=[outputs]", "outputs.outputs=[2000000000]")]
    [InlineData("bottlenecks.shapes must hold shapes, at least one, none twice.", "parts=[bottlenecks]", "bottlenecks.shapes=[-/lb/fn/wn/l/-,-/lb/fn/wn/l/-]")]
    [InlineData("bottlenecks.shapes (-/-/-/-/-/-) cannot be built for images of [16, 16, 3]: The bottleneck -/-/-/-/-/- has no linear layer.", "parts=[bottlenecks]", "bottlenecks.shapes=[-/-/-/-/-/-]")]
    [InlineData("connectivity.orders (1) must be at least 2.", "parts=[connectivity]", "connectivity.orders=1")]
    [InlineData("connectivity.positions (2) must be at least 3.", "parts=[connectivity]", "connectivity.positions=2")]
    [InlineData("connectivity.lineImages (0) must be at least 1.", "parts=[connectivity]", "connectivity.lineImages=0")]
    [InlineData("connectivity.steps (0) must be at least 1.", "parts=[connectivity]", "connectivity.steps=0")]
    [InlineData("connectivity.training.images (0) must be at least 1.", "parts=[connectivity]", "connectivity.training.images=0")]
    [InlineData("connectivity.training.epochs (0) must be at least 1.", "parts=[connectivity]", "connectivity.training.epochs=0")]
    [InlineData("connectivity.training.batch (0) must be at least 1.", "parts=[connectivity]", "connectivity.training.batch=0")]
    [InlineData("connectivity.training.images (10000) must be at most data.train (5000).", "parts=[connectivity]", "data.train=5000")]
    [InlineData("connectivity.training.batch (128) must be at most connectivity.training.images (100).", "parts=[connectivity]", "connectivity.training.images=100")]
    [InlineData("connectivity.training.momentum must be at least 0 and below 1, connectivity.training.weightDecay at least 0.", "parts=[connectivity]", "connectivity.training.momentum=1")]
    [InlineData("tickets.training.momentum must be at least 0 and below 1, tickets.training.weightDecay at least 0.", "parts=[tickets]", "tickets.training.weightDecay=-1")]
    [InlineData("tickets.training.shift (17) must lie between 0 and 16.", "parts=[tickets]", "tickets.training.shift=17")]
    [InlineData("tickets.training.learningRate: The schedule \"fast\" has 'f' at place 1, where a number or one of", "parts=[tickets]", "tickets.training.learningRate=fast")]
    [InlineData("training.alpha must be above 0 for part tickets: a student that is its teacher has no gradient. Take 1e-4.", "parts=[tickets]", "training.alpha=0")]
    [InlineData("tickets.rounds (0) must be at least 1.", "parts=[tickets]", "tickets.rounds=0")]
    [InlineData("tickets.evaluation (0) must be at least 1.", "parts=[tickets]", "tickets.evaluation=0")]
    [InlineData("tickets.rewind (-1) must be at least 0 and a step or more below tickets.training.epochs (30).", "parts=[tickets]", "tickets.rewind=-1")]
    // 78 steps are an epoch, so that it is rounded to the last step
    [InlineData("tickets.rewind (29.999) must be at least 0 and a step or more below tickets.training.epochs (30).", "parts=[tickets]", "tickets.rewind=29.999")]
    public void Settings_that_cannot_be_are_told(string sentence, params string[] settings)
        => Assert.Contains(sentence, Assert.Throws<ConfigException>(() => ConfigReader.Read(Study, settings)).Message, StringComparison.Ordinal);

    [Fact]
    public void Images_for_a_choice_of_a_moment_are_asked_for_where_one_is_chosen()
        => Assert.Empty(ConfigReader.Read(Study, ["@smoke", "parts=[valley]", "probes.neighbors=75", "probes.moments=2"]).Problems());

    [Fact]
    public void A_network_that_cannot_be_built_is_told_once_whatever_parts_there_are()
        => Assert.Single((Small with { Network = new NetworkConfig { Encoder = "vgg12" }, Parts = [RandomTeacherPart.Valley, RandomTeacherPart.Connectivity] }).Problems());

    [Fact]
    public void Numbers_that_are_none_are_told()
    {
        var training = new DistilledConfig();
        RandomTeacherConfig[] configs =
        [
            .. new[] { double.NaN, double.PositiveInfinity }.SelectMany(number => new[]
            {
                training with { WeightDecay = number }, training with { ClipNorm = number }, training with { Alpha = number }, training with { TeacherTemperature = number }, training with { StudentTemperature = number },
            }).Select(own => Small with { Training = own with { Batch = 20, Steps = 8 } }),
            .. new[] { double.NaN, double.PositiveInfinity }.SelectMany(number => new[]
            {
                Small with { Tickets = Small.Tickets with { Rewind = number } }, Small with { Locality = new LocalityConfig { Alphas = [number] } },
                Small with { Connectivity = Small.Connectivity with { Training = Small.Connectivity.Training with { Momentum = number } } },
                Small with { Connectivity = Small.Connectivity with { Training = Small.Connectivity.Training with { WeightDecay = number } } },
            }),
        ];

        Assert.All(configs, config => Assert.Single(config.Problems()));
    }

    [Fact]
    public void No_setting_throws_and_what_has_no_problems_has_an_estimate()
    {
        Assert.Empty(Small.Problems());
        var changes = Changes(typeof(RandomTeacherConfig), "").ToArray();
        var drawn = new int[2 * Pairs];
        new RandomSequence(3, "settings").FillIndices(0, changes.Length, drawn);

        Assert.All(changes, change => Check((RandomTeacherConfig)change.Apply(Small)));
        Assert.All(drawn.Chunk(2), pair => Check((RandomTeacherConfig)changes[pair[0]].Apply(changes[pair[1]].Apply(Small))));

        static void Check(RandomTeacherConfig config)
        {
            if (config.Problems().Any())
                return;
            var estimate = Study.Estimate(config, threads: 1);
            Assert.True(estimate.Time > TimeSpan.Zero && estimate.Memory > 0);
        }
    }

    /// <summary>Every setting with every value that is at an edge, as functions of a configuration.</summary>
    private static IEnumerable<(string Name, Func<object, object> Apply)> Changes(Type type, string path)
    {
        foreach (var property in type.GetProperties().Where(property => property.CanWrite && property.Name != nameof(RandomTeacherConfig.Seed)))
        {
            var name = $"{path}{property.Name}";
            var inner = property.PropertyType.Namespace == type.Namespace && property.PropertyType.IsClass
                ? Changes(property.PropertyType, $"{name}.").Select(change => (change.Name, (Func<object, object>)(record => With(record, property, change.Apply(property.GetValue(record)!)))))
                : Edges(property.PropertyType).Select(value => ($"{name}={value}", (Func<object, object>)(record => With(record, property, value))));
            foreach (var change in inner)
                yield return change;
        }
    }

    private static object With(object record, PropertyInfo property, object? value)
    {
        var copy = record.GetType().GetMethod("<Clone>$")!.Invoke(record, null)!;
        property.SetValue(copy, value);
        return copy;
    }

    private static IEnumerable<object?> Edges(Type type)
    {
        int[] counts = [int.MinValue, 0, 1, 17, int.MaxValue];
        double[] numbers = [double.NaN, -1, 0, 1e-300, 1e300, double.PositiveInfinity];
        if (type == typeof(int))
            return counts.Cast<object?>();
        if (type == typeof(int?))
            return counts.Cast<object?>().Append(null);
        if (type == typeof(double))
            return numbers.Cast<object?>();
        if (type == typeof(bool))
            return [false, true];
        if (type == typeof(bool?))
            return [false, true, null];
        if (type.IsEnum)
            return Enum.GetValues(type).Cast<object?>();
        if (type == typeof(string))
            return ["", "?", "M", "1", "-1", "99999999999", "2147483647 2147483647", "flatten", "vit-tied-tiny", "-/l/-/-/-/-", "steps(0.1, 0.1, 0.5)", "const(1e400)"];
        if (type == typeof(IReadOnlyList<int>))
            return [Array.Empty<int>(), new[] { 1, 1 }, .. counts.Select(count => new[] { count })];
        if (type == typeof(IReadOnlyList<double>))
            return [Array.Empty<double>(), new[] { 1.0, 1 }, .. numbers.Select(number => new[] { number })];
        if (type == typeof(IReadOnlyList<string>))
            return new string[][] { [], ["?"], ["1", "1"], ["2147483647 2147483647"], ["flatten"], ["-/l/-/-/-/-"] };
        if (type == typeof(IReadOnlyList<LadderRung>))
            return [Array.Empty<LadderRung>(), .. Enum.GetValues<LadderRung>().Select(rung => new[] { rung })];
        if (type == typeof(IReadOnlyList<TrackedNumbers>))
            return [Array.Empty<TrackedNumbers>(), .. Enum.GetValues<TrackedNumbers>().Select(table => new[] { table })];
        if (type == typeof(IReadOnlyList<StudentMoment>))
            return [Array.Empty<StudentMoment>(), .. Enum.GetValues<StudentMoment>().Select(moment => new[] { moment })];
        Assert.Equal(typeof(IReadOnlyList<RandomTeacherPart>), type);
        return [Array.Empty<RandomTeacherPart>(), .. Enum.GetValues<RandomTeacherPart>().Select(part => new[] { part })];
    }
}
