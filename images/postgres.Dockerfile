# Postgres 17 with pgvector, UTF-8. Context: images/. BASE is pgvector/pgvector:pg17 or a Debian with postgresql-17-pgvector.
# For tests: docker run -e AITO_POSTGRES_PASSWORD=secret aito-postgres -c fsync=off   (user and database `aito`, port 5432)
ARG BASE=pgvector/pgvector:pg17
FROM ${BASE}
COPY postgres-entrypoint.sh /usr/local/bin/aito-entrypoint
COPY postgres-healthy.sh /usr/local/bin/aito-healthy
ENV PGDATA=/var/lib/postgresql/data/17 LC_ALL=C.UTF-8
EXPOSE 5432
STOPSIGNAL SIGINT
HEALTHCHECK --interval=300ms --timeout=150s --retries=100 CMD ["/usr/local/bin/aito-healthy"]
ENTRYPOINT ["/usr/local/bin/aito-entrypoint"]
CMD []
