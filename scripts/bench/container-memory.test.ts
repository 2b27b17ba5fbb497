import { expect, test } from "vitest";
import { containerMemory } from "./container-memory.ts";

const mb = 1024 * 1024;

test("Y15 a program's own memory is told without the pages of files, as both versions of control groups count them", () => {
  const first = { total_rss: 90 * mb, total_cache: 230 * mb, total_inactive_file: 100 * mb, total_active_file: 130 * mb };
  expect(containerMemory({ usage: 323 * mb, stats: first })).toEqual({ own: 90, used: 223 });
  const second = { anon: 91 * mb, file: 230 * mb, inactive_file: 100 * mb };
  expect(containerMemory({ usage: 323 * mb, stats: second })).toEqual({ own: 91, used: 223 });
  expect(containerMemory({ usage: 50 * mb, stats: {} })).toEqual({ own: 50, used: 50 });
});
