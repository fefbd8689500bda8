using System.Text.Json.Nodes;
using Understudy.Cli.Diagnosis;
using Understudy.Cli.Output;

namespace Understudy.Cli.Commands;

/// <summary><c>doctor</c>: what this machine has, and whether the tool computes right on it.</summary>
internal sealed class DoctorVerb : Verb
{
    internal DoctorVerb()
        : base("doctor", "what this machine has, and a self test with known answers", "")
    {
    }

    internal override IReadOnlyList<Example> Examples =>
    [
        new("understudy doctor", "paste this into an issue"),
        new("understudy doctor --json", "for programs"),
    ];

    internal override IReadOnlyList<string> Details => ["Exit code 1 if the self test fails; anything else that is missing only limits what can be done, and is said."];

    internal override (int Least, int Most) Words => (0, 0);

    internal override int Execute(Invocation invocation)
    {
        var findings = Machine.Look(invocation);
        var answers = SelfTest.Take(invocation);
        var code = answers.All(answer => answer.IsRight) ? ExitCode.Done : ExitCode.Failed;
        if (invocation.Json)
        {
            invocation.Write(new JsonObject
            {
                ["machine"] = new JsonObject(findings.Select(finding => KeyValuePair.Create(finding.Name, (JsonNode?)finding.Value))),
                ["selfTest"] = new JsonArray([.. answers.Select(answer => new JsonObject { ["name"] = answer.Name, ["right"] = answer.IsRight, ["answer"] = answer.Given })]),
                ["exitCode"] = code,
            });
            return code;
        }
        var width = Math.Max(findings.Max(finding => finding.Name.Length), answers.Max(answer => answer.Name.Length)) + 2;
        foreach (var (name, value) in findings)
            Row(invocation.Out, name, value, width);
        invocation.Out.Line();
        invocation.Out.Line("self test");
        foreach (var answer in answers)
            Row(invocation.Out, answer.Name, answer.IsRight ? $"right  {answer.Given}" : $"{invocation.Out.Alarm("wrong")}: {answer.Given}, expected {answer.Expected}", width);
        return code;
    }

    private static void Row(Screen screen, string name, string value, int width)
    {
        var lines = Screen.Wrapped(value, Math.Max(20, screen.Width - width)).DefaultIfEmpty("").ToArray();
        screen.Line(name.PadRight(width) + lines[0]);
        foreach (var line in lines[1..])
            screen.Line(new string(' ', width) + line);
    }
}
