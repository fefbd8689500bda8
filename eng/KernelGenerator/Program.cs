namespace Understudy.KernelGenerator;

internal static class Program
{
    private static int Main() => 0;
}
