using Understudy.Lab.Configuration;

namespace Understudy.Cli.Commands;

/// <summary><c>completion</c>: the script that lets a shell complete our words.</summary>
internal sealed class CompletionVerb : Verb
{
    private static readonly string[] Shells = ["bash", "zsh", "fish", "pwsh"];

    internal CompletionVerb()
        : base("completion", "prints the completion script of a shell", "bash | zsh | fish | pwsh")
    {
    }

    internal override IReadOnlyList<Example> Examples =>
    [
        new("eval \"$(understudy completion bash)\"", "in ~/.bashrc"),
        new("eval \"$(understudy completion zsh)\"", "in ~/.zshrc, after compinit"),
        new("understudy completion fish | source", "in config.fish"),
        new("understudy completion pwsh | Out-String | Invoke-Expression", "in the PowerShell profile"),
    ];

    internal override IReadOnlyList<string> Details => ["Verbs, flags, studies, presets, settings and data sets are completed. Only the script for bash has been tried in its shell so far."];

    internal override (int Least, int Most) Words => (1, 1);

    internal override string Missing => "completion needs the name of a shell";

    internal override IEnumerable<string> Continue(Surroundings surroundings, IReadOnlyList<string> words) => words.Count == 0 ? Shells : [];

    internal override int Execute(Invocation invocation)
    {
        var shell = invocation.Words[0];
        var script = shell switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            "pwsh" => PowerShell,
            _ => throw new UsageException($"{shell} is not a shell this knows{NearestName.Suggestion(shell, Shells)}\n  shells: {string.Join(", ", Shells)}"),
        };
        invocation.Surroundings.Out.Write(script);
        return ExitCode.Done;
    }

    /// <summary>The words before the cursor go to the tool without its own name; = and : belong to words here.</summary>
    private const string Bash = """
        _understudy() {
            local line="${COMP_LINE:0:COMP_POINT}"
            local rest="${line#*[[:space:]]}"
            [ "$rest" = "$line" ] && rest=""
            local word="${rest##*[[:space:]]}"
            local IFS=$'\n'
            COMPREPLY=($(understudy "[suggest:${#rest}]" "$rest" 2>/dev/null))
            local i kept=()
            for i in "${!COMPREPLY[@]}"; do
                [ "${COMPREPLY[$i]#"$word"}" != "${COMPREPLY[$i]}" ] && kept+=("${COMPREPLY[$i]}")
            done
            COMPREPLY=("${kept[@]}")
            [[ "${COMPREPLY[0]}" == *= ]] && compopt -o nospace
            return 0
        }
        complete -o default -F _understudy understudy

        """;

    private const string Zsh = """
        _understudy() {
            local line="${BUFFER[1,CURSOR]}"
            local rest="${line#*[[:space:]]}"
            [[ "$rest" == "$line" ]] && rest=""
            local -a words
            words=("${(@f)$(understudy "[suggest:${#rest}]" "$rest" 2>/dev/null)}")
            compadd -- $words
        }
        compdef _understudy understudy

        """;

    private const string Fish = """
        function __understudy_complete
            set -l line (commandline -cp)
            set -l rest (string replace -r '^\S+\s*' '' -- $line)
            understudy "[suggest:"(string length -- $rest)"]" "$rest" 2>/dev/null
        end
        complete -c understudy -a '(__understudy_complete)'

        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName understudy -ScriptBlock {
            param($word, $ast, $position)
            $line = $ast.ToString().PadRight($position).Substring(0, $position)
            $rest = $line -replace '^\S+\s*', ''
            understudy "[suggest:$($rest.Length)]" $rest 2>$null | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }

        """;
}
