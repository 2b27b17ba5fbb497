import { expect, test } from "vitest";
import { Lifecycle } from "./lifecycle.ts";
import { createLogger, silentLogger } from "./logger.ts";

test("closes in reverse order, once, and aborts first", async () => {
  const life = new Lifecycle(silentLogger);
  const seen: string[] = [];
  life.signal.addEventListener("abort", () => seen.push("abort"));
  life.add("database", { close: () => void seen.push("database") });
  life.onClose("server", () => Promise.resolve(void seen.push("server")));
  await Promise.all([life.close(), life.close()]);
  expect(seen).toEqual(["abort", "server", "database"]);
});

test("goes on when a part fails to close, and says which", async () => {
  const lines: string[] = [];
  const life = new Lifecycle(createLogger({ program: "test", write: (line) => lines.push(line) }));
  const seen: string[] = [];
  life.onClose("first", () => void seen.push("first"));
  life.onClose("broken", () => Promise.reject(new Error("stuck")));
  await life.close();
  expect(seen).toEqual(["first"]);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ part: "broken", error: "stuck" }]);
});
