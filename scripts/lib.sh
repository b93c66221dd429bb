# Shared by the scripts of this folder: sourced, not run.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
target=${CARGO_TARGET_DIR:-$PWD/target}
# `cargo install` puts programs here; a plain shell may not have it in its path.
export PATH="$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"

say() { printf '== %s\n' "$*" >&2; }

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command as root: directly, or through sudo.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif have sudo; then
        sudo "$@"
    else
        die "this needs root or sudo: $*"
    fi
}

# One number for the content of some files and folders, the same on every checkout.
content_hash() {
    find "$@" \( -name node_modules -o -name dist -o -name out \) -prune -o -type f -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1
}

# `npm ci` in a folder, only when its lock file changed since the last time.
npm_ci() {
    local folder=$1 stamp=$1/node_modules/.vanthu-lock hash
    hash=$(content_hash "$folder/package.json" "$folder/package-lock.json")
    if [ "$(cat "$stamp" 2>/dev/null)" != "$hash" ]; then
        say "npm ci in $folder"
        npm --prefix "$folder" ci --no-audit --no-fund --loglevel=error
        printf '%s\n' "$hash" >"$stamp"
    fi
}
