#!/usr/bin/env bash
# The browser bundle: ui.sh build (only when its sources changed) | check (types) | test (unit tests).
. "$(dirname "$0")/lib.sh"

ui=crates/vanthu/ui
case ${1:-} in
build)
    # Beside the results, not inside: what stands in dist is served to browsers.
    stamp=$ui/node_modules/.vanthu-built
    hash=$(content_hash "$ui")
    if [ -d "$ui/dist" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$hash" ]; then
        exit 0
    fi
    npm_ci "$ui"
    say "building the browser bundle"
    npm --prefix "$ui" run --silent build
    printf '%s\n' "$hash" >"$stamp"
    ;;
check)
    npm_ci "$ui"
    npm --prefix "$ui" run --silent check
    ;;
test)
    npm_ci "$ui"
    npm --prefix "$ui" run --silent test -- --test-reporter=spec
    ;;
*) die "usage: ui.sh build|check|test" ;;
esac
