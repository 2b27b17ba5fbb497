import { expect, test } from "vitest";
import { alsoAbout, whileAbout } from "./about.ts";
import { createLogger } from "./logger.ts";
import { inSpan } from "./span.ts";

const lines: Record<string, unknown>[] = [];
const log = createLogger({ program: "test", write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) });
const last = (): Record<string, unknown> => lines.at(-1)!;

test("S04 what is logged while something goes on says what it is about, also after a wait and in what it calls", async () => {
  await whileAbout({ agent: "cmo", epoch: 3 }, async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    log.info({}, "before the run is known");
    expect(last()).toMatchObject({ agent: "cmo", epoch: 3 });
    expect(last()).not.toHaveProperty("run");
    alsoAbout({ run: "r-1" });
    await inSpan("inner", {}, () => Promise.resolve(log.info({}, "in the run")));
    expect(last()).toMatchObject({ agent: "cmo", epoch: 3, run: "r-1" });
  });
  log.info({}, "outside");
  expect(last()).not.toHaveProperty("agent");
});

test("two that go on at once do not mix, and a line's own fields come first", async () => {
  const one = async (agent: string): Promise<void> =>
    await whileAbout({ agent }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      alsoAbout({ epoch: agent.length });
      log.info({ of: agent }, "one of two");
    });
  lines.length = 0;
  await Promise.all([one("cmo"), one("media-buyer")]);
  for (const line of lines) expect(line).toMatchObject({ agent: line["of"], epoch: String(line["of"]).length });
  whileAbout({ agent: "cmo" }, () => log.info({ agent: "cto" }, "own"));
  expect(last()["agent"]).toBe("cto");
});

test("outside of anything that goes on nothing is remembered", () => {
  alsoAbout({ agent: "cmo" });
  log.info({}, "outside");
  expect(last()).not.toHaveProperty("agent");
});
