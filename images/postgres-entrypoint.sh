#!/bin/sh
# Makes the cluster on the first start and runs Postgres as user `postgres`. Arguments go to postgres (`-c fsync=off`).
# The password of user `aito` is read from AITO_POSTGRES_PASSWORD_FILE, or for tests from AITO_POSTGRES_PASSWORD.
set -eu

bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)

# Who makes the secrets may be under way beside this on a company's first start.
read_secret() {
  tries=0
  until [ -s "$1" ] || [ "$tries" -ge 300 ]; do
    sleep 0.2
    tries=$((tries + 1))
  done
  cat "$1"
}
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }

mkdir -p "$(dirname "$PGDATA")" /var/run/postgresql
chown postgres:postgres "$(dirname "$PGDATA")" /var/run/postgresql

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  if [ -n "${AITO_POSTGRES_PASSWORD_FILE:-}" ]; then password=$(read_secret "$AITO_POSTGRES_PASSWORD_FILE")
  else password=${AITO_POSTGRES_PASSWORD:-}; fi
  if [ -z "$password" ]; then
    echo "no password for Postgres: set AITO_POSTGRES_PASSWORD_FILE (or AITO_POSTGRES_PASSWORD in tests)" >&2
    exit 78
  fi
  # Made beside its place and renamed when complete, so that a start cut short leaves no half cluster.
  new="$PGDATA.new"
  rm -rf "$new"
  (umask 077 && printf '%s\n' "$password" >"$PGDATA.password")
  chown postgres:postgres "$PGDATA.password"
  as_postgres "$bin/initdb" --pgdata="$new" --username=aito --pwfile="$PGDATA.password" \
    --encoding=UTF8 --locale-provider=builtin --locale=C.UTF-8 \
    --auth-local=trust --auth-host=scram-sha-256 --no-sync --no-instructions >/dev/null
  rm "$PGDATA.password"
  echo 'host all all all scram-sha-256' >>"$new/pg_hba.conf"
  echo 'CREATE DATABASE aito' | as_postgres "$bin/postgres" --single -F -D "$new" postgres >/dev/null
  sync
  mv "$new" "$PGDATA"
fi

# A quarter of what this container may use, as its pages are asked for: the index of 100,000 memories takes 130 MB and is slow from files.
total_kb=$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)
limit=$(cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null | head -n 1)
case "$limit" in
  '' | *[!0-9]*) limit_kb=$total_kb ;;
  *) limit_kb=$((limit / 1024)) ;;
esac
[ "$limit_kb" -lt "$total_kb" ] || limit_kb=$total_kb
buffers_mb=$((limit_kb / 4096))
[ "$buffers_mb" -ge 64 ] || buffers_mb=64
[ "$buffers_mb" -le 512 ] || buffers_mb=512

exec setpriv --reuid=postgres --regid=postgres --init-groups "$bin/postgres" -D "$PGDATA" \
  -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql \
  -c synchronous_commit=on -c jit=off -c max_connections=100 -c shared_buffers="${buffers_mb}MB" \
  -c wal_writer_delay=2s -c bgwriter_delay=2s -c log_checkpoints=off -c log_timezone=UTC -c timezone=UTC "$@"
