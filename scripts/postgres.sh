#!/usr/bin/env bash
# A private, throw-away PostgreSQL for tests: postgres.sh start | stop | bin.
# start prints its address; the cluster listens on a free loopback port and trusts every local user.
. "$(dirname "$0")/lib.sh"

record=$target/test-postgres

# The folder of the newest server programs; Debian keeps them out of the path.
bin_folder() {
    local initdb
    initdb=$(command -v initdb || ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)
    [ -n "$initdb" ] && dirname "$(readlink -f "$initdb")"
}

# PostgreSQL refuses to run as root; then the package's own account runs it.
as_postgres() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

free_port() {
    node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

stop() {
    [ -f "$record" ] || return 0
    local folder
    folder=$(cat "$record")
    if [ -d "$folder/data" ]; then
        as_postgres "$(bin_folder)/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
        rm -rf "$folder"
    fi
    rm -f "$record"
}

start() {
    local bin folder port
    bin=$(bin_folder) || die "PostgreSQL is missing: make install-tools"
    stop # what an interrupted run may have left
    # Not below target/: the postgres account cannot enter a checkout in a private home folder.
    folder=$(mktemp -d "${TMPDIR:-/tmp}/vanthu-test-postgres.XXXXXX")
    mkdir -p "$target"
    printf '%s\n' "$folder" >"$record"
    [ "$(id -u)" -ne 0 ] || chown postgres "$folder"
    as_postgres "$bin/initdb" -D "$folder/data" -U vanthu -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder.initdb" 2>&1 ||
        { cat "$folder.initdb" >&2; rm -f "$folder.initdb"; stop; die "initdb failed"; }
    rm -f "$folder.initdb"
    port=$(free_port)
    as_postgres "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 start -o "-p $port \
        -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 -c fsync=off \
        -c synchronous_commit=off -c full_page_writes=off -c timezone=UTC" >/dev/null ||
        { cat "$folder/log" >&2; stop; die "PostgreSQL did not start"; }
    printf 'postgres://vanthu@127.0.0.1:%s/postgres\n' "$port"
}

case ${1:-} in
start) start ;;
stop) stop ;;
bin) bin_folder ;;
*) die "usage: postgres.sh start|stop|bin" ;;
esac
