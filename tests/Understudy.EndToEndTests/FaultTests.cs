namespace Understudy.EndToEndTests;

/// <summary>What goes wrong around a run ends in one sentence and the right exit code, and nothing is lost.</summary>
public class FaultTests(SmokeRun smoke)
{
    [Theory]
    [InlineData(20)]
    [InlineData(32)]
    [InlineData(120)]
    [InlineData(400)]
    public void A_full_disk_is_a_sentence_and_with_more_room_the_run_goes_on_to_the_same_bytes(int kilobytes)
    {
        var folder = smoke.NewFolder($"full-{kilobytes}");
        var script = $"""
            mkdir small && mount -t tmpfs -o size={kilobytes}k tmpfs small || exit 99
            '{ToolProcess.Program}' run {SmokeRun.Study} @smoke --quiet --out small; echo "code $?" >&2
            find small -name '*.part' >&2
            mount -o remount,size=10M small
            '{ToolProcess.Program}' resume small/* --quiet; echo "code $?" >&2
            cp -r small/* done
            """;

        var ended = Isolation.WithMounts(folder, script);

        Assert.Matches(
            "^error: small/\\S+ cannot be written: the disk is full\n  make room or choose another folder with --out, then run or resume again\ncode 2\ncode 0\n$", ended.Error);
        Assert.Equal(SmokeRun.Results(smoke.Run), SmokeRun.Results(Path.Combine(folder, "done")));
    }

    [Theory]
    [InlineData("run specialization @smoke --out small")]
    [InlineData("sweep specialization @smoke seed=1,2 --out small")]
    [InlineData("resume small/run --quiet")]
    [InlineData("report small/run")]
    [InlineData("export small/run --csv")]
    public void A_read_only_folder_is_a_sentence_and_leaves_the_run_as_it_was(string line)
    {
        var folder = smoke.NewFolder("read-only-" + line.Split(' ')[0]);
        var script = $"""
            mkdir small && mount -t tmpfs tmpfs small && cp -r '{smoke.Run}' small/run && mount -o remount,ro small || exit 99
            '{ToolProcess.Program}' {line}; echo "code $?" >&2
            diff -r '{smoke.Run}' small/run >&2
            """;

        var ended = Isolation.WithMounts(folder, script);

        Assert.Matches("^error: small/\\S+ cannot be written: the file system is read-only\n  .+\ncode 2\n$", ended.Error);
    }

    [Fact]
    public void Strict_gives_4_where_a_claim_is_not_supported()
    {
        var folder = smoke.NewFolder("strict");
        // students that hardly trained recover nothing
        string[] untrained = ["@smoke", "parts=[two-layer]", "seeds=8", "twoLayer.training.epochs=1", "twoLayer.training.epochSteps=10", "twoLayer.measures.earlyEpoch=1"];

        var strict = ToolProcess.Run(folder, ["run", SmokeRun.Study, .. untrained, "--strict"]);
        var again = ToolProcess.Run(folder, "report", Assert.Single(Directory.GetDirectories(Path.Combine(folder, "runs"))), "--strict");
        var lenient = ToolProcess.Run(folder, ["run", SmokeRun.Study, .. untrained]);

        Assert.Equal((4, 4, 0), (strict.Code, again.Code, lenient.Code));
        Assert.Contains("✘ NotSupported", strict.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json", "{", "config.json is not readable as JSON: line 1, column 2.\n  restore the file from a copy, or run again\n")]
    [InlineData("config.json", "{\"hologram\": 1}", "config.json was written by a newer version of understudy, or by hand: hologram is not a setting of specialization\n  update understudy to read this run, or run the study again with this version\n")]
    [InlineData("config.json", null, "config.json cannot be read: there is no such file\n  restore the file from a copy, or run again\n")]
    [InlineData("run.json", "{\"format\": 9}", " was written by a newer version of understudy: its format is 9, and this version reads 1\n  update understudy to read this run\n")]
    [InlineData("run.json", "", "run.json is damaged: it is not the JSON of a run\n  the run's settings and tables may still be good; restore the file from a copy, or run again\n")]
    [InlineData("metrics/two-layer.nodes.jsonl", "garbage\n", "metrics/two-layer.nodes.jsonl is damaged: 8 of ")]
    public void A_damaged_or_newer_run_is_a_sentence_that_names_the_file(string file, string? content, string expected)
    {
        var folder = smoke.NewFolder("damaged");
        var run = Path.Combine(folder, "run");
        if (Directory.Exists(run))
            Directory.Delete(run, recursive: true);
        Assert.Equal(0, ToolProcess.RunOther("/usr/bin/cp", folder, "-r", smoke.Run, "run").Code);
        if (content is null)
            File.Delete(Path.Combine(run, file));
        else
            File.WriteAllText(Path.Combine(run, file), content);

        var ended = ToolProcess.Run(folder, "report", "run");

        Assert.Equal(2, ended.Code);
        Assert.StartsWith("error: run" + (expected.StartsWith(' ') ? "" : "/") + expected, ended.Error, StringComparison.Ordinal);
        Assert.Equal("", ended.Out);
    }

    [Fact]
    public void Resuming_computes_lost_rows_again()
    {
        var folder = smoke.NewFolder("lost-rows");
        Assert.Equal(0, ToolProcess.RunOther("/usr/bin/cp", folder, "-r", smoke.Run, "run").Code);
        var table = Path.Combine(folder, "run", "metrics", "two-layer.nodes.jsonl");
        using (var stream = File.OpenWrite(table))
            stream.SetLength(stream.Length / 2);

        var ended = ToolProcess.Run(folder, "resume", "run");

        Assert.Equal(0, ended.Code);
        Assert.Contains("warning rows of two-layer.nodes are missing; what wrote them is done again", ended.Error, StringComparison.Ordinal);
        Assert.Equal(SmokeRun.Results(smoke.Run), SmokeRun.Results(Path.Combine(folder, "run")));
    }

    [Theory]
    [InlineData("rw,size=4k", "small/cache/data/mnist cannot be written: the disk is full; nothing was kept but what was downloaded")]
    [InlineData("ro", "no cache folder can be written to (small/cache/data: the file system is read-only); set UNDERSTUDY_CACHE to one that can.")]
    public void A_cache_without_room_is_a_sentence(string options, string expected)
    {
        var folder = smoke.NewFolder("cache-" + options[..2]);
        // the lock is there already: that it cannot be opened must not be taken for another process
        var script = $"""
            mkdir small copy && mount -t tmpfs tmpfs small && mkdir -p small/cache/data && : >small/cache/data/.mnist.lock || exit 99
            for file in train-images-idx3 train-labels-idx1 t10k-images-idx3 t10k-labels-idx1; do head -c 20000 /dev/zero >copy/$file-ubyte; done
            mount -o remount,{options} small
            UNDERSTUDY_CACHE=small/cache '{ToolProcess.Program}' data get mnist --from copy --quiet; echo "code $?" >&2
            find small -name '*-ubyte' >&2
            """;

        var ended = Isolation.WithMounts(folder, script);

        Assert.StartsWith($"error: {expected}\n", ended.Error, StringComparison.Ordinal);
        Assert.EndsWith("\ncode 2\n", ended.Error, StringComparison.Ordinal);
    }
}
