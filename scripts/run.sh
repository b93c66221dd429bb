#!/usr/bin/env bash
# Builds and serves the demo province. The data folder (./data) stays between starts.
. "$(dirname "$0")/lib.sh"

scripts/install.sh build
scripts/ui.sh build
# The debug profile is the one that the tests use: hot libraries are optimised in it, and one target folder serves both.
cargo build --package vanthu
exec "$target/debug/vanthu" serve --demo "$@"
