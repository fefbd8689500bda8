using Understudy.Engine.Threading;
using Understudy.Lab.Configuration;
using Understudy.Studies.RandomTeacher;
using Understudy.Studies.RandomTeacher.Parts;

namespace Understudy.UnitTests.Studies.RandomTeachers;

public sealed class TargetsPartTests
{
    private static readonly RandomTeacherConfig Config = (RandomTeacherConfig)ConfigReader.Read(MadeUp.Study, ["@smoke", "data.train=1000", "data.test=500"]);

    /// <summary>Students of digits with 1,000 labels, and of labels that say nothing: training is what we think it is.</summary>
    [Fact]
    public void Labels_teach_classes_and_drawn_labels_do_not()
    {
        var rows = MemoryRun.Of(MadeUp.Study,
            ["@smoke", "parts=[targets]", "seeds=1", "data.train=600", "data.test=300", "training.steps=250", "training.learningRate=0.003", "network.encoder=8 8 M 16 16 M 16 M", "targets.labelNoise=[0,1]", "targets.temperatures=[]", "targets.inputs=false", "probes.epochs=10"])
            .Recorded().Table<ProbeRow>("targets.probes");
        double Knn(string condition) => rows.Single(row => row.Condition == condition && row.Subject == Subject.Student).Knn;

        Assert.Equal(["images", "images", TargetsPart.Labels(0), TargetsPart.Labels(1)], rows.Where(row => row.Subject != Subject.Input).Select(row => row.Condition));
        // at the size of the preset digits 94 % and 57 %
        Assert.True(Knn(TargetsPart.Labels(0)) > Knn(TargetsPart.Labels(1)) + 10, string.Join(", ", rows));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0.45)]
    [InlineData(1, 0.9)]
    public void A_share_of_labels_is_drawn(double noise, double wrong)
    {
        using var team = new Team(1);
        var run = new MemoryRun(Config, team);
        var pictures = Pictures.Load(Config.Data, run);

        var rows = new Target(TargetKind.Labels, noise).Rows(pictures, 1000, 10, 1, run, 0);

        Assert.All(rows.Chunk(10), row => Assert.Equal((1, 9), (row.Count(logit => logit > 0), row.Count(logit => logit == 0))));
        var share = rows.Chunk(10).Zip(pictures.Train.Labels, (row, label) => row[label] == 0 ? 1 : 0).Average();
        // four standard deviations of a share of 1,000
        Assert.Equal(wrong, share, 4 * Math.Sqrt(wrong * (1 - wrong) / 1000));
    }

    [Fact]
    public void More_noise_keeps_the_labels_that_were_wrong_before()
    {
        using var team = new Team(1);
        var run = new MemoryRun(Config, team);
        var pictures = Pictures.Load(Config.Data, run);
        bool[] Wrong(double noise) => [.. new Target(TargetKind.Labels, noise).Rows(pictures, 1000, 10, 1, run, 0).Chunk(10).Zip(pictures.Train.Labels, (row, label) => row[label] == 0)];

        Assert.All(Wrong(0.2).Zip(Wrong(0.6)), pair => Assert.True(!pair.First || pair.Second));
    }

    [Fact]
    public void Logits_are_normal_and_divided_by_the_temperature()
    {
        using var team = new Team(1);
        var run = new MemoryRun(Config, team);
        var pictures = Pictures.Load(Config.Data, run);
        float[] Logits(double temperature, int seed) => new Target(TargetKind.Logits, temperature).Rows(pictures, 500, 40, 1, run, seed);

        var logits = Logits(1, 0);

        Assert.Equal(0, logits.Average(value => (double)value), 4 / Math.Sqrt(20_000));
        Assert.Equal(1, logits.Average(value => (double)value * value), 4 * Math.Sqrt(2.0 / 20_000));
        Assert.Equal(Array.ConvertAll(logits, value => value / 4), Logits(4, 0));
        Assert.NotEqual(logits, Logits(1, 1));
    }

    [Theory]
    [InlineData((int)TargetKind.Labels)]
    [InlineData((int)TargetKind.Logits)]
    public void The_temperature_of_teachers_makes_no_target_sharper(int kind)
    {
        using var team = new Team(1);
        var run = new MemoryRun(Config, team);
        var pictures = Pictures.Load(Config.Data, run);
        float[] Divided(double temperature) => Array.ConvertAll(new Target((TargetKind)kind, 0.5).Rows(pictures, 50, 10, temperature, run, 0), logit => logit / (float)temperature);

        // three roundings in single precision
        Assert.All(Divided(1).Zip(Divided(0.04)), pair => Assert.Equal(pair.First, pair.Second, 2e-7 * Math.Abs(pair.First)));
    }

    [Theory]
    [InlineData(0.07, "labels, 7% drawn")]
    [InlineData(0.29, "labels, 29% drawn")]
    [InlineData(0.125, "labels, 12.5% drawn")]
    public void Shares_are_written_as_they_were_given(double share, string words) => Assert.Equal(words, TargetsPart.Labels(share));

    [Fact]
    public void Pixels_are_their_own_target()
    {
        using var team = new Team(1);
        var run = new MemoryRun(Config, team);
        var pictures = Pictures.Load(Config.Data, run);

        Assert.Equal(pictures.Train.Values[..(10 * 64)].ToArray(), new Target(TargetKind.Inputs).Rows(pictures, 10, 64, 1, run, 0));
    }

    [Fact]
    public void Every_target_has_a_student_for_every_seed_and_one_teacher()
    {
        var run = MemoryRun.Of(MadeUp.Study, ["@smoke", "parts=[targets]", "targets.outputs=12", "targets.temperatures=[1,2]"]).Recorded();
        var rows = run.Table<ProbeRow>("targets.probes");

        Assert.Equal(2 * 7, rows.Count(row => row.Subject == Subject.Student));
        Assert.Equal([0, 1], rows.Where(row => row.Subject == Subject.Teacher).Select(row => row.Seed));
        Assert.Equal(["targets"], MadeUp.Study.Draw([run]).Select(figure => figure.Name));
    }

    [Theory]
    [InlineData("targets.labelNoise=[0,1.5]", "targets.labelNoise must hold numbers between 0 and 1, none twice.")]
    [InlineData("targets.temperatures=[0]", "targets.temperatures must hold positive numbers, none twice.")]
    [InlineData("targets.labelNoise=[0.07,0.07000000000000001]", "targets.labelNoise must hold numbers between 0 and 1, none twice.")]
    [InlineData("targets.outputs=0", "targets.outputs (0) must be at least 1.")]
    [InlineData("training.teacherTemperature=0.04", "targets.inputs needs temperatures of 1, as squared differences have none: leave training.teacherTemperature and training.studentTemperature there, or set targets.inputs=false.")]
    public void What_does_not_fit_is_told(string setting, string problem)
        => Assert.Contains(problem, Assert.Throws<ConfigException>(() => ConfigReader.Read(MadeUp.Study, ["@smoke", "parts=[targets]", setting])).Message, StringComparison.Ordinal);
}
