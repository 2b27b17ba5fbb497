import { defineConfig } from "vitest/config";

/** The levels, chosen with `--project`: unit (with property tests), integration, e2e. No retries anywhere. */
const level = (name: string, include: string[], timeoutMs: number) => ({
  test: {
    name,
    include,
    exclude: ["**/node_modules/**"],
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    environment: "node" as const,
    // A process takes one unit file after another: most of a short one's time went into importing what the one before had imported, too.
    isolate: name !== "unit",
    ...(name === "unit" ? {} : { fileParallelism: false, globalSetup: ["testkit/src/global-setup.ts"] }),
  },
});

export default defineConfig({
  root: import.meta.dirname,
  test: {
    retry: 0,
    maxWorkers: 2,
    projects: [
      level("unit", ["*/src/**/*.test.ts", "*/src/**/*.prop.test.ts", "../scripts/**/*.test.ts"], 30_000),
      level("integration", ["*/test/**/*.int.test.ts"], 120_000),
      level("e2e", ["*/test/**/*.e2e.ts"], 300_000),
      // Stacks of their own that no other level needs; `pnpm check:edge`, `pnpm check:scan`.
      level("stacks", ["*/test/**/*.check.ts"], 300_000),
    ],
  },
});
