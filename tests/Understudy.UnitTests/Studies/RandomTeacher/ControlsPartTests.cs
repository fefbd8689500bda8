using Understudy.Engine;
using Understudy.Engine.Threading;
using Understudy.Lab.Configuration;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks.Layers;
using Understudy.Studies.RandomTeacher;
using Understudy.Studies.RandomTeacher.Parts;

namespace Understudy.UnitTests.Studies.RandomTeachers;

public sealed class ControlsPartTests
{
    [Fact]
    public void Permuted_images_have_the_pixels_of_their_image_in_an_order_of_their_own()
    {
        var config = (RandomTeacherConfig)ConfigReader.Read(MadeUp.Study, ["@smoke"]);
        using var team = new Team(1);
        var run = new MemoryRun(config, team);
        var pictures = Pictures.Load(config.Data, run);

        var permuted = pictures.Permuted(run, 0);

        var features = pictures.Train.Features;
        int[] Order(int image) => [.. Enumerable.Range(0, features).Select(at => pictures.Train.Values.Slice(image * features, features).IndexOf(permuted[(image * features) + at]))];
        for (var image = 0; image < pictures.Train.Count; image++)
            Assert.Equal(pictures.Train.Values.Slice(image * features, features).ToArray().Order(), permuted.AsSpan(image * features, features).ToArray().Order());
        Assert.NotEqual(Order(0), Order(1));
        Assert.Equal(permuted, pictures.Permuted(run, 0));
        Assert.NotEqual(permuted, pictures.Permuted(run, 1));
    }

    [Fact]
    public void The_channels_of_a_pixel_stay_together()
    {
        var config = (RandomTeacherConfig)ConfigReader.Read(MadeUp.Study, ["@smoke"]);
        using var team = new Team(1);
        Understudy.Data.Datasets.FloatImages images = new(2, 3, 2, [.. Enumerable.Range(0, 24).Select(i => (float)i)], [0, 1], 2);

        var permuted = new Pictures(images, images, [], []).Permuted(new MemoryRun(config, team), 0);

        Assert.All(permuted.Chunk(2), pixel => Assert.Equal((0, pixel[0] + 1), (pixel[0] % 2, pixel[1])));
    }

    [Fact]
    public void Every_control_has_its_row()
    {
        var run = MemoryRun.Of(MadeUp.Study, ["@smoke", "parts=[controls]", "seeds=1"]).Recorded();
        var probes = run.Table<ProbeRow>("controls.probes");

        Assert.Equal(
            [(Subject.Teacher, "images"), (Subject.Student, "images"), (Subject.Student, "permuted"), (Subject.Recalibrated, "images"), (Subject.Shuffled, "images")],
            probes.Where(row => row.Subject != Subject.Input).Select(row => (row.Subject, row.Condition)));
        Assert.Equal([Subject.Teacher, Subject.Student], run.Table<AuditRow>("controls.audit").Select(row => row.Subject));
        Assert.All(run.Table<AuditRow>("controls.audit"), row =>
        {
            Assert.Equal(row.GradientNorm <= 1e-4, row.IsConverged);
            var probed = probes.Single(one => one.Subject == row.Subject && one.Condition == "images");
            Assert.Equal((probed.Lin, probed.LinGradient), (row.Lin, row.LinGradient));
        });
        Assert.Equal(["controls", "audit"], MadeUp.Study.Draw([run]).Select(figure => figure.Name));
    }

    [Fact]
    public void A_shuffled_student_has_the_entries_of_every_tensor_of_its_encoder_in_an_order_of_the_seed()
    {
        var config = (RandomTeacherConfig)ConfigReader.Read(MadeUp.Study, ["@smoke", "network.encoder=8 M 8"]);
        using var team = new Team(1);
        var run = new MemoryRun(config, team);
        var condition = Condition.Of(config, PartNames.Images);
        var teachers = new Teachers(condition.Build(Pictures.Shape(config.Data)), config, run);
        var layout = teachers.Network.Layout;
        // numbers that are all different tell any order
        double[] parameters = [.. Enumerable.Range(0, layout.Count).Select(i => (double)i)];
        double[] Of(int seed) => ControlsPart.Shuffled(new Student(condition, seed, teachers, parameters, new Replica(parameters), 0), run);

        var (shuffled, encoder) = (Of(0), teachers.Network.Encoder.Layout);

        Assert.All(encoder.Slots, slot =>
        {
            var (before, after, other) = (slot.Of<double>(parameters).ToArray(), slot.Of<double>(shuffled).ToArray(), slot.Of<double>(Of(1)).ToArray());
            Assert.Equal(before, after.Order());
            // of eight entries or more one order is rarely drawn twice
            Assert.NotEqual(before, after);
            Assert.NotEqual(after, other);
        });
        Assert.Equal(parameters[encoder.Count..], shuffled[encoder.Count..]);
        Assert.Equal(shuffled, Of(0));
    }

    [Fact]
    public void Without_batch_statistics_no_teacher_is_recalibrated()
    {
        var run = MemoryRun.Of(MadeUp.Study, ["@smoke", "parts=[controls]", "seeds=1", "network.normalization=none", "controls.permuted=false", "controls.audit=false"]).Recorded();

        Assert.Equal([Subject.Input, Subject.Teacher, Subject.Student, Subject.Shuffled], run.Table<ProbeRow>("controls.probes").Select(row => row.Subject));
        Assert.Equal(["controls"], MadeUp.Study.Draw([run]).Select(figure => figure.Name));
    }

    [Fact]
    public void Controls_that_are_not_wanted_are_left_out()
    {
        var run = MemoryRun.Of(MadeUp.Study, ["@smoke", "parts=[controls]", "seeds=1", "controls.permuted=false", "controls.shuffled=false", "controls.audit=false"]).Recorded();

        Assert.Equal([Subject.Input, Subject.Teacher, Subject.Student], run.Table<ProbeRow>("controls.probes").Select(row => row.Subject));
        Assert.DoesNotContain("controls.audit", run.Tables);
    }

    /// <summary>A student that nobody trains.</summary>
    private sealed class Replica(double[] student) : IStudentReplicas
    {
        public int Replicas => 1;

        public DType Precision => DType.F32;

        public int CarriedCount => 0;

        public void GetStudent(int replica, Span<double> parameters) => student.CopyTo(parameters);

        public void GetCarried(int replica, Span<double> carried)
        {
        }

        public void SetCarried(int replica, ReadOnlySpan<double> carried)
        {
        }

        public IReadOnlyList<ChannelStatistics> Statistics(int replica) => [];

        public (double Loss, double GradientNorm) LastStep(int replica) => default;
    }
}
