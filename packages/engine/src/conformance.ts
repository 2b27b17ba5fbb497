import { makeNewId, systemClock } from "@aito/base";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ContainerSpec, Engine, Observed } from "./engine.ts";

/**
 * An engine under test. Its program does what AITO_PROGRAM says: `stay` prints the stdin line and runs until it is killed,
 * `exit` ends with the code in AITO_CODE, `crash` ends by an error whose text is "the program broke".
 */
export interface EngineUnderTest {
  engine: Engine;
  image: string;
  linkVolume: string;
  /** Makes the engine's event stream end from the other side. */
  cutEvents?: () => void;
  close(): Promise<void>;
}

interface Case {
  name: string;
  needs?: "cutEvents" | "output";
  run(subject: EngineUnderTest, company: string): Promise<void>;
}

const newId = makeNewId(systemClock.now);
const soon = { timeout: 20_000, interval: 50 };

const specOf = (
  subject: EngineUnderTest,
  company: string,
  program: string,
  rest: Partial<ContainerSpec> = {},
): ContainerSpec => ({
  company,
  agent: "cmo",
  kind: "agent",
  epoch: 1,
  run: "conformance",
  image: subject.image,
  environment: { AGENT_TYPE: "cmo", AITO_PROGRAM: program, ...rest.environment },
  memoryMb: 128,
  cpus: 0.5,
  pids: 64,
  linkVolume: subject.linkVolume,
  ...Object.fromEntries(Object.entries(rest).filter(([key]) => key !== "environment")),
});

const only = async (subject: EngineUnderTest, company: string): Promise<Observed | undefined> =>
  (await subject.engine.list(company))[0];

