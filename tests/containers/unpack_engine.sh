#!/bin/sh
# Unpacks the engine of Debian's newest suite into a folder, for a machine whose own suite has an older one:
#   sh tests/containers/unpack_engine.sh /tmp/engine && CONTAINERS_ENGINE=/tmp/engine make containers
set -eu
folder=$1 mirror=${MIRROR:-http://deb.debian.org/debian}
mkdir -p "$folder/packages"
curl -fsS "$mirror/dists/sid/main/binary-$(dpkg --print-architecture)/Packages.xz" | xz -dc > "$folder/Packages"
for package in docker.io docker-cli docker-compose docker-buildx containerd tini-static; do
    path=$(awk -v RS= -v name="$package" '$2 == name' "$folder/Packages" | awk '$1 == "Filename:" { print $2 }')
    curl -fsS -o "$folder/packages/$package.deb" "$mirror/$path"
    dpkg-deb -x "$folder/packages/$package.deb" "$folder"
done
ln -sf tini-static "$folder/usr/bin/docker-init"
command -v runc > /dev/null || echo "runc is missing (Debian: apt install runc)" >&2
