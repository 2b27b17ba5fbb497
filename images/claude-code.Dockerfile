# The image of workers that run their task with the Claude Code CLI: a Debian with a shell for its tools, Node, our bundle and the CLI.
# Context: dist/claude-code. Built when a fleet file says `executor: claude-code`; it has no network when it runs, as every worker's.
ARG BASE=node:24-slim
FROM ${BASE}
COPY node /usr/local/bin/node
COPY claude /opt/claude/claude
COPY app /app
RUN mkdir -p /link
ENV PATH=/usr/local/bin:/usr/bin:/bin NODE_ENV=production HOME=/tmp
WORKDIR /app
USER 65534:65534
ENTRYPOINT ["node", "--max-semi-space-size=1", "--disable-warning=ExperimentalWarning", "/app/main.mjs"]
