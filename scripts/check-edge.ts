import { parseArgs } from "node:util";
import { runVitest } from "./levels/run-vitest.ts";
import { ensureEngine } from "./engine/daemon.ts";
import { runScript } from "./steps/refusal.ts";

const help = `pnpm check:edge [--json]

Brings a company of its own up in containers behind the TLS edge (a CA of the edge's own, free ports of 127.0.0.1), asks it from outside as a
browser would, and takes it down: TLS versions, http leading to https, HSTS, login link and cookie, foreign origins, whose address is written
down, a notice's link answered by https, and that nothing but the console and the edge is published. Some two minutes; needs Docker.
--json: one line of JSON with what passed and failed. Exit 1: something failed.
`;
const minutesMax = 20;

await runScript(async () => {
  const { values } = parseArgs({
    options: { help: { type: "boolean", short: "h", default: false }, json: { type: "boolean", default: false } },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  await ensureEngine();
  const { passed, failed, failures, stopped } = await runVitest("stacks", minutesMax * 60_000, ["edge.check.ts"]);
  if (values.json) process.stdout.write(`${JSON.stringify({ passed, failed, failures, stopped })}\n`);
  return failed > 0 || passed === 0 || stopped !== null ? 1 : 0;
});
