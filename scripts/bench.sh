#!/usr/bin/env bash
# Measures, as ratios against limits of the same run, with the build that development uses.
# BENCH_DOCUMENTS lists the sizes of the archives, the smallest first: "20000 200000 2000000".
. "$(dirname "$0")/lib.sh"

scripts/install.sh build
scripts/ui.sh build
mkdir -p bench/out
cargo build --package bench
# Signing and checking: optimised, as C code and Python on the other side are too; only this small program is.
JUDGES_PYTHON=$(scripts/judges.sh python)
export JUDGES_PYTHON
cargo run --quiet --release --package signature-bench
# The list is split into words on purpose.
# shellcheck disable=SC2086
exec "$target/debug/bench" ${BENCH_DOCUMENTS:-20000 200000}
