import { ensureCompose } from "./engine/compose-plugin.ts";
import { ensureEngine } from "./engine/daemon.ts";
import { runScript } from "./steps/refusal.ts";

const help = `node scripts/engine.ts

A Docker engine with compose, installed from the distribution's packages where none answers. JSON: {"engine","version"}.
`;

await runScript(async () => {
  const { version } = await ensureEngine();
  await ensureCompose();
  process.stdout.write(`${JSON.stringify({ engine: "docker", version })}\n`);
}, help);
