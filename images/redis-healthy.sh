#!/bin/sh
# Quick until Redis has answered once, slow from then on until the next start. The default user is off, so an unauthenticated PING is answered NOAUTH:
# that answer comes from a server that has loaded its data (before, it says LOADING).
if [ -e /dev/shm/aito-was-healthy ]; then sleep 120; fi
answer=$(redis-cli -s "${AITO_REDIS_SOCKET:-/link/redis/redis.sock}" ping 2>&1)
case $answer in *NOAUTH*) touch /dev/shm/aito-was-healthy ;; *) exit 1 ;; esac
