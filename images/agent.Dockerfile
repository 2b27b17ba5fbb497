# The image of agents and workers: Node, its shared libraries and one bundle. No shell, no package manager, nothing to write to.
# Context: dist/agent (made by `npm run build`). Any Debian-based image serves as BASE; only its C and C++ runtime is taken.
ARG BASE=node:24-slim
FROM ${BASE} AS base
COPY node /opt/aito/node
RUN mkdir -p /rootfs/lib64 /rootfs/etc /rootfs/usr/local/bin /rootfs/link /rootfs/app \
 && mkdir -m 1777 /rootfs/tmp \
 && for file in $(ldd /opt/aito/node | sed -n 's/^.*=> \(\/[^ ]*\).*$/\1/p'); do mkdir -p "/rootfs$(dirname "$file")" && cp -L "$file" "/rootfs$file"; done \
 && cp -L /lib64/ld-linux-x86-64.so.2 /rootfs/lib64/ \
 && printf 'root:x:0:0::/:/nologin\nnobody:x:65534:65534::/:/nologin\n' > /rootfs/etc/passwd \
 && printf 'root:x:0:\nnogroup:x:65534:\n' > /rootfs/etc/group \
 && printf 'hosts: files dns\n' > /rootfs/etc/nsswitch.conf

# The bundle's compiled code, made under the flags and the user that it runs with: an agent has half a core, and would spend the
# best part of its start on compiling.
COPY app /app
RUN mkdir /app/.compiled && chown 65534:65534 /app/.compiled \
 && as_agent() { setpriv --reuid=65534 --regid=65534 --clear-groups env NODE_COMPILE_CACHE=/app/.compiled \
        /opt/aito/node --max-semi-space-size=1 --disable-warning=ExperimentalWarning "$@" </dev/null >/dev/null 2>&1 || true; } \
 && as_agent /app/main.mjs \
 && as_agent --input-type=module --eval 'for (const part of process.argv.slice(1)) await import(part).catch(() => undefined)' /app/parts/*.mjs \
 && test -n "$(ls /app/.compiled)"

FROM scratch
COPY --from=base /rootfs /
COPY node /usr/local/bin/node
COPY --from=base /app /app
ENV PATH=/usr/local/bin NODE_ENV=production HOME=/tmp NODE_COMPILE_CACHE=/app/.compiled
WORKDIR /app
USER 65534:65534
# A small young generation: an agent waits most of the time, and a quarter of its memory would be garbage that waits with it.
ENTRYPOINT ["node", "--max-semi-space-size=1", "--disable-warning=ExperimentalWarning", "/app/main.mjs"]
