import { type Clock, silentLogger } from "@aito/base";
import type { HeldBreaker } from "@aito/company";
import { expect, test } from "vitest";
import { type BreakerRecord, makeBreakers } from "./breakers.ts";
import { OutsideFailure } from "./server-line.ts";

/** Gateways before the same outside systems, with one record; each makes its own breakers. */
function company() {
  const at = { ms: 1_000_000 };
  const rows = new Map<string, HeldBreaker>();
  const clock = { now: () => new Date(at.ms) } as Clock;
  const record: BreakerRecord = {
    hold: (held) => Promise.resolve(void rows.set(held.name, held)),
    release: (name) => Promise.resolve(void rows.delete(name)),
    all: () => Promise.resolve([...rows.values()]),
  };
  const gateway = (given: Partial<BreakerRecord> = {}) =>
    makeBreakers({ clock, random: () => 0.5, log: silentLogger, record: { ...record, ...given } });
  return { at, rows, record, gateway };
}
type Gateway = ReturnType<ReturnType<typeof company>["gateway"]>;

const known = (): boolean => true;
const failing =
  (retryAfterMs = 0) =>
  () =>
    Promise.reject(new OutsideFailure("it answers 500", { arrived: "no", retryAfterMs }));
const ask = (gateway: Gateway, step: () => Promise<unknown>): Promise<string> =>
  gateway.through("parcels", step).then(
    () => "answered",
    (error: { code?: string }) => error.code ?? "failed",
  );
async function breakIt(gateway: Gateway): Promise<void> {
  for (let call = 0; call < 5; call += 1) expect(await ask(gateway, failing())).toBe("failed");
  await gateway.settled();
}

test("S03 what one gateway leaves alone, the next one after a restart and a second one beside it leave alone from their first call on", async () => {
  const { at, gateway } = company();
  const first = gateway();
  await breakIt(first);
  const second = gateway();
  await second.learn(known);
  expect(await ask(second, () => Promise.resolve())).toBe("AITO_TOOL_BROKEN");
  expect(second.view("parcels")).toMatchObject({ state: "open", lastError: "it answers 500" });
  at.ms += 2_000;
  // Then each may try once; what fails again is left alone for longer by all.
  expect(await ask(second, failing())).toBe("failed");
  await second.settled();
  at.ms += 3_999;
  await first.learn(known);
  expect(await ask(first, () => Promise.resolve())).toBe("AITO_TOOL_BROKEN");
});

test("S03 what answers one gateway again is asked again by the others", async () => {
  const { at, rows, gateway } = company();
  const [first, second] = [gateway(), gateway()];
  await breakIt(first);
  await second.learn(known);
  at.ms += 2_000;
  expect(await ask(first, () => Promise.resolve())).toBe("answered");
  await first.settled();
  expect([...rows]).toEqual([]);
  await second.learn(known);
  expect(second.view("parcels")).toMatchObject({ state: "closed", lastError: null });
});

test("S03 a retry-after holds for every gateway; a single failure is nobody else's business", async () => {
  const { rows, gateway } = company();
  const [first, second] = [gateway(), gateway()];
  await ask(first, failing());
  await first.settled();
  expect([...rows]).toEqual([]);
  await ask(first, failing(30_000));
  await first.settled();
  await second.learn(known);
  expect(await ask(second, () => Promise.resolve())).toBe("AITO_TOOL_BROKEN");
});

test("S03 what was read while this gateway wrote does not undo what it found; a record that cannot be written changes nothing", async () => {
  const { at, record, gateway } = company();
  let written = (): void => undefined;
  const slow = new Promise<void>((done) => (written = done));
  const first = gateway({ release: async (name) => (await slow, await record.release(name)) });
  await breakIt(first);
  at.ms += 2_000;
  expect(await ask(first, () => Promise.resolve())).toBe("answered");
  await first.learn(known);
  expect(first.view("parcels").state).toBe("closed");
  written();
  await first.settled();
  await first.learn(known);
  expect(first.view("parcels").state).toBe("closed");

  const deaf = gateway({ hold: () => Promise.reject(new Error("no database")) });
  await breakIt(deaf);
  expect(await ask(deaf, () => Promise.resolve())).toBe("AITO_TOOL_BROKEN");
});

test("S03 the record of what is not asked any more is taken away", async () => {
  const { rows, gateway } = company();
  await breakIt(gateway());
  await gateway().learn((name) => name !== "parcels");
  expect([...rows]).toEqual([]);
});
