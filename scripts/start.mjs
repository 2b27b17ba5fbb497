// `npm start`: the toolchain, the build, then the company. Flags after `--` go to `aito up`.
import { join } from "node:path";
import { ensureToolchain, handOver, node, root } from "./toolchain.mjs";

await ensureToolchain();
const built = await handOver(node, [join(root, "scripts/build.ts")]);
process.exit(built === 0 ? await handOver(join(root, "scripts/aito"), ["up", "--attach", ...process.argv.slice(2)]) : built);
