using System.Diagnostics;
using System.Text.Json;
using Understudy.Lab.Configuration;

namespace Understudy.Lab.Runs;

/// <summary>The right to write a run directory: the file <c>run.lock</c>, renewed while it is held.</summary>
/// <remarks>
/// It is stale when its process is gone on the same host, or when it was not renewed for two minutes; then it is taken
/// over. Anything else is a second writer. Readers never look at it.
/// </remarks>
internal sealed class RunLock : IDisposable
{
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(2);

    /// <summary>How far two readings of one process's start may differ: systems round it.</summary>
    private static readonly TimeSpan StartTolerance = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly ITimer _timer;

    private RunLock(string path, TimeProvider time)
    {
        _path = path;
        _timer = time.CreateTimer(_ => Renew(time), null, Renewal, Renewal);
    }

    /// <summary>Takes the lock of a run directory.</summary>
    /// <param name="run">The directory.</param>
    /// <param name="time">The clock that renews it.</param>
    /// <param name="takenOver">A sentence for the log where a stale lock was replaced, or null.</param>
    /// <exception cref="RunException">Another process is writing there.</exception>
    internal static RunLock Take(RunDirectory run, TimeProvider time, out string? takenOver)
    {
        var path = run.File("run.lock");
        takenOver = null;
        if (TryCreate(path))
            return new RunLock(path, time);
        var holder = Read(path);
        if (!IsStale(holder, path, time))
            throw SecondWriter(run, holder);
        takenOver = holder is null ? "took over an unreadable lock" : $"took over the lock of process {holder.Process} on {holder.Host}, which is gone";
        // renamed before it is deleted, so that of two processes that find it stale only one goes on
        var grave = $"{path}.{Environment.ProcessId}";
        Storage.Guarded(path, () => File.Move(path, grave, overwrite: true));
        Storage.Discard(grave);
        return TryCreate(path) ? new RunLock(path, time) : throw SecondWriter(run, Read(path));
    }

    /// <summary>Whether a live process holds the lock of a directory.</summary>
    internal static bool IsHeld(RunDirectory run, TimeProvider time)
    {
        var path = run.File("run.lock");
        return File.Exists(path) && !IsStale(Read(path), path, time);
    }

    public void Dispose()
    {
        _timer.Dispose();
        Storage.Discard(_path);
    }

    private static RunException SecondWriter(RunDirectory run, Holder? holder) => new(
        $"{run.Path} is being written by {(holder is null ? "another process" : $"process {holder.Process} on {holder.Host}")}\n"
        + "  wait until it has ended, or stop it; a run has one writer");

    private static bool TryCreate(string path)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Storage.Refused(path, problem);
        }
        try
        {
            using (stream)
            {
                using var process = Process.GetCurrentProcess();
                JsonSerializer.Serialize(stream, new Holder(Environment.MachineName, process.Id, process.StartTime.ToUniversalTime()), LabJson.Line);
            }
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // an empty lock would keep everybody out for two minutes
            Storage.Discard(path);
            throw Storage.Refused(path, problem);
        }
    }

    private static Holder? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Holder>(File.ReadAllBytes(path), LabJson.Line);
        }
        catch (Exception problem) when (problem is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsStale(Holder? holder, string path, TimeProvider time)
    {
        if (time.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(path) > Abandoned)
            return true;
        return holder is not null && holder.Host == Environment.MachineName && !IsAlive(holder);
    }

    private static bool IsAlive(Holder holder)
    {
        try
        {
            using var process = Process.GetProcessById(holder.Process);
            return (process.StartTime.ToUniversalTime() - holder.Started).Duration() <= StartTolerance;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (Exception problem) when (problem is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // ended just now, or another user's process of that number: not ours either way
            return false;
        }
    }

    private void Renew(TimeProvider time)
    {
        try
        {
            File.SetLastWriteTimeUtc(_path, time.GetUtcNow().UtcDateTime);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // the next renewal is ten seconds away; two minutes without one make the lock stale
        }
    }

    private sealed record Holder(string Host, int Process, DateTime Started);
}