const cases: Case[] = [
  {
    name: "starts a container under its fixed name and shows what it was started with",
    run: async (subject, company) => {
      const { id } = await subject.engine.start(specOf(subject, company, "stay"), "line");
      const seen = await subject.engine.list(company);
      expect(seen).toHaveLength(1);
      expect(seen[0]).toMatchObject({
        id,
        name: `aito-${company}-cmo`,
        agent: "cmo",
        kind: "agent",
        epoch: 1,
        run: "conformance",
        state: "running",
        exitCode: null,
        oomKilled: false,
      });
      expect(await subject.engine.list(`${company}-other`)).toEqual([]);
    },
  },
  {
    name: "hands over the stdin line once and shows the last lines of output",
    needs: "output",
    run: async (subject, company) => {
      const { id } = await subject.engine.start(specOf(subject, company, "stay"), '{"line":1}');
      await expect.poll(() => subject.engine.logs(id, 5), soon).toContain('stdin {"line":1}\\n end');
      expect(JSON.stringify(await subject.engine.list(company))).not.toContain("line");
    },
  },
  {
    name: "tells the exit code of a program that ended",
    run: async (subject, company) => {
      await subject.engine.start(specOf(subject, company, "exit", { environment: { AITO_CODE: "3" } }), "line");
      await expect.poll(() => only(subject, company), soon).toMatchObject({ state: "exited", exitCode: 3 });
    },
  },
  {
    name: "keeps the words of a program that crashed",
    run: async (subject, company) => {
      const { id } = await subject.engine.start(specOf(subject, company, "crash"), "line");
      await expect.poll(() => only(subject, company), soon).toMatchObject({ state: "exited", exitCode: 1 });
      expect(await subject.engine.logs(id, 50)).toContain("the program broke");
    },
  },
  {
    name: "kills with 137 and takes a second kill, and removal of what is gone, as done",
    run: async (subject, company) => {
      const { id } = await subject.engine.start(specOf(subject, company, "stay"), "line");
      await subject.engine.kill(id);
      await expect.poll(() => only(subject, company), soon).toMatchObject({ state: "exited", exitCode: 137 });
      await subject.engine.kill(id);
      await subject.engine.remove(id);
      await subject.engine.remove(id);
      await subject.engine.kill(id);
      expect(await subject.engine.list(company)).toEqual([]);
      expect(await subject.engine.logs(id, 5)).toBe("");
    },
  },
  {
    name: "removes a container that still runs",
    run: async (subject, company) => {
      const { id } = await subject.engine.start(specOf(subject, company, "stay"), "line");
      await subject.engine.remove(id);
      expect(await subject.engine.list(company)).toEqual([]);
    },
  },
  {
    name: "adopts a standing container of the same epoch and replaces one of an earlier epoch",
    run: async (subject, company) => {
      const first = await subject.engine.start(specOf(subject, company, "stay"), "line");
      const again = await subject.engine.start(specOf(subject, company, "stay"), "line");
      expect(again.id).toBe(first.id);
      const next = await subject.engine.start(specOf(subject, company, "stay", { epoch: 2 }), "line");
      expect(next.id).not.toBe(first.id);
      expect(await subject.engine.list(company)).toMatchObject([{ id: next.id, epoch: 2, state: "running" }]);
    },
  },
  {
    name: "refuses to start an earlier epoch over a later one",
    run: async (subject, company) => {
      const { id } = await subject.engine.start(specOf(subject, company, "stay", { epoch: 2 }), "line");
      await expect(subject.engine.start(specOf(subject, company, "stay"), "line")).rejects.toMatchObject({
        code: "AITO_ENGINE_STALE",
      });
      expect((await only(subject, company))?.id).toBe(id);
    },
  },
  {
    name: "refuses a spec that is not to the letter and starts nothing",
    run: async (subject, company) => {
      const odd = { ...specOf(subject, company, "stay"), binds: ["/:/host"] };
      await expect(subject.engine.start(odd, "line")).rejects.toMatchObject({ code: "AITO_ENGINE_SPEC" });
      expect(await subject.engine.list(company)).toEqual([]);
    },
  },
  {
    name: "calls the watcher of the company when a container starts and when it ends",
    run: async (subject, company) => {
      let rings = 0;
      const watch = await subject.engine.watch(company, () => (rings += 1));
      const { id } = await subject.engine.start(specOf(subject, company, "stay"), "line");
      await expect.poll(() => rings, soon).toBeGreaterThan(0);
      const before = rings;
      await subject.engine.kill(id);
      await expect.poll(() => rings, soon).toBeGreaterThan(before);
      await watch.close();
      const after = rings;
      await subject.engine.remove(id);
      expect(rings).toBe(after);
    },
  },
  {
    name: "opens its events again after a gap and calls the watcher",
    needs: "cutEvents",
    run: async (subject, company) => {
      let rings = 0;
      const watch = await subject.engine.watch(company, () => (rings += 1));
      subject.cutEvents!();
      await expect.poll(() => rings, soon).toBe(1);
      await subject.engine.start(specOf(subject, company, "stay"), "line");
      await expect.poll(() => rings, soon).toBeGreaterThan(1);
      await watch.close();
    },
  },
  {
    name: "tells its version",
    run: async (subject) => {
      expect((await subject.engine.ping()).version).toMatch(/\d+\.\d+/);
    },
  },
];

/** What every engine must do. A case that cannot run fails unless `listedSkips` names it with its reason. */
export function engineConformance(
  name: string,
  make: () => Promise<EngineUnderTest | { missing: string }>,
  listedSkips: Record<string, string> = {},
): void {
  describe(`engine conformance: ${name}`, () => {
    let subject: EngineUnderTest | { missing: string };
    let company: string;
    beforeEach(async () => {
      company = `t-${newId().slice(-12)}`;
      subject = await make();
    });
    afterEach(async () => {
      if ("missing" in subject) return;
      for (const item of await subject.engine.list(company)) await subject.engine.remove(item.id);
      await subject.close();
    });
    for (const item of cases) {
      test(item.name, async ({ skip }) => {
        if ("missing" in subject) return skip(subject.missing);
        const reason = listedSkips[item.name];
        const able =
          item.needs === "output"
            ? subject.engine.kind !== "inline"
            : item.needs === undefined || subject.cutEvents !== undefined;
        if (able) {
          if (reason !== undefined) throw new Error(`listed as skipped (${reason}), but it can run`);
          await item.run(subject, company);
          return;
        }
        if (reason === undefined) throw new Error("cannot run here and is not listed with a reason");
        skip(reason);
      });
    }
    test("lists only cases that exist as skipped", () => {
      expect(Object.keys(listedSkips).filter((listed) => !cases.some((item) => item.name === listed))).toEqual([]);
    });
  });
}
