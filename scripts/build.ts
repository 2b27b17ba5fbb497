import { buildAll, buildPages } from "./build/build-all.ts";
import { runScript } from "./steps/refusal.ts";

const help = `npm run build [image …] [-- --pages]

The bundles of the programs and the console's pages under dist/, only what changed; of these images alone, or with --pages the pages alone.
`;
const given = process.argv.slice(2);

await runScript(
  () => (given.includes("--pages") ? buildPages() : buildAll(given.filter((argument) => !argument.startsWith("-")))),
  help,
);
