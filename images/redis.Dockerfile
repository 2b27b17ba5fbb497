# Redis 8: append-only file, noeviction, default user off. Context: images/. BASE is redis:8 or a Debian with redis-server.
# For tests: docker run -e AITO_REDIS_PASSWORD=secret aito-redis   (user `control`, port 6379, socket /link/redis/redis.sock)
ARG BASE=redis:8
FROM ${BASE}
COPY redis-entrypoint.sh /usr/local/bin/aito-entrypoint
COPY redis-healthy.sh /usr/local/bin/aito-healthy
EXPOSE 6379
HEALTHCHECK --interval=300ms --timeout=150s --retries=100 CMD ["/usr/local/bin/aito-healthy"]
ENTRYPOINT ["/usr/local/bin/aito-entrypoint"]
CMD []
