import { expect, test } from "vitest";
import { readTogether } from "./read-together.ts";

test("S16 a session that is revoked while it is looked up is told as it was only to who asked before", async () => {
  const together = readTogether<string>();
  const ends: (() => void)[] = [];
  let session = "active";
  const look = (key = "ada"): Promise<string> =>
    together(key, async () => {
      const seen = session;
      await new Promise<void>((resolve) => void ends.push(resolve));
      return seen;
    });
  const first = look();
  session = "revoked";
  const later = [look(), look(), look()];
  const others = look("ben");
  expect(ends).toHaveLength(2);
  for (const end of ends) end();
  expect([await first, await others]).toEqual(["active", "revoked"]);
  await Promise.resolve();
  expect(ends).toHaveLength(3);
  ends[2]!();
  expect(await Promise.all(later)).toEqual(["revoked", "revoked", "revoked"]);
});
