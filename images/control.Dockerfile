# The image of one control program: orchestrator, gateway, console or rehearsal. Node, its shared libraries and the program's files.
# Context: dist/<PROGRAM> (made by `npm run build`). Any Debian-based image serves as BASE; only its C and C++ runtime is taken.
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

FROM scratch
ARG PROGRAM
COPY --from=base /rootfs /
COPY node /usr/local/bin/node
COPY app /app
LABEL aito.program=${PROGRAM}
ENV PATH=/usr/local/bin NODE_ENV=production HOME=/tmp
WORKDIR /app
USER 65534:65534
# Young objects get little room: under load the gateway holds little more than half the memory, and answers as fast. They keep it while
# nothing happens: with less they would be collected all the time, and grow old too soon.
ENTRYPOINT ["node", "--min-semi-space-size=4", "--max-semi-space-size=4", "--disable-warning=ExperimentalWarning"]
CMD ["/app/main.mjs"]
