// `npm start`: the toolchain, the build, then the company. Flags after `--` go to `aito up`.
import { join } from "node:path";
import { ensureToolchain, handOver, node, root } from "./toolchain.mjs";

const flags = process.argv.slice(2);
// Without containers nothing runs of the bundles but the console's pages.
const isEmbedded = / --engine[ =]embedded /.test(` ${flags.join(" ")} `);

await ensureToolchain();
const asksHelp = flags.includes("--help") || flags.includes("-h");
const built = asksHelp ? 0 : await handOver(node, [join(root, "scripts/build.ts"), ...(isEmbedded ? ["console"] : [])]);
process.exit(built === 0 ? await handOver(join(root, "scripts/aito"), ["up", "--attach", ...flags]) : built);
