import { silentLogger, systemClock } from "@aito/base";
import { memoryBus } from "@aito/bus";
import { channels } from "@aito/protocol";
import { expect, test } from "vitest";
import { hearBells } from "./bells.ts";

const head = { agent: "ceo", isHead: true, isCouncil: false };
const council = { agent: "cmo", isHead: false, isCouncil: true };

async function setUp() {
  const bus = memoryBus({ clock: systemClock });
  const bells = await hearBells({ bus, clock: systemClock, log: silentLogger });
  await bells.listen(head);
  await bells.listen(council);
  return { bus, bells };
}
const settled = async (promise: Promise<void>): Promise<boolean> =>
  await Promise.race([promise.then(() => true), new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 30))]);

test("each channel wakes those who may hear it and nobody else", async () => {
  const { bus, bells } = await setUp();
  const cases: [string, boolean, boolean][] = [
    [channels.broadcast, true, true],
    [channels.head, true, false],
    [channels.clevel, false, true],
    [channels.agent("ceo"), true, false],
    [channels.agent("cmo"), false, true],
  ];
  for (const [channel, wakesHead, wakesCouncil] of cases) {
    const a = bells.next(head, bells.count(head));
    const b = bells.next(council, bells.count(council));
    await bus.publish(channel, "{}");
    expect([channel, await settled(a.rung), await settled(b.rung)]).toEqual([channel, wakesHead, wakesCouncil]);
    a.cancel();
    b.cancel();
  }
  await bells.close();
  await bus.close();
});

test("a ring between looking and waiting is not missed", async () => {
  const { bus, bells } = await setUp();
  const seen = bells.count(head);
  await bus.publish(channels.agent("ceo"), "{}");
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await settled(bells.next(head, seen).rung)).toBe(true);
  await bells.close();
  await bus.close();
});

test("an agent that is gone is no longer heard", async () => {
  const { bus, bells } = await setUp();
  await bells.keepOnly(new Set(["cmo"]));
  const seen = bells.count(head);
  await bus.publish(channels.agent("ceo"), "{}");
  expect(await settled(bells.next(head, seen).rung)).toBe(false);
  await bells.close();
  await bus.close();
});
