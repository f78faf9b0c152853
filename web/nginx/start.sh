#!/bin/sh
# Writes the limit of uploads, which follows FILES_MAX_BYTES, and runs nginx with the given arguments.
set -eu
bytes=${FILES_MAX_BYTES:-20971520}
case $bytes in
    *[!0-9]*) echo "FILES_MAX_BYTES must be a number of bytes, not '$bytes'." >&2; exit 1 ;;
esac
# One megabyte holds the form around the file.
printf 'client_max_body_size %s;\nset $files_megabytes %s;\n' "$((bytes + 1048576))" "$((bytes / 1048576))" \
    > /tmp/files.conf
exec nginx "$@"
