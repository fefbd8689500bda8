using Understudy.Cli.Progress;
using Understudy.Engine.LinearAlgebra.Krylov;
using static System.FormattableString;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>What watches over a task: who is told how far it is, and who stops it.</summary>
internal sealed class TaskWatch(Invocation invocation, string task)
{
    /// <summary>Asked to stop.</summary>
    internal CancellationToken Token => invocation.Surroundings.Interruption.Token;

    /// <summary>The clock of estimates.</summary>
    internal TimeProvider Time => invocation.Surroundings.Time;

    /// <summary>Told of the search for eigenpairs.</summary>
    internal IProgress<EigenpairProgress> Pairs => Each<EigenpairProgress>(value => value.Values.Count == 0
        ? Invariant($"{value.Products} products")
        : Invariant($"{value.Products} products, largest {value.Values[0]:0.#####}, residuals up to {value.Residuals.Max():0.0e0}"));

    /// <summary>Told the share of a part of the task that is done.</summary>
    /// <param name="part">Its name; null for the whole task.</param>
    /// <param name="detail">What is known so far; null for nothing.</param>
    internal IProgress<double> Share(string? part = null, Func<string>? detail = null) => new TenthsProgress(invocation, part is null ? task : $"{task}: {part}", detail);

    /// <summary>Says something about the task.</summary>
    internal void Tell(string text)
    {
        if (!invocation.Quiet && !invocation.NoProgress)
            invocation.Error.Line($"{task}: {text}");
    }

    /// <summary>Told of things one by one, at most once a second.</summary>
    internal IProgress<T> Each<T>(Func<T, string> text) => new Throttled<T>(this, text);

    private sealed class Throttled<T>(TaskWatch watch, Func<T, string> text) : IProgress<T>
    {
        private long _told = watch.Time.GetTimestamp();

        public void Report(T value)
        {
            if (watch.Time.GetElapsedTime(_told) < TimeSpan.FromSeconds(1))
                return;
            _told = watch.Time.GetTimestamp();
            watch.Tell(text(value));
        }
    }
}
