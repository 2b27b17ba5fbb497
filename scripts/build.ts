import { buildAll } from "./build/build-all.ts";
import { runScript } from "./steps/refusal.ts";

/** `npm run build [image …]`: the bundles and the console's pages under dist/, only what changed. */
await runScript(() => buildAll(process.argv.slice(2).filter((argument) => !argument.startsWith("-"))));
