#!/bin/sh
set -e
# As Node's own image does: what is an option, no command, or a file that cannot be executed is for node.
if [ "${1#-}" != "$1" ] || [ -z "$(command -v "$1")" ] || { [ -f "$1" ] && ! [ -x "$1" ]; }; then
  set -- node "$@"
fi
exec "$@"
