import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

type Settings = NonNullable<TestProjectInlineConfiguration["test"]>;

const project = (name: string, include: string[], timeoutMs: number, settings: Settings = {}) => ({
  test: {
    name,
    include,
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    environment: "node" as const,
    ...settings,
    exclude: ["**/node_modules/**", ...(settings.exclude ?? [])],
  },
});

const containers = { globalSetup: ["testkit/src/global-setup.ts"] } satisfies Settings;
/** One file after another, and nothing beside it. */
const oneByOne: Settings = { ...containers, fileParallelism: false };

/** Integration tests that kill, pause, cut off or starve what they look at, or go by seconds: a neighbour would be one more fault. */
const alone = [
  "engine/test/**/*.int.test.ts",
  "orchestrator/test/kill-switches.int.test.ts",
  "testkit/test/{approval-kills,isolation-probe,lost-git-calls,memory-postgres,model-faults,model-money-kill}.int.test.ts",
  "testkit/test/{paused-leader,postgres-database,postgres-faults,redis-bus,redis-names,succession,traces-and-logs}.int.test.ts",
];

/** End-to-end tests that look at pages, and start no company in containers. */
const pages = ["console/test/**/*.e2e.ts", "testkit/test/operator-stories.e2e.ts"];

/**
 * A level is all projects that begin with its name: `--project 'integration*'`. No retries anywhere. Two files run at a time, except where a
 * project says otherwise. Where `isolate` is off a process takes one file after another, as to import the company and to warm up the
 * embedded database takes longer than many a file: such a file leaves no changed environment and no replaced global behind, and shares no
 * port, folder or name with another.
 */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    retry: 0,
    maxWorkers: 2,
    projects: [
      project("unit", ["*/src/**/*.test.ts", "*/src/**/*.prop.test.ts", "../scripts/**/*.test.ts"], 30_000, {
        isolate: false,
        globalSetup: ["testkit/src/unit-setup.ts"],
      }),
      project("integration", ["*/test/**/*.int.test.ts"], 120_000, { ...containers, isolate: false, exclude: alone }),
      project("integration-alone", alone, 120_000, { ...oneByOne, sequence: { groupOrder: 1 } }),
      project("e2e-pages", pages, 300_000, { globalSetup: [...containers.globalSetup, "console/test/build-pages.ts"] }),
      project("e2e", ["*/test/**/*.e2e.ts"], 300_000, { ...oneByOne, exclude: pages }),
      // Stacks of their own that no other level needs; `pnpm check:edge`, `pnpm check:scan`.
      project("stacks", ["*/test/**/*.check.ts"], 300_000, oneByOne),
    ],
  },
});
