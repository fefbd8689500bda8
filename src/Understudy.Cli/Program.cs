using System.Runtime.InteropServices;
using Understudy.Cli.Commands;

namespace Understudy.Cli;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        using var interruption = new Interruption(Environment.Exit, TimeProvider.System);
        // a child of a sweep is stopped by its parent: the terminal's Ctrl-C reaches both
        var isChild = arguments.Contains(ResumeVerb.StopWithInput);
        using var ctrlC = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, isChild ? null : interruption));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, interruption));
        return Tool.Invoke(arguments, new Surroundings
        {
            Studies = Studies.StudyCatalog.All,
            Out = Console.Out,
            Error = Console.Error,
            In = Console.In,
            OutIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            InIsTerminal = !Console.IsInputRedirected,
            Columns = Columns(),
            Variable = Environment.GetEnvironmentVariable,
            Interruption = interruption,
            Children = ChildProcess.Start,
        });
    }

    private static void Handle(PosixSignalContext context, Interruption? interruption)
    {
        context.Cancel = true;
        interruption?.Request();
    }

    private static int? Columns()
    {
        try
        {
            return Console.WindowWidth is > 0 and var columns ? columns : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
