namespace Understudy.Lab.Execution.Slurm;

/// <summary>The batch script of an array of runs: one task, one run.</summary>
/// <remarks>
/// Slurm's warning before the time limit goes to the shell alone, which hands it on; the run writes a checkpoint and ends with 3, and its task, no other, is queued again. A requeued task waits until its
/// credential has expired, two minutes on most clusters. Settings are in the run directories and nothing else is on the command line.
/// </remarks>
internal static class SlurmScript
{
    /// <summary>A file beside the script: while it exists, runs that stopped are left stopped.</summary>
    internal const string Stop = "stop";

    /// <summary>Seconds before the time limit at which a run is told.</summary>
    internal const int Warning = 120;

    /// <summary>The script; its arguments are the folder, the list of runs, and the command that starts this tool.</summary>
    internal const string Text =
        """
        #!/bin/bash
        # Made by understudy: each task carries out the run on its own line of a list.
        #   arguments: FOLDER LIST COMMAND...
        folder=$1
        [ -e "$folder/stop" ] && exit 3
        run=$(sed -n "$((SLURM_ARRAY_TASK_ID + 1))p" "$2")
        shift 2
        "$@" "$run" --threads "${SLURM_CPUS_PER_TASK:-1}" --no-progress --quiet &
        child=$!
        told=
        trap 'told=1; kill -TERM "$child" 2>/dev/null' TERM INT
        wait "$child"
        code=$?
        # a signal ends wait, not the run: it still writes its checkpoint
        while [ -n "$told" ]; do
            told=
            wait "$child"
            last=$?
            [ "$last" -eq 127 ] || code=$last
        done
        # 3: stopped behind a checkpoint
        if [ "$code" -eq 3 ] && [ ! -e "$folder/stop" ] && [ "${SLURM_RESTART_COUNT:-0}" -lt 100 ] && command -v scontrol >/dev/null; then
            scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" && sleep 60
        fi
        exit "$code"

        """;
}
