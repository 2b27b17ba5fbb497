#!/bin/sh
# Runs Redis as user `redis` with the default user off and one administrator, `control`. Arguments go to redis-server.
# Its password is read from AITO_REDIS_PASSWORD_FILE, or for tests from AITO_REDIS_PASSWORD. Agents' users are made by the gateway.
set -eu

# Who makes the secrets may be under way beside this on a company's first start.
read_secret() {
  tries=0
  until [ -s "$1" ] || [ "$tries" -ge 300 ]; do
    sleep 0.2
    tries=$((tries + 1))
  done
  cat "$1"
}

if [ -n "${AITO_REDIS_PASSWORD_FILE:-}" ]; then password=$(read_secret "$AITO_REDIS_PASSWORD_FILE")
else password=${AITO_REDIS_PASSWORD:-}; fi
if [ -z "$password" ]; then
  echo "no password for Redis: set AITO_REDIS_PASSWORD_FILE (or AITO_REDIS_PASSWORD in tests)" >&2
  exit 78
fi
hash=$(printf '%s' "$password" | sha256sum | cut -d ' ' -f 1)
unset password AITO_REDIS_PASSWORD

socket=${AITO_REDIS_SOCKET:-/link/redis/redis.sock}
mkdir -p "$(dirname "$socket")" /run/aito /data
printf 'user default off -@all\nuser control on #%s ~* &* +@all\n' "$hash" >/run/aito/users.acl
chown -R redis:redis "$(dirname "$socket")" /run/aito /data

exec setpriv --reuid=redis --regid=redis --init-groups redis-server \
  --port 6379 --bind '*' --protected-mode no --unixsocket "$socket" --unixsocketperm 777 --aclfile /run/aito/users.acl \
  --hz 2 --dir /data --appendonly yes --appendfsync everysec --save '' --maxmemory 256mb --maxmemory-policy noeviction \
  --maxclients 4000 --client-output-buffer-limit pubsub 4mb 1mb 30 --tcp-keepalive 60 --daemonize no --logfile '' "$@"
