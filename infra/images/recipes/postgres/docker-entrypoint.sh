#!/bin/bash
# As PostgreSQL's own image does: where the data directory is empty, makes the database, lets a server that only this
# container reaches run what is in /docker-entrypoint-initdb.d, and ends it; then starts the server proper.
set -Eeuo pipefail

# A first word that is an option is for the server.
[ "${1:0:1}" != - ] || set -- postgres "$@"
[ "$1" = postgres ] || exec "$@"
for argument in "$@"; do
  case $argument in -'?' | --help | --describe-config | -V | --version) exec "$@" ;; esac
done

export POSTGRES_USER=${POSTGRES_USER:-postgres}
export POSTGRES_DB=${POSTGRES_DB:-$POSTGRES_USER}
export POSTGRES_PASSWORD=${POSTGRES_PASSWORD:-}

mkdir -p "$PGDATA"
chmod 700 "$PGDATA" || true
if [ "$(id -u)" = 0 ]; then
  find "$PGDATA" /var/run/postgresql ! -user postgres -exec chown postgres {} +
  exec gosu postgres "$0" "$@"
fi

run_sql() {
  psql --variable=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --no-password --no-psqlrc --dbname="$POSTGRES_DB" "$@"
}

make_database() {
  eval 'initdb --username="$POSTGRES_USER" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD") '"${POSTGRES_INITDB_ARGS:-}"
  printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-$(postgres -C password_encryption "${@:2}")}" \
    >> "$PGDATA/pg_hba.conf"
}

# What stands there already (`postgres`) is not made.
create_database() {
  POSTGRES_DB=postgres run_sql --set=name="$POSTGRES_DB" <<'SQL'
SELECT format('CREATE DATABASE %I', :'name') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
SQL
}

run_init_files() {
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh)
        echo "$0: running $file"
        # One that cannot be executed is sourced: it may set what later ones read.
        if [ -x "$file" ]; then "$file"; else . "$file"; fi
        ;;
      *.sql) echo "$0: running $file"; run_sql --file="$file" ;;
      *.sql.gz) echo "$0: running $file"; gunzip --stdout "$file" | run_sql ;;
      '/docker-entrypoint-initdb.d/*') ;;
      *) echo "$0: ignoring $file" ;;
    esac
  done
}

if [ -s "$PGDATA/PG_VERSION" ]; then
  echo 'PostgreSQL Database directory appears to contain a database; Skipping initialization'
else
  if [ -z "$POSTGRES_PASSWORD" ] && [ "${POSTGRES_HOST_AUTH_METHOD:-}" != trust ]; then
    echo 'Error: Database is uninitialized and superuser password is not specified. Set POSTGRES_PASSWORD.' >&2
    exit 1
  fi
  make_database "$@"
  export PGPASSWORD=${PGPASSWORD:-$POSTGRES_PASSWORD}
  pg_ctl --pgdata="$PGDATA" --options="$(printf '%q ' "${@:2}" -c listen_addresses= -p "${PGPORT:-5432}")" --wait start
  create_database
  run_init_files
  pg_ctl --pgdata="$PGDATA" --mode=fast --wait stop
  unset PGPASSWORD
  printf '\nPostgreSQL init process complete; ready for start up.\n\n'
fi
exec "$@"
