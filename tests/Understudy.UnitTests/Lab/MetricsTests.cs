using Understudy.Lab.Runs;

namespace Understudy.UnitTests.Lab;

public sealed class MetricsTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_round_trip_exactly()
    {
        Row[] rows = [new(0, 0.1 + 0.2, float.Epsilon), new(1, double.NaN, float.NegativeInfinity), new(2, -0.0, 1f / 3), new(3, double.MaxValue, 0)];
        using (var writer = Writer())
        {
            foreach (var row in rows)
                writer.Append("table", row);
        }

        Assert.Equal(rows, MetricsFile.Read<Row>(_folder["table.jsonl"]));
        Assert.StartsWith("{\"step\":0,\"value\":0.30000000000000004,\"small\":1E-45}\n{\"step\":1,\"value\":\"NaN\",\"small\":\"-Infinity\"}\n", File.ReadAllText(_folder["table.jsonl"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_are_on_disk_after_a_second()
    {
        using var writer = Writer();
        writer.Append("table", new Row(1, 2, 3));
        Assert.Equal(0, new FileInfo(_folder["table.jsonl"]).Length);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Single(MetricsFile.Read<Row>(_folder["table.jsonl"]));
    }

    [Fact]
    public void A_half_written_last_line_is_ignored()
    {
        File.WriteAllText(_folder["table.jsonl"], "{\"step\":1,\"value\":2,\"small\":3}\n{\"step\":2,\"va");

        Assert.Equal([new Row(1, 2, 3)], MetricsFile.Read<Row>(_folder["table.jsonl"]));
    }

    [Fact]
    public void A_damaged_line_in_the_middle_is_named()
    {
        File.WriteAllText(_folder["table.jsonl"], "{\"step\":1,\"value\":2,\"small\":3}\n{\"step\":2,\"va\n{\"step\":3,\"value\":2,\"small\":3}\n");

        var error = Assert.Throws<RunException>(() => MetricsFile.Read<Row>(_folder["table.jsonl"]).Count());

        Assert.Equal($"{_folder["table.jsonl"]} is damaged: line 2 is not a row of this table\n  run again, or restore the file from a copy", error.Message);
    }

    [Fact]
    public void Lines_longer_than_the_buffer_are_read()
    {
        using (var writer = Writer())
        {
            for (var i = 0; i < 3; i++)
                writer.Append("long", new { Step = i, Text = new string('x', 100_000 * (i + 1)) });
        }

        Assert.Equal([100_000, 200_000, 300_000], MetricsFile.Read(_folder["long.jsonl"]).Select(row => ((string)row["text"]!).Length));
    }

    [Fact]
    public void A_table_that_cannot_be_written_stops_the_run_with_a_sentence()
    {
        Directory.CreateDirectory(_folder["table.jsonl"]);
        using var writer = Writer();

        var error = Assert.Throws<RunException>(() => writer.Append("table", new Row(1, 2, 3)));

        Assert.StartsWith($"{_folder["table.jsonl"]} cannot be written: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_said_in_words()
    {
        Requirement.Have(File.Exists("/dev/full"), "needs the device of a full disk");

        var error = Assert.Throws<RunException>(() => Storage.Guarded("runs/x/metrics/a.jsonl", () =>
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);
            full.WriteByte(1);
        }));

        Assert.Equal("runs/x/metrics/a.jsonl cannot be written: the disk is full\n  make room or choose another folder with --out, then run or resume again", error.Message);
    }

    [Fact]
    public void A_file_that_fails_half_way_leaves_the_old_one()
    {
        Storage.WriteText(_folder["run.json"], "old");

        Assert.Throws<RunException>(() => Storage.Write(_folder["run.json"], stream =>
        {
            stream.WriteByte(1);
            throw new IOException("No space left on device");
        }));

        Assert.Equal("old", File.ReadAllText(_folder["run.json"]));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    private MetricsWriter Writer() => new(_folder.Path, _ => 0, _time);

    private sealed record Row(int Step, double Value, float Small);
}
