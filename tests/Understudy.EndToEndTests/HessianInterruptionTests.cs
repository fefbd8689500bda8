using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace Understudy.EndToEndTests;

/// <summary>A real signal to <c>understudy hessian</c> in the middle of a task.</summary>
public class HessianInterruptionTests(SmokeRun smoke)
{
    private const int Inputs = 64;
    private const int Hidden = 48;
    private const int Classes = 10;

    [Theory]
    [InlineData("trace", "--method", "hutchinson", "--probes", "3000")]
    [InlineData("density", "--top", "0", "--probes", "50", "--steps", "60")]
    public void A_signal_in_the_middle_keeps_what_is_finished_with_code_3(string task, params string[] flags)
    {
        Requirement.Unix();
        var folder = smoke.NewFolder($"hessian-{task}");
        SaveNetwork(Path.Combine(folder, "net.safetensors"));
        File.WriteAllText(Path.Combine(folder, "result.json"), "before");
        string[] arguments = ["hessian", task, "net.safetensors", "--data", "digits", .. flags, "--out", "result.json", "--json"];
        // a test that runs in the background ignores SIGINT, and so would its children, where env cannot set that right
        var isLinux = OperatingSystem.IsLinux();
        using var tool = isLinux ? ToolProcess.StartOther("/usr/bin/env", folder, ["--default-signal=INT", ToolProcess.Program, .. arguments]) : ToolProcess.Start(folder, arguments);
        using var never = new ManualResetEventSlim();
        while (!tool.HasEnded && !tool.ErrorSoFar.Contains($" 10 %  {task}", StringComparison.Ordinal))
            never.Wait(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);

        tool.Signal(isLinux ? "INT" : "TERM");
        var stopped = tool.Wait();

        Assert.True(stopped.Code == 3, $"code {stopped.Code}\n{stopped.Error}");
        var document = JsonNode.Parse(stopped.Out)!;
        Assert.True((bool)document["partial"]!);
        Assert.InRange((int)document["products"]!, 100, 2999);
        Assert.Equal(stopped.Out, File.ReadAllText(Path.Combine(folder, "result.json")));
        Assert.Equal(["net.safetensors", "result.json"], Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        if (task == "trace")
            Assert.True((double)document["halfWidth"]! > 0);
        else
            Assert.All(document["probes"]!.AsArray(), probe => Assert.Equal(1, probe!["weights"]!.AsArray().Sum(weight => (double)weight!), 1e-9));
    }

    /// <summary>Writes 64-48-10 with weights that a product of integers draws.</summary>
    private static void SaveNetwork(string path)
    {
        (string Name, int[] Shape)[] tensors = [("0.weight", [Hidden, Inputs]), ("0.bias", [Hidden]), ("2.weight", [Classes, Hidden]), ("2.bias", [Classes])];
        var (header, numbers, state) = (new JsonObject(), new List<float>(), 1u);
        foreach (var (name, shape) in tensors)
        {
            var begin = sizeof(float) * numbers.Count;
            for (var i = 0; i < shape.Aggregate(1, (product, extent) => product * extent); i++)
            {
                state = (1664525 * state) + 1013904223;
                numbers.Add(0.2f * ((state >> 8) / (float)(1 << 24) - 0.5f));
            }

            header[name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. shape.Select(extent => (JsonNode)extent)]),
                ["data_offsets"] = new JsonArray(begin, sizeof(float) * numbers.Count),
            };
        }

        var text = Encoding.UTF8.GetBytes(header.ToJsonString());
        var file = new byte[sizeof(ulong) + text.Length + (sizeof(float) * numbers.Count)];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)text.Length);
        text.CopyTo(file, sizeof(ulong));
        for (var i = 0; i < numbers.Count; i++)
            BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(sizeof(ulong) + text.Length + (sizeof(float) * i)), numbers[i]);
        File.WriteAllBytes(path, file);
    }
}
