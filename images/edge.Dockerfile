# The TLS edge: Caddy before the console, for links that work from outside (compose profile `edge`). Context: images/.
# BASE is caddy:2, or a small root with Debian's caddy, its libraries and certificates.
ARG BASE=caddy:2
FROM ${BASE}
COPY edge.Caddyfile /etc/aito/Caddyfile
ENV XDG_DATA_HOME=/data XDG_CONFIG_HOME=/tmp HOME=/tmp
EXPOSE 80 443
ENTRYPOINT ["/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", "/etc/aito/Caddyfile"]
CMD []
