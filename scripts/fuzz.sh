#!/usr/bin/env bash
# Fuzzes the reading of foreign bytes (V5).
#
#   scripts/fuzz.sh CRATE TARGET SECONDS      for example: scripts/fuzz.sh pdf-signature reader 600
#
# Targets are the files in crates/CRATE/fuzz/fuzz_targets (pdf-signature, edxml, the-thuc). Needs cargo-fuzz (`cargo install cargo-fuzz`)
# and a C++ compiler. The stable toolchain suffices: RUSTC_BOOTSTRAP=1 admits the coverage flags. No sanitizer, because the
# crates forbid unsafe code; what is looked for are panics, endless loops (over 20 s) and memory (over 2 GB). The 20 s are those
# of the clock on the wall: at low priority on a busy machine FUZZ_TIMEOUT=600 keeps waiting from being taken for a loop.
#
# The first run fills corpus/ with seeds. A finding is written to artifacts/: make it small with `cargo fuzz tmin`, put it into
# crates/CRATE/tests/findings/ (a test reads that folder forever after), and mend the crate.
set -euo pipefail

usage="usage: scripts/fuzz.sh CRATE TARGET SECONDS"
name=${1:?$usage}
target=${2:?$usage}
seconds=${3:?$usage}
root=$(cd "$(dirname "$0")/.." && pwd)
crate=$root/crates/$name
corpus=$crate/fuzz/corpus/$target

[[ -f $crate/fuzz/fuzz_targets/$target.rs ]] || { echo "no such target: $name $target" >&2; exit 2; }
command -v cargo-fuzz >/dev/null || { echo "cargo-fuzz is missing: cargo install cargo-fuzz" >&2; exit 2; }

# Seeds for targets that read whole files; others bring their own or begin from nothing.
if [[ ! -d $corpus ]]; then
    mkdir -p "$corpus"
    case $name/$target in
    pdf-signature/reader | pdf-signature/difference)
        (cd "$root" && cargo run --quiet -p pdf-signature --example make_attacks -- "$corpus")
        ;;
    edxml/*)
        (cd "$root" && cargo run --quiet -p edxml --example make_seeds -- "$target" "$corpus")
        ;;
    the-thuc/*)
        (cd "$root" && cargo run --quiet -p the-thuc --example make_pdf_seeds -- "$target" "$corpus")
        ;;
    esac
fi

cd "$crate/fuzz"
export RUSTC_BOOTSTRAP=1
exec cargo fuzz run --sanitizer none "$target" "$corpus" -- \
    -max_total_time="$seconds" -timeout="${FUZZ_TIMEOUT:-20}" -rss_limit_mb=2048 -max_len=200000
