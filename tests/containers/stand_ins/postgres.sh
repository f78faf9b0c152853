#!/bin/bash
# What the image of PostgreSQL does at its start, as far as compose.yaml uses it.
set -euo pipefail
if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA"
    chown -R postgres "$PGDATA"
    chmod 700 "$PGDATA"
    exec setpriv --reuid postgres --regid postgres --init-groups bash "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    # shellcheck disable=SC2086 # the options are words
    initdb --username "$POSTGRES_USER" --pwfile "$POSTGRES_PASSWORD_FILE" --auth-host scram-sha-256 \
        --auth-local trust ${POSTGRES_INITDB_ARGS:-} > /dev/null
    echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
    pg_ctl -w start -o "-c listen_addresses=''" > /dev/null
    createdb --username "$POSTGRES_USER" --maintenance-db postgres "$POSTGRES_DB" 2> /dev/null || true
    pg_ctl -w stop > /dev/null
fi
exec "$@" -c listen_addresses='*'
