#!/bin/sh
# Installs the system packages named in the given files, where that is possible; else names the one line to run.
set -eu

command -v dpkg-query >/dev/null 2>&1 || exit 0

missing=""
for package in $(sed 's/#.*//' "$@"); do
    case "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)" in
        *" installed") ;;
        *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    echo "Installing system packages:$missing ..."
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq </dev/null
    # shellcheck disable=SC2086
    apt-get install -y -qq --no-install-recommends $missing </dev/null >/dev/null
else
    echo "System packages are missing. If something fails, run: sudo apt-get install$missing"
fi
