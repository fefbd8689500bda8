namespace Understudy.KernelGenerator;

/// <summary>Writes the micro-kernels of the engine: <c>KernelGenerator DIRECTORY</c>, normally src/Understudy.Engine/Kernels.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments.Length != 1)
        {
            Console.Error.WriteLine("usage: KernelGenerator DIRECTORY");
            return 2;
        }
        foreach (var (file, source) in KernelSource.Files())
            File.WriteAllText(Path.Combine(arguments[0], file), source);
        return 0;
    }
}
