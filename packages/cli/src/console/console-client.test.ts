import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { isAitoError } from "@aito/base";
import { expect, test } from "vitest";
import { z } from "zod";
import { makeConsoleClient } from "./console-client.ts";

test("a console that does not answer is not told as one that is down, and what was sent may have been done", async () => {
  const silent = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  try {
    const client = makeConsoleClient({ url, key: "k", answerMs: 50 });
    const told = async (asked: Promise<unknown>): Promise<string> => {
      const error: unknown = await asked.catch((reason: unknown) => reason);
      return isAitoError(error, "AITO_CLI_NO_CONSOLE") ? `${error.message}; ${error.hint}` : String(error);
    };
    const [read, changed] = [await told(client.get("/x", z.any())), await told(client.post("/x", {}, z.any()))];
    expect(read).toMatch(/gave no answer in time; .*: ask again, or see: aito doctor/);
    expect(changed).toMatch(/gave no answer in time; .*may have been done all the same: look before you ask again/);
    expect(read + changed).not.toContain("aito up");
  } finally {
    silent.closeAllConnections();
    silent.close();
  }
});
