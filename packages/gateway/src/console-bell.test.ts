import { silentLogger } from "@aito/base";
import { channels } from "@aito/protocol";
import { expect, test } from "vitest";
import { makeConsoleBell, ringEveryMs } from "./console-bell.ts";

/** A clock that moves when it is told to, and what was published. */
function setting(options: { away?: boolean } = {}) {
  const due: { ms: number; run: () => void }[] = [];
  const heard: [string, string][] = [];
  const bus = {
    publish: (channel: string, body: string) => {
      heard.push([channel, body]);
      return options.away ? Promise.reject(new Error("away")) : Promise.resolve();
    },
  };
  const after = (ms: number, run: () => void) => {
    const item = { ms, run };
    due.push(item);
    return () => void due.splice(due.indexOf(item), 1);
  };
  const bell = makeConsoleBell({ bus, clock: { after } as never, log: silentLogger }, "model.call");
  return { bell, heard, due, pass: () => due.splice(0).forEach(({ run }) => run()) };
}

test("B01 the first change is told at once, and a hundred behind it once more", () => {
  const { bell, heard, due, pass } = setting();
  for (let call = 0; call < 100; call += 1) bell.ring();
  expect(heard).toEqual([[channels.console, '{"events":[{"type":"model.call"}]}']]);
  expect(due.map(({ ms }) => ms)).toEqual([ringEveryMs]);
  pass();
  expect(heard).toHaveLength(2);
  pass();
  expect([heard.length, due.length]).toEqual([2, 0]);
  bell.ring();
  expect(heard).toHaveLength(3);
  bell.close();
  expect(due).toEqual([]);
});

test("a bus that is away costs the bell, and nothing else", async () => {
  const { bell, heard, pass } = setting({ away: true });
  bell.ring();
  await Promise.resolve();
  bell.ring();
  pass();
  expect(heard).toHaveLength(2);
  bell.close();
});
