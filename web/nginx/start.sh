#!/bin/sh
# Writes what depends on the environment, and runs nginx with the given arguments.
#   BACKEND_HOST            the name of the backends; in Kubernetes with its namespace, because nginx knows no search domain
#   BACKEND_TIMEOUT         seconds of silence after which a backend counts as hung
#   FILES_MAX_BYTES, GRAPHQL_REQUEST_TIMEOUT, SERVER_TRUSTED_PROXIES    as for the backend
set -eu
number() {
    case $2 in
        '' | *[!0-9]*) echo "$1 must be a number, not '$2'." >&2; exit 1 ;;
    esac
}
bytes=${FILES_MAX_BYTES:-20971520}
number FILES_MAX_BYTES "$bytes"
seconds=${GRAPHQL_REQUEST_TIMEOUT:-15}
number GRAPHQL_REQUEST_TIMEOUT "${seconds%.*}"
# The backend answers or refuses within its own limit, and sends a ping in a stream at least every 20 s.
silence=$((${seconds%.*} + 15))
[ "$silence" -ge 30 ] || silence=30
silence=${BACKEND_TIMEOUT:-$silence}
number BACKEND_TIMEOUT "$silence"

# One megabyte holds the form around the file.
printf 'client_max_body_size %s;\nset $files_megabytes %s;\n' "$((bytes + 1048576))" "$((bytes / 1048576))" \
    > /tmp/files.conf
printf 'proxy_read_timeout %ss;\nproxy_send_timeout %ss;\n' "$silence" "$silence" > /tmp/timeouts.conf

# The name server of Docker or of the cluster.
servers=$(awk '$1 == "nameserver" { print ($2 ~ /:/ ? "[" $2 "]" : $2) }' "${RESOLV_CONF:-/etc/resolv.conf}" | tr '\n' ' ')
printf 'resolver %svalid=5s;\nresolver_timeout 5s;\n' "${servers:-127.0.0.11 }" > /tmp/resolver.conf
# A backend that failed twice gets no requests for half a minute, as long as another one answers.
printf 'upstream backend {\n    zone backend 64k;\n    server %s:8000 resolve max_fails=2 fail_timeout=30s;\n}\n' \
    "${BACKEND_HOST:-backend}" > /tmp/upstream.conf

# Whose X-Forwarded-Proto is believed: a proxy with TLS in front of this one.
{
    echo 'geo $realip_remote_addr $is_proxy {'
    echo '    default 0;'
    for network in $(echo "${SERVER_TRUSTED_PROXIES:-}" | tr ',' ' '); do
        echo "    $network 1;"
    done
    echo '}'
} > /tmp/proxies.conf
exec nginx "$@"
