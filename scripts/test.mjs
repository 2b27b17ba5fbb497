// `npm test`: the toolchain, then every level. `npm test -- --level unit` runs one.
import { join } from "node:path";
import { ensureToolchain, handOver, node, root } from "./toolchain.mjs";

await ensureToolchain();
process.exit(
  await handOver(node, ["--disable-warning=ExperimentalWarning", join(root, "scripts/levels/main.ts"), ...process.argv.slice(2)]),
);
