/**
 * What is run inside an agent's container, by the only program that its image has: it tries everything that it should not get at,
 * and prints what it reached. Plain CommonJS text, for `node -e`.
 */
export const probeProgram = String.raw`
const fs = require("node:fs"), net = require("node:net"), dgram = require("node:dgram"), dns = require("node:dns"), os = require("node:os");
const { spawnSync } = require("node:child_process");
const path = require("node:path");
const { hosts, names } = JSON.parse(process.argv[1]);
const reached = [];
let tried = 0;
const attempt = (what, act) => { tried++; try { const seen = act(); if (seen !== false) reached.push(what); } catch {} };
const ports = [22, 53, 80, 443, 2375, 2376, 5432, 6379, 7700, 8080, 8081, 8090];

const tcp = (host, port) => new Promise((done) => {
  tried++;
  const socket = net.connect({ host, port });
  const end = (text) => { socket.destroy(); if (text) reached.push(text); done(); };
  // No network is an error at once; silence would mean that a packet has left.
  socket.setTimeout(1500, () => end("tcp " + host + ":" + port + " gave no error within 1.5 s"));
  socket.once("connect", () => end("tcp " + host + ":" + port));
  socket.once("error", () => end(""));
});
const udp = (host, port) => new Promise((done) => {
  tried++;
  const socket = dgram.createSocket(host.includes(":") ? "udp6" : "udp4");
  const end = (text) => { try { socket.close(); } catch {} if (text) reached.push(text); done(); };
  socket.once("error", () => end(""));
  socket.send("x", port, host, (error) => end(error ? "" : "udp " + host + ":" + port));
});
const lookup = (name) => new Promise((done) => { tried++; dns.lookup(name, (error, address) => { if (!error) reached.push("name " + name + " is " + address); done(); }); });
const resolve = (name, server) => new Promise((done) => {
  tried++;
  const resolver = new dns.promises.Resolver({ timeout: 300, tries: 1 });
  resolver.setServers([server]);
  resolver.resolve4(name).then((found) => { reached.push("resolver " + server + ": " + name + " is " + found); done(); }, () => done());
});
const unix = (at) => new Promise((done) => {
  tried++;
  const socket = net.connect({ path: at });
  const end = (ok) => { socket.destroy(); done(ok ? at : null); };
  socket.setTimeout(1000, () => end(false));
  socket.once("connect", () => end(true));
  socket.once("error", () => end(false));
});

const sockets = [], setuid = [], writable = [];
const walk = (folder, depth) => {
  if (depth > 12 || folder === "/proc" || folder === "/sys") return;
  let entries = [];
  try { entries = fs.readdirSync(folder, { withFileTypes: true }); } catch { return; }
  try { const file = path.join(folder, ".probe"); fs.writeFileSync(file, "x"); fs.rmSync(file); writable.push(folder); } catch {}
  for (const entry of entries) {
    const at = path.join(folder, entry.name);
    if (entry.isSymbolicLink()) continue;
    if (entry.isDirectory()) { walk(at, depth + 1); continue; }
    if (entry.isSocket()) sockets.push(at);
    try { const { mode } = fs.statSync(at); if (mode & 0o6000) setuid.push(at); } catch {}
    if (entry.isBlockDevice()) attempt("device " + at, () => fs.closeSync(fs.openSync(at, "r")));
  }
};
walk("/", 0);
for (const folder of writable) if (!/^\/(tmp|dev\/shm)/.test(folder)) reached.push("write to " + folder);
for (const file of setuid) reached.push("setuid " + file);

for (const file of ["/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/run/secrets", "/secrets", "/profiles",
  "/memory", "/host", "/root", "/etc/shadow", "/proc/kcore", "/proc/1/root/etc/hostname/x", "/proc/keys", "/proc/timer_list", "/dev/mem", "/dev/kmsg"])
  attempt("read " + file, () => { const s = fs.statSync(file); if (s.isDirectory()) return fs.readdirSync(file).length > 0; return s.isSocket() || fs.readFileSync(file).length > 0; });
for (const file of ["/proc/sysrq-trigger", "/proc/sys/kernel/hostname", "/proc/sys/kernel/core_pattern", "/proc/sys/net/ipv4/ip_forward", "/sys/kernel/uevent_helper", "/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/memory/release_agent", "/link/x",
  "/link/gateway/gateway.sock.x", "/app/main.mjs", "/etc/passwd", "/etc/hosts", "/etc/resolv.conf"])
  attempt("write " + file, () => fs.closeSync(fs.openSync(file, "r+")));
for (const file of ["/link/gateway/gateway.sock", "/link/redis/redis.sock"]) {
  attempt("remove " + file, () => fs.unlinkSync(file));
  attempt("replace " + file, () => fs.renameSync(file, file + ".x"));
  attempt("change the mode of " + file, () => fs.chmodSync(file, 0));
}
attempt("exec from /tmp", () => { fs.copyFileSync("/usr/local/bin/node", "/tmp/x"); fs.chmodSync("/tmp/x", 0o755); const r = spawnSync("/tmp/x", ["-v"]); return r.status === 0; });
try { fs.rmSync("/tmp/x"); } catch {}
for (const program of ["sh", "bash", "unshare", "mount", "nsenter", "ping", "perl", "python3", "curl", "docker"]) attempt("program " + program, () => !spawnSync(program, ["--help"]).error);
for (const id of [0, 1, 1000]) { attempt("become " + id, () => process.setuid(id)); attempt("group " + id, () => process.setgid(id)); }
attempt("higher priority", () => os.getPriority() > -20 && (os.setPriority(0, os.getPriority() - 1), true));

// Other processes: this container's own only, and of those the environment holds no secret.
const pids = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
for (const pid of pids.filter((each) => each !== String(process.pid))) {
  let text = ""; try { text = fs.readFileSync("/proc/" + pid + "/environ", "utf8") + fs.readFileSync("/proc/" + pid + "/cmdline", "utf8"); } catch {}
  tried++;
  if (/aito_(run|ses|red|op|login|esc)_[\w-]{20}|sk-ant|:\/\/[^\s:]+:[^\s@]+@/.test(text)) reached.push("a secret in /proc/" + pid);
}
attempt("abstract sockets", () => fs.readFileSync("/proc/net/unix", "utf8").includes("@"));
attempt("a route", () => fs.readFileSync("/proc/net/route", "utf8").trim().split("\n").length > 1);
attempt("a default route for IPv6", () => fs.readFileSync("/proc/net/ipv6_route", "utf8").split("\n").some((row) => row && !/ lo$/.test(row)));
attempt("new privileges by a setuid file", () => !/^NoNewPrivs:\s+1$/m.test(fs.readFileSync("/proc/self/status", "utf8")));
attempt("namespaces of its own, with every capability in them", () => spawnSync("unshare", ["--user", "--map-root-user", "true"]).status === 0);
attempt("a capability, such as raw sockets (ICMP) need", () => ["CapEff", "CapPrm", "CapBnd", "CapInh", "CapAmb"].some((set) =>
  BigInt("0x" + new RegExp("^" + set + ":\\s+(\\w+)$", "m").exec(fs.readFileSync("/proc/self/status", "utf8"))[1]) !== 0n));

// A program of Node's has no means to open an ICMP socket: there only the missing capability, network and routes are seen. Where there is
// perl it is tried, raw and as the ping socket that the kernel gives to every group; its own loopback shows that a try can succeed.
let ping = null;
const icmp = 'use Socket qw(:all); for my $h (@ARGV) { my $six = $h =~ /:/; for my $kind (SOCK_RAW, SOCK_DGRAM) {' +
  'next unless socket(my $s, $six ? AF_INET6 : AF_INET, $kind, $six ? 58 : 1);' +
  'my $to = $six ? pack_sockaddr_in6(0, inet_pton(AF_INET6, $h)) : pack_sockaddr_in(0, inet_aton($h));' +
  'print(($kind == SOCK_RAW ? "raw" : "ping"), " $h\n") if defined send($s, pack("CCnnna8", $six ? 128 : 8, 0, 0, 1, 1, "probe"), 0, $to); } }';
const pinged = spawnSync("perl", ["-e", icmp, "127.0.0.1", ...hosts.filter((host) => !host.includes("%"))], { encoding: "utf8" });
if (!pinged.error) {
  const sent = pinged.stdout.split("\n").filter(Boolean);
  tried += 2 * hosts.length;
  ping = { status: pinged.status, sent };
  for (const each of sent) if (each !== "ping 127.0.0.1") reached.push("ICMP: " + each);
}

(async () => {
  await Promise.all(hosts.flatMap((host) => ports.map((port) => tcp(host, port))));
  await Promise.all(ports.flatMap((port) => [tcp("127.0.0.1", port), tcp("::1", port)]));
  await Promise.all(hosts.flatMap((host) => [udp(host, 53), udp(host, 4242)]));
  await Promise.all(names.map(lookup));
  await Promise.all(names.flatMap((name) => ["127.0.0.11", "192.0.2.1"].map((server) => resolve(name, server))));
  const open = (await Promise.all([...sockets, "/var/run/docker.sock", "\0/containerd-shim/x.sock"].map(unix))).filter(Boolean);
  console.log(JSON.stringify({
    uid: process.getuid(), environment: Object.keys(process.env).sort(), interfaces: Object.keys(os.networkInterfaces()),
    mounts: fs.readFileSync("/proc/mounts", "utf8").split("\n").filter(Boolean).map((row) => row.split(" ")[1]).sort(),
    processes: pids.length, sockets: open.sort(), ping, reached, tried,
  }));
})();
`;
