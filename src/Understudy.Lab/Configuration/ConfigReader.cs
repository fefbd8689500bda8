using System.Text.Json.Nodes;

namespace Understudy.Lab.Configuration;

/// <summary>From what a user wrote to a configuration.</summary>
/// <remarks>
/// <para>Later wins: the record's defaults, presets in their order, the file, assignments from left to right.</para>
/// <code>
/// arguments  := ( '@' preset | path '=' value )*
/// path       := key ( '.' key )*                       existing settings only
/// value      := any JSON value, or a bare word taken as a string
/// sweep only := path '=' value ( ',' value )*          top-level commas make the axis
///             | path '=' integer '..' integer          both ends included
/// </code>
/// </remarks>
public static class ConfigReader
{
    private const int MostPoints = 10_000;

    /// <summary>The configuration of one run.</summary>
    /// <param name="study">The study.</param>
    /// <param name="arguments">Presets and assignments.</param>
    /// <param name="file">A YAML or JSON file of settings, or null.</param>
    /// <exception cref="ConfigException">Something in it is unknown, unreadable or contradictory; or it asks for several runs.</exception>
    public static StudyConfig Read(IStudy study, IReadOnlyList<string> arguments, string? file = null)
    {
        var (draft, assignments) = Start(study, arguments, file);
        foreach (var assignment in assignments)
        {
            if (assignment.IsAxis)
                throw AxisInRun(study, draft, assignment);
            draft.Set(assignment.Path, assignment.Values[0]?.DeepClone());
        }
        return draft.Build();
    }

    /// <summary>The points of a sweep: every combination of the axes, the last axis fastest.</summary>
    /// <param name="study">The study.</param>
    /// <param name="arguments">Presets and assignments; without an axis the sweep has one point.</param>
    /// <param name="file">A YAML or JSON file of settings, or null.</param>
    /// <exception cref="ConfigException">As for one run; or there are more than 10,000 points.</exception>
    public static SweepPlan ReadSweep(IStudy study, IReadOnlyList<string> arguments, string? file = null)
    {
        var (draft, assignments) = Start(study, arguments, file);
        foreach (var assignment in assignments.Where(item => !item.IsAxis))
            draft.Set(assignment.Path, assignment.Values[0]?.DeepClone());
        // a later assignment of the same setting replaces an earlier axis, as everywhere
        Assignment[] axes = [.. assignments.Where((item, i) => item.IsAxis && !assignments.Skip(i + 1).Any(later => later.Path == item.Path))];
        if (axes.Aggregate(1L, (count, axis) => Math.Min(count * axis.Values.Count, int.MaxValue)) is var points && points > MostPoints)
            throw new ConfigException($"this sweep has {points} points, and at most {MostPoints} are allowed\n  make its axes shorter, or split it into several sweeps");
        List<SweepPoint> plan = [];
        Expand(draft, axes, [], plan);
        return new SweepPlan([.. axes.Select(axis => new SweepAxis(axis.Path, axis.Values))], plan);
    }

    private static (ConfigDraft Draft, IReadOnlyList<Assignment> Assignments) Start(IStudy study, IReadOnlyList<string> arguments, string? file)
    {
        var draft = new ConfigDraft(study);
        foreach (var preset in arguments.Where(IsPreset))
            draft.Overlay(Presets.Load(study, preset[1..]));
        if (file is not null)
            draft.Overlay(ConfigFile.Load(file));
        return (draft, [.. arguments.Where(argument => !IsPreset(argument)).Select(argument => Assignment.Parse(study, argument))]);
    }

    private static bool IsPreset(string argument) => argument.StartsWith('@');

    private static void Expand(ConfigDraft draft, ReadOnlySpan<Assignment> axes, IReadOnlyList<KeyValuePair<string, JsonNode?>> values, List<SweepPoint> plan)
    {
        if (axes.IsEmpty)
        {
            plan.Add(new SweepPoint(draft.Build(), values));
            return;
        }
        foreach (var value in axes[0].Values)
        {
            var point = draft.Copy();
            point.Set(axes[0].Path, value?.DeepClone());
            Expand(point, axes[1..], [.. values, new(axes[0].Path, value)], plan);
        }
    }

    private static ConfigException AxisInRun(IStudy study, ConfigDraft draft, Assignment axis)
    {
        var inside = draft.TakesList(axis.Path) ? $"\n  one run over all of them: understudy run {study.Card.Name} {axis.Path}=[{axis.Text}]" : "";
        return new ConfigException($"{axis.Path}={axis.Text} asks for {axis.Values.Count} runs, and run makes one\n  several runs: understudy sweep {study.Card.Name} {axis.Path}={axis.Text}{inside}");
    }
}

/// <summary>What a sweep consists of.</summary>
/// <param name="Axes">The settings that vary, in the order they were given.</param>
/// <param name="Points">One configuration per run, the last axis fastest.</param>
public sealed record SweepPlan(IReadOnlyList<SweepAxis> Axes, IReadOnlyList<SweepPoint> Points);

/// <summary>A setting that varies over a sweep.</summary>
/// <param name="Path">The setting.</param>
/// <param name="Values">Its values as JSON.</param>
public sealed record SweepAxis(string Path, IReadOnlyList<JsonNode?> Values);

/// <summary>One run of a sweep.</summary>
/// <param name="Config">Its configuration.</param>
/// <param name="Values">Its value on each axis.</param>
public sealed record SweepPoint(StudyConfig Config, IReadOnlyList<KeyValuePair<string, JsonNode?>> Values);
