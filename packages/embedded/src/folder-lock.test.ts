import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockFolder, lockHolder } from "./folder-lock.ts";
import { identityOf, isAlive } from "./process-identity.ts";

const folder = (): string => mkdtempSync(join(tmpdir(), "aito-lock-"));

test("O11 a second taker is refused with the first one's process id, and may have the folder after it is given back", async () => {
  const place = folder();
  const first = lockFolder(place);
  expect(() => lockFolder(place)).toThrowError(
    expect.objectContaining({
      code: "AITO_EMBEDDED_LOCKED",
      message: `the company in ${place} already runs: process ${process.pid} holds it`,
    }),
  );
  expect(lockHolder(place)?.pid).toBe(process.pid);
  await first.close();
  expect(lockHolder(place)).toBeNull();
  await lockFolder(place).close();
});

test("the lock of a dead process is taken over", async () => {
  const place = folder();
  const child = spawn(process.execPath, ["-e", "0"]);
  const dead = identityOf(child.pid!);
  await once(child, "exit");
  writeFileSync(join(place, "lock.json"), JSON.stringify({ ...dead, nonce: "n" }));
  await lockFolder(place).close();
});

test("a lock from before the machine restarted, or of a process whose id was given to another, is taken over", async () => {
  const mine = identityOf(process.pid);
  for (const stale of [
    { ...mine, bootId: "an earlier boot" },
    { ...mine, startTime: "1" },
  ]) {
    expect(isAlive(stale)).toBe(false);
    const place = folder();
    writeFileSync(join(place, "lock.json"), JSON.stringify({ ...stale, nonce: "n" }));
    await lockFolder(place).close();
  }
});

test("a damaged lock file is taken over, and closing twice removes nobody else's lock", async () => {
  const place = folder();
  writeFileSync(join(place, "lock.json"), "{half");
  const first = lockFolder(place);
  await first.close();
  const second = lockFolder(place);
  await first.close();
  expect(JSON.parse(readFileSync(join(place, "lock.json"), "utf8"))).toMatchObject({ pid: process.pid });
  await second.close();
});
