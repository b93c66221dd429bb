#!/usr/bin/env bash
# Measures, as ratios against limits of the same run, with the build that development uses.
# BENCH_DOCUMENTS sets the size of the large archive (200000); the small one has a tenth of it.
. "$(dirname "$0")/lib.sh"

scripts/install.sh build
scripts/ui.sh build
mkdir -p bench/out
cargo build --package bench
exec "$target/debug/bench" "${BENCH_DOCUMENTS:-200000}"
