#!/usr/bin/env bash
# Runs the named stages and ends with the summaries of the test runners: test.sh style|clippy|unit|e2e …
. "$(dirname "$0")/lib.sh"

logs=$target/test-logs
mkdir -p "$logs"
summaries=()

# Shows a command's output and keeps it, so that its summary can be repeated at the very end.
logged() {
    local log=$logs/$1.log
    shift
    if [ -t 1 ]; then export CARGO_TERM_COLOR=always FORCE_COLOR=1; fi
    "$@" 2>&1 | tee "$log"
}

# In the C locale, because the mark before node's lines counts as a letter in others.
summary() {
    local lines
    lines=$(LC_ALL=C grep -aE "$2" "$logs/$1.log" | tail -n "$3") || die "no summary in $logs/$1.log"
    summaries+=("$lines")
}

style() {
    say "format"
    cargo fmt --all --check
    say "browser code: types"
    scripts/ui.sh check
}

# Quick, for the desk: it checks and builds nothing.
clippy() {
    say "clippy"
    cargo clippy --workspace --all-targets --keep-going -- -D warnings
}

# Clippy is a compiler with more lints. Where it builds what the tests run, a clean clone is compiled once, not twice, and a
# warning ends the build. The variables are those with which `cargo clippy` calls it.
compile_with_clippy() {
    export RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=-Dwarnings__CLIPPY_HACKERY__
}

unit() {
    if [ -z "${TEST_POSTGRES_URL:-}" ]; then
        trap 'scripts/postgres.sh stop' EXIT
        TEST_POSTGRES_URL=$(scripts/postgres.sh start)
        export TEST_POSTGRES_URL
    fi
    JUDGES_PYTHON=$(scripts/judges.sh python)
    export JUDGES_PYTHON
    say "browser code: unit tests"
    logged ui scripts/ui.sh test
    compile_with_clippy
    # Tests of the store use both databases by themselves; tests of the application use one at a time.
    say "Rust tests, the application on SQLite"
    logged nextest cargo nextest run --workspace ${CI:+--profile ci}
    summary nextest 'Summary \[' 1
    say "Rust tests, the application on PostgreSQL"
    TEST_DATABASE=postgres logged nextest-postgres cargo nextest run --workspace ${CI:+--profile ci} \
        -E 'package(vanthu) & !test(/_on_(sqlite|postgres)$/)'
    summary nextest-postgres 'Summary \[' 1
    say "examples in doc comments"
    cargo test --quiet --doc --workspace
    # The browser scenarios take the program as these tests built it: alone it has other features and takes minutes.
    export VANTHU_BIN=${VANTHU_BIN:-$target/debug/vanthu}
}

e2e() {
    npm_ci e2e
    if [ -z "${VANTHU_BIN:-}" ]; then
        say "building the binary"
        cargo build --package vanthu
    fi
    JUDGES_PYTHON=$(scripts/judges.sh python)
    export JUDGES_PYTHON
    say "browser scenarios"
    VANTHU_BIN=${VANTHU_BIN:-$target/debug/vanthu} logged e2e npm --prefix e2e run --silent test
    summary e2e '^[^[:alnum:]]*(tests|pass|fail|cancelled|skipped|duration_ms) [0-9]' 6
}

scripts/install.sh build test
scripts/ui.sh build
for stage in "$@"; do
    case $stage in
    style | clippy | unit | e2e) "$stage" ;;
    *) die "unknown stage: $stage" ;;
    esac
done
say "passed: $*"
[ ${#summaries[@]} -eq 0 ] || printf '%s\n' "${summaries[@]}"
