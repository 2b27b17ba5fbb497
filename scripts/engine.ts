import { ensureCompose } from "./engine/compose-plugin.ts";
import { ensureEngine } from "./engine/daemon.ts";
import { runScript } from "./steps/refusal.ts";

/** `node scripts/engine.ts`: a Docker engine with compose, installed from the distribution's packages where none answers. */
await runScript(async () => {
  const { version } = await ensureEngine();
  await ensureCompose();
  process.stdout.write(`${JSON.stringify({ engine: "docker", version })}\n`);
});
