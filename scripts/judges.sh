#!/usr/bin/env bash
# pyHanko and the makers of foreign documents, in a Python environment of their own: judges.sh base | install | python.
# base names the Python it is made from; install makes it, only when the pinned list changed; python prints the interpreter that tests take from JUDGES_PYTHON.
. "$(dirname "$0")/lib.sh"

environment=$target/judges-venv
requirements=scripts/judges/requirements.txt

# A Python 3.10 or newer that can make environments. The first one in the path may be a shim that leads nowhere, or
# Debian's without its package python3-venv.
base_python() {
    local candidate
    for candidate in python3 /usr/bin/python3 /usr/local/bin/python3; do
        if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    return 1
}

install() {
    local stamp=$environment/.vanthu-requirements hash base
    hash=$(content_hash "$requirements")
    # The interpreter is started too: an upgrade of the system's Python leaves an environment that does not run.
    if [ "$(cat "$stamp" 2>/dev/null)" = "$hash" ] && "$environment/bin/python" -c '' 2>/dev/null; then
        return
    fi
    base=$(base_python) || die "Python 3.10 or newer with venv is missing: make install-tools"
    say "installing the judges of signatures (pyHanko)"
    mkdir -p "$target"
    rm -rf "$environment"
    "$base" -m venv "$environment"
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --requirement "$requirements"
    printf '%s\n' "$hash" >"$stamp"
}

case ${1:-} in
base) base_python ;;
install) install ;;
python)
    install
    printf '%s\n' "$(cd "$environment" && pwd)/bin/python"
    ;;
*) die "usage: judges.sh base|install|python" ;;
esac
