import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCompanyConsole, operatorKey } from "./open-company-console.ts";

let company: Awaited<ReturnType<typeof openCompanyConsole>>;
beforeAll(async () => {
  company = await openCompanyConsole();
});
afterAll(() => company.close());

/** Any MCP client, with nothing of ours. */
async function connected(mode: "auto" | "legacy"): Promise<Client> {
  const client = new Client({ name: "a laptop", version: "1" }, mode === "auto" ? { versionNegotiation: { mode } } : {});
  const requestInit = { headers: { authorization: `Bearer ${operatorKey}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${company.url}/mcp`), { requestInit }));
  return client;
}

const call = async (client: Client, name: string, args: Record<string, unknown> = {}) => {
  const { isError, content } = await client.callTool({ name, arguments: args });
  return { ok: isError !== true, body: JSON.parse((content[0] as { text: string }).text) };
};

test.each(["auto", "legacy"] as const)(
  "X12 an operator's MCP client (%s) reads status, proposes, and answers what waits",
  async (mode) => {
    const client = await connected(mode);
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name).toSorted()).toEqual([
      "answer",
      "ask",
      "briefing",
      "list_decisions",
      "list_tasks",
      "list_waiting",
      "propose",
      "show_decision",
      "status",
    ]);
    expect((await call(client, "status")).body.agents.length).toBeGreaterThanOrEqual(7);
    const proposal = { by: "cmo", type: "minor", usd: 50, title: `A banner (${mode})` };
    const made = await call(client, "propose", proposal);
    expect(made).toMatchObject({ ok: true, body: { status: "approved", proposedBy: "cmo" } });
    expect((await call(client, "show_decision", { decision_id: made.body.id })).body.title).toBe(proposal.title);
    const decision = await company.escalate(`A sponsorship (${mode})`);
    const { waiting } = (await call(client, "list_waiting")).body;
    const { id } = waiting.find((each: { decisionId: string }) => each.decisionId === decision);
    const answer = { escalation_id: id, decision: "approve", comment: "Go" };
    expect(await call(client, "answer", answer)).toMatchObject({
      ok: true,
      body: { counted: true, decision: { status: "approved" } },
    });
    expect(await call(client, "answer", { ...answer, decision: "veto" })).toMatchObject({ ok: true, body: { counted: false } });
    expect((await call(client, "list_tasks", { limit: 5 })).body.tasks[0].title).toContain("Do: A sponsorship");
    await client.close();
  },
);

test("X12 a refusal is a result that says what to do, and arguments are checked", async () => {
  const client = await connected("auto");
  expect(await call(client, "propose", { by: "nobody", type: "minor", title: "x" })).toMatchObject({
    ok: false,
    body: { code: "AITO_AGENT_UNKNOWN" },
  });
  const before = (await company.ask<{ items: unknown[] }>("/api/v1/decisions?limit=100")).items.length;
  const bad = await client.callTool({ name: "propose", arguments: { by: "cmo", type: "enormous", title: "" } });
  expect(bad.isError).toBe(true);
  expect((await company.ask<{ items: unknown[] }>("/api/v1/decisions?limit=100")).items).toHaveLength(before);
  await client.close();
});

test("X12 a browser's session, a page elsewhere and a wrong key get nothing", async () => {
  const ask = async (headers: Record<string, string>): Promise<number> => {
    const answer = await fetch(`${company.url}/mcp`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: {} }),
    });
    await answer.body?.cancel();
    return answer.status;
  };
  const authorization = `Bearer ${operatorKey}`;
  expect(await ask({ authorization })).toBe(200);
  expect(await ask({})).toBe(401);
  expect(await ask({ authorization: "Bearer aito_op_not-the-key-at-all-000000000" })).toBe(401);
  expect(await ask({ authorization, origin: "https://evil.example" })).toBe(403);
  const signedIn = await fetch(await company.newLoginLink(), { method: "POST", redirect: "manual" });
  const cookie = signedIn.headers.getSetCookie()[0]!.split(";")[0]!;
  expect(await ask({ cookie })).toBe(403);
});
