using Understudy.Engine.Threading;
using Understudy.Lab.Configuration;
using Understudy.Studies.RandomTeacher;

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
    public void Controls_that_are_not_wanted_are_left_out()
    {
        var run = MemoryRun.Of(MadeUp.Study, ["@smoke", "parts=[controls]", "seeds=1", "controls.permuted=false", "controls.shuffled=false", "controls.audit=false"]).Recorded();

        Assert.Equal([Subject.Input, Subject.Teacher, Subject.Student], run.Table<ProbeRow>("controls.probes").Select(row => row.Subject));
        Assert.DoesNotContain("controls.audit", run.Tables);
    }
}
