using System.Reflection;
using System.Runtime.InteropServices;
using Understudy.Engine;
using Understudy.Engine.Kernels;

namespace Understudy.Lab.Runs;

/// <summary>The machine and the program that are running now, as <c>run.json</c> describes them.</summary>
public static class ThisMachine
{
    /// <summary>The machine.</summary>
    public static RunMachine Machine => new(
        RuntimeInformation.OSDescription, Processor(), Environment.ProcessorCount, Registers.Description, RuntimeInformation.FrameworkDescription);

    /// <summary>The engine.</summary>
    public static RunEngine Engine => new(Split(typeof(DType).Assembly).Version, "f32", Numerics.Revision);

    /// <summary>The version of Understudy.</summary>
    public static string Version => Split(typeof(ThisMachine).Assembly).Version;

    /// <summary>The commit it was built from; empty where unknown.</summary>
    public static string Commit => Split(typeof(ThisMachine).Assembly).Commit;

    private static (string Version, string Commit) Split(Assembly assembly)
    {
        var parts = (assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "").Split('+', 2);
        return (parts[0], parts.Length == 2 ? parts[1] : "");
    }

    private static string Processor()
    {
        const string Linux = "/proc/cpuinfo";
        try
        {
            var line = File.Exists(Linux) ? File.ReadLines(Linux).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal)) : null;
            if (line is not null)
                return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }
        catch (IOException)
        {
            // the name is for people; the architecture below will do
        }
        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
