namespace Understudy.EndToEndTests;

/// <summary>A scheduler of a few shell scripts: tasks begin at once, arrays hold two, requeued tasks begin again.</summary>
internal sealed class FakeSlurm
{
    private readonly string _state;
    private readonly string _programs;

    internal FakeSlurm(string folder)
    {
        (_state, _programs) = (Path.Combine(folder, "queue"), Path.Combine(folder, "programs"));
        Directory.CreateDirectory(_state);
        Directory.CreateDirectory(_programs);
        Write("sbatch",
            """
            printf '%s\n' "$@" > "$FAKE_SLURM/arguments"
            while [ "${1#--}" != "$1" ]; do
                case $1 in --array=*) last=${1#--array=0-}; last=${last%%%*};; --partition=nowhere) echo "sbatch: error: invalid partition" >&2; exit 1;; esac
                shift
            done
            id=$(($(ls -d "$FAKE_SLURM"/job* 2>/dev/null | wc -l) + 1))
            mkdir "$FAKE_SLURM/job$id"
            for task in $(seq 0 "$last"); do
                place=$FAKE_SLURM/job$id/$task
                touch "$place"
                (
                    export SLURM_ARRAY_JOB_ID=$id SLURM_ARRAY_TASK_ID=$task SLURM_CPUS_PER_TASK=1 SLURM_RESTART_COUNT=0
                    while :; do
                        bash -c 'echo $$ > "$0"; exec bash "$@"' "$place" "$@"
                        [ -e "$place.again" ] || break
                        rm "$place.again"
                        SLURM_RESTART_COUNT=$((SLURM_RESTART_COUNT + 1))
                    done
                    rm "$place"
                ) > "$place.log" 2>&1 < /dev/null &
            done
            echo "$id;a-cluster"
            """);
        Write("squeue",
            """
            while [ "$1" != -j ]; do shift; done
            [ -d "$FAKE_SLURM/job$2" ] || { echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1; }
            for place in "$FAKE_SLURM/job$2"/*; do
                task=${place##*/}
                case $task in *.*|'*') ;; *) echo "$2_$task|RUNNING";; esac
            done
            """);
        Write("scontrol",
            """
            case $1 in
                show) echo "MaxArraySize            = 2";;
                # the batch shell asks, and is not there any more when its task begins again
                requeue) touch "$FAKE_SLURM/job${2%_*}/${2#*_}.again"; kill -KILL "$PPID";;
            esac
            """);
        Write("scancel",
            """
            echo "$@" >> "$FAKE_SLURM/cancelled"
            [ "$1" != -M ] || shift 2
            case $1 in --batch) for place in "$FAKE_SLURM/job$3"/[0-9] "$FAKE_SLURM/job$3"/[0-9][0-9]; do [ ! -s "$place" ] || kill -TERM "$(cat "$place")"; done;; esac
            """);
    }

    /// <summary>The environment in which the tool finds these programs before others.</summary>
    internal Dictionary<string, string> Variables => new() { ["PATH"] = $"{_programs}:{Environment.GetEnvironmentVariable("PATH")}", ["FAKE_SLURM"] = _state };

    /// <summary>What the last submission was asked for.</summary>
    internal string[] Arguments => File.ReadAllLines(Path.Combine(_state, "arguments"));

    /// <summary>How many arrays were submitted.</summary>
    internal int Jobs => Directory.GetDirectories(_state, "job*").Length;

    /// <summary>Tells the batch shell of a task that its time is nearly up; false while it has not begun.</summary>
    internal bool Warn(int job, int task)
    {
        var file = Path.Combine(_state, $"job{job}", $"{task}");
        if (!File.Exists(file) || File.ReadAllText(file).Trim() is not { Length: > 0 } process)
            return false;
        return ToolProcess.RunOther("kill", _state, "-TERM", process).Code == 0;
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_programs, name);
        File.WriteAllText(path, $"#!/bin/bash\n{text}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
