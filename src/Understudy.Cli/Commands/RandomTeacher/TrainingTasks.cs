using Understudy.Cli.Output;
using Understudy.Cli.Progress;
using Understudy.Lab.Runs;
using Understudy.Learning.Training;
using Understudy.Studies.RandomTeacher;
using Understudy.Studies.RandomTeacher.FollowUps;

namespace Understudy.Cli.Commands.RandomTeacher;

/// <summary>Follow-ups that take kept students as a start: <c>restart</c>, <c>transfer</c>, <c>lmc</c>, <c>imp</c>. They tell beforehand how long they take, and are told of as runs are.</summary>
internal sealed class TrainingTasks(FollowUpFlags flags)
{
    internal static readonly string[] All = ["restart", "transfer", "lmc", "imp"];

    internal IFollowUp Run(string task, FinishedRun run, Invocation invocation)
    {
        switch (task)
        {
            case "restart":
                var restart = new RestartOptions { Seed = Seed(invocation), Student = Student(invocation), Steps = FollowUpFlags.Count(invocation, flags.Steps, 1) };
                return During(invocation, RestartFollowUp.Estimate(run, restart), (progress, token) => RestartFollowUp.Of(run, restart, progress, token));
            case "transfer":
                var transfer = new TransferOptions { Seed = Seed(invocation), Student = invocation.Value(flags.Student), Images = ProbedImages.Of(invocation, flags, run.Config, usual: run.Config.Transfer.Set) };
                return During(invocation, TransferFollowUp.Estimate(run, transfer), (progress, token) => TransferFollowUp.Of(run, transfer, progress, token));
            case "lmc":
                var connectivity = new ConnectivityOptions { Seed = Seed(invocation), Student = Student(invocation), Connectivity = Connectivity(invocation, run) };
                return During(invocation, ConnectivityFollowUp.Estimate(run, connectivity), (progress, token) => ConnectivityFollowUp.Of(run, connectivity, progress, token));
            default:
                var tickets = new TicketsOptions { Seed = Seed(invocation), Student = Student(invocation), Tickets = Tickets(invocation, run) };
                return During(invocation, TicketsFollowUp.Estimate(run, tickets), (progress, token) => TicketsFollowUp.Of(run, tickets, progress, token));
        }
    }

    /// <summary>Tells of the time, then of how far it is; the first request to stop ends it.</summary>
    private static IFollowUp During(Invocation invocation, TimeSpan estimate, Func<IProgress<RunProgress>, CancellationToken, IFollowUp> work)
    {
        var display = RunDisplay.For(invocation);
        invocation.Surroundings.Interruption.Hold(() => display.Note("stopping; nothing of a follow-up is kept"));
        if (!invocation.Quiet)
            display.Note($"about {Wording.Of(estimate)} on {Wording.Count(invocation.Threads, "thread")}; Ctrl-C ends it, and nothing is kept then");
        return display.During(() => work(display, invocation.Surroundings.Interruption.Token));
    }

    private int? Seed(Invocation invocation) => FollowUpFlags.Count(invocation, flags.Seed, 0);

    private string Student(Invocation invocation) => invocation.Value(flags.Student) ?? "images";

    private ConnectivityConfig Connectivity(Invocation invocation, FinishedRun run)
    {
        var usual = ConnectivityFollowUp.Usual(run.Config);
        return usual with
        {
            Orders = FollowUpFlags.Count(invocation, flags.Orders, 2, 100) ?? usual.Orders,
            Positions = FollowUpFlags.Count(invocation, flags.Points, 3, 1001) ?? usual.Positions,
            Training = Training(invocation, usual.Training),
        };
    }

    private TicketsConfig Tickets(Invocation invocation, FinishedRun run)
    {
        var usual = TicketsFollowUp.Usual(run.Config);
        return usual with
        {
            Rounds = FollowUpFlags.Count(invocation, flags.Rounds, 1, 1000) ?? usual.Rounds,
            Rewind = FollowUpFlags.Number(invocation, flags.Rewind, 0, double.PositiveInfinity) ?? usual.Rewind,
            Training = Training(invocation, usual.Training),
        };
    }

    private SupervisedConfig Training(Invocation invocation, SupervisedConfig usual)
    {
        var images = FollowUpFlags.Count(invocation, flags.Images, 1) ?? usual.Images;
        return usual with
        {
            Images = images,
            Batch = Math.Min(usual.Batch, images),
            Epochs = FollowUpFlags.Count(invocation, flags.Epochs, 1) ?? usual.Epochs,
            LearningRate = Rate(invocation) ?? usual.LearningRate,
        };
    }

    private string? Rate(Invocation invocation)
    {
        if (invocation.Value(flags.Rate) is not { } text)
            return null;
        try
        {
            Schedule.Parse(text);
            return text;
        }
        catch (FormatException problem)
        {
            throw new UsageException($"{flags.Rate.Name}: {problem.Message.TrimEnd('.')}\n  as in: {flags.Rate.Name} 0.05, or {flags.Rate.Name} \"steps(0.05, 0.1, 0.5, 0.75)\"");
        }
    }
}
