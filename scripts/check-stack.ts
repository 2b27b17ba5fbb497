import { parseArgs } from "node:util";
import { runVitest } from "./levels/run-vitest.ts";
import { ensureEngine } from "./engine/daemon.ts";
import { Refusal, runScript } from "./steps/refusal.ts";

const help = `npm run check:edge [-- --json], npm run check:scan [-- --json]

Bring a company of their own up in containers, look at it from outside, and take it down; they need Docker.
edge: behind the TLS edge (a CA of the edge's own, free ports of 127.0.0.1), asked as a browser would: TLS versions, http leading to https, HSTS,
login link and cookie, foreign origins, whose address is written down, a notice's link answered by https, and that nothing but the console and
the edge is published. Some two minutes.
scan: every TCP port of this machine and of each container, by IPv4 and IPv6, from a network namespace that is a neighbour on the same wire, without
and with compose/firewall.nft, which it loads for that time. Needs root, iproute2 and nftables. Some ten minutes.
--json: one line of JSON with what passed and failed. Exit 1: something failed.
`;
const checks: Record<string, { file: string; minutesMax: number }> = {
  edge: { file: "edge.check.ts", minutesMax: 20 },
  scan: { file: "scan.check.ts", minutesMax: 40 },
};

await runScript(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean", default: false } },
  });
  const check = checks[positionals[0] ?? ""];
  if (!check) throw new Refusal(`there is no check "${positionals[0] ?? ""}"\n${help}`, { exitCode: 2 });
  await ensureEngine();
  const { passed, failed, failures, stopped } = await runVitest("stacks", check.minutesMax * 60_000, [check.file]);
  if (values.json) process.stdout.write(`${JSON.stringify({ passed, failed, failures, stopped })}\n`);
  return failed > 0 || passed === 0 || stopped !== null ? 1 : 0;
}, help);
