import { buildAll, buildPages } from "./build/build-all.ts";
import { runScript } from "./steps/refusal.ts";

const given = process.argv.slice(2);

/** `npm run build [image …]`: the bundles and the console's pages under dist/, only what changed; with `--pages` these alone. */
await runScript(() =>
  given.includes("--pages") ? buildPages() : buildAll(given.filter((argument) => !argument.startsWith("-"))),
);
