#!/usr/bin/env bash
# Two installations, a bad axis between them, servers killed: does everything arrive once, and do both sides agree?
# SOAK_DOCUMENTS and SOAK_KILLS set the size, SOAK_SEED repeats a plan. The log stays.
. "$(dirname "$0")/lib.sh"

scripts/install.sh build
scripts/ui.sh build
export SOAK_DOCUMENTS=${SOAK_DOCUMENTS:-10000} SOAK_KILLS=${SOAK_KILLS:-50}
database=${1:-sqlite}
case $database in
sqlite) ;;
postgres)
    if [ -z "${TEST_POSTGRES_URL:-}" ]; then
        trap 'scripts/postgres.sh stop' EXIT
        TEST_POSTGRES_URL=$(scripts/postgres.sh start)
        export TEST_POSTGRES_URL
    fi
    ;;
*) die "usage: soak.sh [sqlite | postgres]" ;;
esac
# A copy: building goes on while this runs.
cargo build --package vanthu
mkdir -p "$target/test-logs"
VANTHU_BIN=$target/test-logs/vanthu-soak
cp -f "$target/debug/vanthu" "$VANTHU_BIN"
export VANTHU_BIN
log=$target/test-logs/soak-$database.log
say "soak of $SOAK_DOCUMENTS documents and $SOAK_KILLS kills on $database; the log is $log"
cargo test --package vanthu --test soak -- --nocapture --test-threads 1 "agree_after_faults_and_kills_on_$database" 2>&1 | tee "$log"
