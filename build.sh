#!/usr/bin/env bash
# The one entry: ./build.sh run [arguments of understudy run] | test | e2e | bench [name] | web | pack
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export UseSharedCompilation=true   # a third of the build time of starting a compiler per project
leave_nothing_running() { dotnet build-server shutdown >/dev/null 2>&1 || true; }
trap leave_nothing_running EXIT

passed=0 failed=0 skipped=0

usage() { sed -n 2p "$0" | cut -c3-; }

build() { dotnet build Understudy.slnx -c Release -v quiet -nologo; }

# The tool in our place, so that a signal reaches it and its exit code is ours; exec runs no trap.
become() {
    leave_nothing_running
    exec artifacts/bin/Understudy.Cli/release/understudy "$@"
}

# The figures of a report are interactive where the bundle is there; without Node they are the static pictures.
web() {
    (cd studio/report && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build)
}

web_if_possible() {
    if [ -f src/Understudy.Lab/Reports/figures.js ] && [ -d studio/report/node_modules ]; then return; fi
    if command -v npm >/dev/null; then web || echo "build.sh: the bundle for interactive figures could not be built; reports hold static pictures" >&2; fi
}

# Runs a test program and adds its totals to ours.
suite() { # title, program, arguments...
    local title=$1 program=$2 log status=0
    shift 2
    log=$(mktemp)
    echo "== $title"
    "$program" -noColor "$@" >"$log" 2>&1 || status=$?
    grep -E '\[FAIL\]|\[SKIP\]' "$log" | sort | uniq || true
    local totals
    totals=$(grep -E 'Total: [0-9]+.*Skipped: [0-9]+' "$log" | tail -n 1 || true)
    if [ -z "$totals" ]; then # it crashed, could not be started, or ran nothing
        cat "$log"
        echo "   no totals: $program ended with exit code $status"
        failed=$((failed + 1))
        rm -f "$log"
        return
    fi
    local t e f s
    t=$(sed -E 's/.*Total: ([0-9]+).*/\1/' <<<"$totals")
    e=$(sed -E 's/.*Errors: ([0-9]+).*/\1/' <<<"$totals")
    f=$(sed -E 's/.*Failed: ([0-9]+).*/\1/' <<<"$totals")
    s=$(sed -E 's/.*Skipped: ([0-9]+).*/\1/' <<<"$totals")
    echo "   $((t - e - f - s)) passed, $((f + e)) failed, $s skipped"
    if [ $((f + e)) -gt 0 ] || [ "$status" -ne 0 ]; then cat "$log"; fi
    if [ $((f + e)) -eq 0 ] && [ "$status" -ne 0 ]; then failed=$((failed + 1)); fi
    passed=$((passed + t - e - f - s)) failed=$((failed + f + e)) skipped=$((skipped + s))
    rm -f "$log"
}

unit=artifacts/bin/Understudy.UnitTests/release/Understudy.UnitTests
endtoend=artifacts/bin/Understudy.EndToEndTests/release/Understudy.EndToEndTests

widths() { # the engine again on narrower registers: the same tests, the same stored bits
    DOTNET_EnableAVX512=0 suite "engine, AVX-512 off" "$unit" -namespace "Understudy.UnitTests.Engine*"
    DOTNET_EnableAVX2=0 suite "engine, AVX2 off" "$unit" -namespace "Understudy.UnitTests.Engine*"
    DOTNET_EnableHWIntrinsic=0 suite "engine, no register instructions" "$unit" -namespace "Understudy.UnitTests.Engine*" -trait- "Kind=Wide"
}

# Something beside the tests; where it fails it counts as one of them.
step() { # title, command...
    local title=$1
    shift
    echo "== $title"
    "$@" || { echo "   $title failed"; failed=$((failed + 1)); return 1; }
}

summary() {
    local also=""
    if [ "$skipped" -gt 0 ]; then also=", $skipped skipped"; fi
    echo "$passed passed, $failed failed$also"
    [ "$failed" -eq 0 ]
}

built() { # what every test verb begins with; without it there is nothing to test
    web_if_possible
    step "build" build || { summary; exit 1; }
}

case "${1:-help}" in
    run)
        shift
        web_if_possible
        build
        become run "${@:-specialization}"
        ;;
    test)
        built
        step "format" dotnet format Understudy.slnx --verify-no-changes --no-restore || true
        suite "unit tests" "$unit"
        widths
        suite "end-to-end tests" "$endtoend"
        summary
        ;;
    e2e)
        built
        suite "end-to-end tests" "$endtoend"
        summary
        ;;
    bench)
        shift
        build
        become bench "$@"
        ;;
    web)
        web
        ;;
    pack)
        web_if_possible
        dotnet pack Understudy.slnx -c Release -o artifacts/packages -v quiet -nologo
        ls artifacts/packages/*.nupkg
        ;;
    help | --help | -h)
        usage
        ;;
    *)
        echo "build.sh: $1 is not one of its verbs" >&2
        usage >&2
        exit 2
        ;;
esac
