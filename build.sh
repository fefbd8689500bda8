#!/usr/bin/env bash
# The one entry: ./build.sh run [arguments of understudy run] | test | check | e2e | bench [name] | web | pack
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export UseSharedCompilation=true   # a third of the build time of starting a compiler per project
trap 'dotnet build-server shutdown >/dev/null 2>&1 || true' EXIT

passed=0 failed=0 skipped=0

build() { dotnet build Understudy.slnx -c Release -v quiet -nologo; }

# The figures of a report are interactive where the bundle is there; without Node they are the static pictures.
web() {
    (cd studio/report && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build)
}

web_if_possible() {
    if [ -f src/Understudy.Lab/Reports/figures.js ]; then return; fi
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
    totals=$(grep -E 'Total: [0-9]+' "$log" | tail -n 1)
    if [ -z "$totals" ]; then
        cat "$log"
        failed=$((failed + 1))
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

summary() {
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
}

case "${1:-help}" in
    run)
        shift
        web_if_possible
        build
        exec artifacts/bin/Understudy.Cli/release/understudy run "${@:-specialization}"
        ;;
    test)
        web_if_possible
        build
        suite "unit tests" "$unit"
        widths
        suite "end-to-end tests" "$endtoend"
        summary
        ;;
    check)
        web_if_possible
        build
        dotnet format Understudy.slnx --verify-no-changes --no-restore
        suite "unit tests" "$unit"
        widths
        suite "end-to-end tests" "$endtoend"
        summary
        ;;
    e2e)
        web_if_possible
        build
        suite "end-to-end tests" "$endtoend"
        summary
        ;;
    bench)
        shift
        build
        exec artifacts/bin/Understudy.Cli/release/understudy bench "$@"
        ;;
    web)
        web
        ;;
    pack)
        web_if_possible
        dotnet pack Understudy.slnx -c Release -o artifacts/packages -v quiet -nologo
        ls artifacts/packages/*.nupkg
        ;;
    *)
        sed -n 2p "$0" | cut -c3-
        ;;
esac
