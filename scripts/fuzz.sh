#!/usr/bin/env bash
# Fuzzes the reading of foreign bytes (V5).
#
#   scripts/fuzz.sh TARGET SECONDS      for example: scripts/fuzz.sh reader 600
#
# Targets are the files in crates/pdf-signature/fuzz/fuzz_targets. Needs cargo-fuzz (`cargo install cargo-fuzz`) and a C++
# compiler. The stable toolchain suffices: RUSTC_BOOTSTRAP=1 admits the coverage flags. No sanitizer, because the crate
# forbids unsafe code; what is looked for are panics, endless loops (over 20 s) and memory (over 2 GB).
#
# The first run fills corpus/ with the documents of the attack tests. A finding is written to artifacts/: make it small with
# `cargo fuzz tmin`, put it into crates/pdf-signature/tests/findings/ (the test v5_findings_of_fuzzing_stay_mended reads it
# forever after), and mend the crate.
set -euo pipefail

target=${1:?usage: scripts/fuzz.sh TARGET SECONDS}
seconds=${2:?usage: scripts/fuzz.sh TARGET SECONDS}
root=$(cd "$(dirname "$0")/.." && pwd)
crate=$root/crates/pdf-signature
corpus=$crate/fuzz/corpus/$target

[[ -f $crate/fuzz/fuzz_targets/$target.rs ]] || { echo "no such target: $target" >&2; exit 2; }
command -v cargo-fuzz >/dev/null || { echo "cargo-fuzz is missing: cargo install cargo-fuzz" >&2; exit 2; }

# Seeds for targets that read whole documents; others bring their own or begin from nothing.
case $target in
reader | difference)
    if [[ ! -d $corpus ]]; then
        mkdir -p "$corpus"
        (cd "$root" && cargo run --quiet -p pdf-signature --example make_attacks -- "$corpus")
    fi
    ;;
*) mkdir -p "$corpus" ;;
esac

cd "$crate/fuzz"
export RUSTC_BOOTSTRAP=1
exec cargo fuzz run --sanitizer none "$target" "$corpus" -- \
    -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=200000
