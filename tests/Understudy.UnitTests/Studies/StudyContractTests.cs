using System.Globalization;
using System.Text.RegularExpressions;
using Understudy.Engine.Random;
using Understudy.Lab;
using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;
using Understudy.Studies;

namespace Understudy.UnitTests.Studies;

/// <summary>What every study in the catalogue keeps; a new study is covered as soon as it is listed there.</summary>
/// <remarks>What is derived from recorded runs is tested in <see cref="StudyReportTests"/>.</remarks>
public sealed partial class StudyContractTests(SmokeRuns runs)
{
    /// <summary>The checksum of all tables and arrays of the preset smoke, the same on every processor and at every register width.</summary>
    /// <remarks>
    /// These numbers are results: whoever changes one names the change of numeric results in CHANGELOG.md. A new study adds its own line.
    /// That narrower registers give the same bytes is tested with the tool as a process, in Understudy.EndToEndTests.
    /// </remarks>
    private static readonly Dictionary<string, string> Checksums = new(StringComparer.Ordinal)
    {
        ["hessian"] = "5de4c0a70a6dfb41b4606802d3ddde831c13573a19df6a421666534e2f37239a",
        ["random-teacher"] = "61a2c50009dc161b76e0e026f2b39e337e1415b63420b6360440f6de872d6855",
        ["specialization"] = "24800eaacb1f93f09df27c15613b771ba3ba564b74b93e941f7e58a3dda66b23",
    };

    public static TheoryData<string> Names => [.. StudyCatalog.All.Select(study => study.Card.Name)];

    public static TheoryData<string, string> AllPresets
        => [.. StudyCatalog.All.SelectMany(study => Presets.Names(study).Select(preset => new TheoryDataRow<string, string>(study.Card.Name, preset)))];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_default_configuration_has_no_problems_and_survives_a_round_trip(string name)
    {
        var study = Of(name);
        var text = ConfigJson.Write(study.DefaultConfig);

        Assert.Empty(study.DefaultConfig.Problems());
        Assert.Equal(text, ConfigJson.Write(ConfigJson.Read(study, text, "config.json")));
        Assert.Equal(text, ConfigJson.Write(ConfigReader.Read(study, ["@quick"])));
    }

