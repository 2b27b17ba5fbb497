import type { FleetFile } from "@aito/protocol";
import { expect, test } from "vitest";
import { editedCall } from "./edited-call.ts";
import type { ApprovalRow } from "./queries.ts";

const row = (tool: string): ApprovalRow =>
  ({
    tool,
    agent: "cmo",
    epoch: 1,
    schema_version: "v",
    input_schema: { type: "object" },
    arguments: { title: "News", usd: 1 },
    files: [],
    amount_micro_usd: 1_000_000n,
    expires_at: new Date(0),
  }) as unknown as ApprovalRow;
const toolServers = {
  town: {
    url: "http://127.0.0.1:1",
    tools: { send: { risk: "dangerous", dataClass: "public", usd: 2, usdArgument: "price", seconds: 1 } },
  },
} as unknown as FleetFile["toolServers"];
const amount = (tool: string, args: Record<string, unknown>): bigint =>
  editedCall(row(tool), { toolServers } as FleetFile, args).amountMicroUsd;

test("S01 an edited call costs what its new arguments say, for tools of ours and of others", () => {
  expect(amount("publish_text", { title: "News", usd: 7.5 })).toBe(7_500_000n);
  expect(amount("publish_text", { title: "News" })).toBe(0n);
  expect(() => amount("publish_text", { usd: -1 })).toThrow("usd: it must be a number of dollars");
  expect(amount("town__send", { price: 3, usd: 9 })).toBe(5_000_000n);
  // Where no argument says it, it costs what was asked for.
  expect(amount("send_parcel", { usd: 9 })).toBe(1_000_000n);
});
