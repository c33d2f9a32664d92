#!/bin/sh
# Runs its arguments with the first Python of this machine that Paceline can use (3.11, 3.12 or
# 3.13). PYTHON=/path/to/python picks one. Everything after this file is Python.
set -u

fits() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
    if fits "$candidate"; then
        exec "$candidate" "$@"
    fi
done

if [ -n "${PYTHON:-}" ]; then
    found="PYTHON=$PYTHON is not one of these"
else
    found=$(python3 --version 2>/dev/null) || found="there is none"
    found="found here: $found"
fi
echo "Paceline needs Python 3.11, 3.12 or 3.13 ($found); on Debian and Ubuntu: apt-get install python3" >&2
exit 1