    [Theory]
    [MemberData(nameof(AllPresets))]
    public void Every_preset_has_no_problems(string name, string preset) => Assert.Empty(ConfigReader.Read(Of(name), ["@" + preset]).Problems());

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_setting_has_documentation_and_a_default(string name)
        => Assert.All(Setting.Tree(Of(name)).All().Skip(1), setting =>
        {
            Assert.NotEmpty(setting.Documentation);
            Assert.True(setting.Default is not null || Nullable.GetUnderlyingType(setting.Type) is not null, $"{setting.Path} has no default");
        });

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_claim_has_a_source_and_an_expected_measurement(string name)
    {
        var card = Of(name).Card;

        Assert.NotEmpty(card.Claims);
        Assert.Equal(card.Claims.Count, card.Claims.Select(claim => claim.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.All(card.Claims, claim => Assert.All([claim.Id, claim.Statement, claim.Source, claim.Expected], Assert.NotEmpty));
        Assert.All([card.Title, card.Question, card.Paper], Assert.NotEmpty);
        Assert.NotEmpty(card.Citations);
    }

    /// <summary>Budget: 5 s on two cores, start of the process included. Nothing here is timed: a busy machine is not a wrong program.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_smoke_preset_completes(string name)
    {
        var run = runs.Whole(Of(name));

        Assert.Equal(RunStatus.Completed, run.ReadRun().Status);
        Assert.NotEmpty(SmokeRuns.Results(run));
        Assert.Empty(Directory.GetFiles(run.Path, "*.part", SearchOption.AllDirectories));
        Assert.False(File.Exists(run.File("run.lock")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_results_are_the_stored_ones(string name)
    {
        Assert.True(Checksums.TryGetValue(name, out var stored), $"{name} has no stored checksum yet: add a line to {nameof(Checksums)}");

        Assert.Equal(stored, SmokeRuns.Checksum(runs.Whole(Of(name))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Two_runs_give_the_same_bytes_whatever_the_number_of_threads(string name)
    {
        var study = Of(name);
        var expected = SmokeRuns.Everything(runs.Whole(study));

        Assert.All([1, 2, 3], threads =>
        {
            var run = runs.Create(study);
            Assert.Equal(RunStatus.Completed, SmokeRuns.Go(study, run, threads));
            Assert.Equal(expected, SmokeRuns.Everything(run));
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_cancelled_and_resumed_run_gives_the_same_bytes(string name)
    {
        var study = Of(name);

        Assert.All([0, 0.35, 0.6, 0.8], fraction => Assert.Equal(SmokeRuns.Everything(runs.Whole(study)), SmokeRuns.Everything(Stopped(study, fraction))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_run_cancelled_twice_and_resumed_gives_the_same_bytes(string name)
    {
        var study = Of(name);

        var run = Stopped(study, 0.2, 0.75);

        Assert.Equal(SmokeRuns.Everything(runs.Whole(study)), SmokeRuns.Everything(run));
        Assert.Equal(2, run.ReadRun().Resumes.Count);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_killed_and_resumed_run_gives_the_same_bytes(string name)
    {
        var study = Of(name);
        var moments = new int[6];
        new RandomSequence(7, "contract/kill").FillIndices(0, runs.Readings(study), moments);
        var (run, remains) = (runs.Create(study), new List<RunDirectory>());
        // the clock is read around checkpoints and reports: between the bytes of a table, after a checkpoint, before the next
        var time = new SteppingTime(reading =>
        {
            if (moments.Contains(reading))
                remains.Add(runs.Remains(run));
        });
        Assert.Equal(RunStatus.Completed, SmokeRuns.Go(study, run, time: time));

        Assert.NotEmpty(remains);
        Assert.All(remains.Index(), item =>
        {
            var left = item.Item;
            Assert.Equal(RunStatus.Running, left.ReadRun().Status);
            if (item.Index % 2 == 1)
                Damage(left);
            Assert.Equal(RunStatus.Completed, SmokeRuns.Go(study, left));
            Assert.Equal(SmokeRuns.Everything(runs.Whole(study)), SmokeRuns.Everything(left));
            Assert.Empty(Directory.GetFiles(left.Path, "*.part", SearchOption.AllDirectories));
        });
    }

    private static IStudy Of(string name) => StudyCatalog.Find(name)!;

    /// <summary>A run that was told to stop when it reported each of these fractions, resumed until it was complete.</summary>
    private RunDirectory Stopped(IStudy study, params double[] fractions)
    {
        var run = runs.Create(study);
        foreach (var fraction in fractions)
        {
            using var source = new CancellationTokenSource();
            var status = SmokeRuns.Go(study, run, cancellation: source.Token, told: progress =>
            {
                if (progress.Fraction >= fraction)
                    source.Cancel();
            });
            Assert.Equal(RunStatus.Cancelled, status);
        }

        Assert.Equal(RunStatus.Completed, SmokeRuns.Go(study, run));
        return run;
    }

    /// <summary>What else a kill can leave: a row and a half that no checkpoint knows, files that are not there yet, a checkpoint the disk has lost half of.</summary>
    /// <remarks>The tables of a finished part are not open any more, so that a kill cannot reach them.</remarks>
    private static void Damage(RunDirectory run)
    {
        foreach (var table in Directory.GetFiles(run.File("metrics"), "*.jsonl").Where(table => !File.Exists(run.File($"checkpoints/{Path.GetFileName(table).Split('.')[0]}-finished.json"))))
        {
            var last = File.ReadLines(table).LastOrDefault() ?? "{}";
            File.AppendAllText(table, $"\n{last}\n{last[..(last.Length / 2)]}");
        }

        foreach (var folder in new[] { "arrays", "checkpoints", "figures" })
            Directory.CreateDirectory(run.File(folder));
        foreach (var unfinished in new[] { "run.json", "arrays/x-1.safetensors", "checkpoints/x-step-00000001.safetensors", "figures/x.svg" })
            File.WriteAllText(run.File(unfinished + ".part"), "{\"half");
        var newest = Directory.GetFiles(run.File("checkpoints")).Select(path => (Path: path, Step: Step().Match(path))).Where(file => file.Step.Success)
            .OrderBy(file => File.GetLastWriteTimeUtc(file.Path)).ThenBy(file => long.Parse(file.Step.Groups[1].Value, CultureInfo.InvariantCulture)).LastOrDefault().Path;
        if (newest is not null)
            File.WriteAllBytes(newest, File.ReadAllBytes(newest)[..(int)(new FileInfo(newest).Length / 2)]);
    }

    [GeneratedRegex(@"step-(\d+)\.safetensors$")]
    private static partial Regex Step();
}
