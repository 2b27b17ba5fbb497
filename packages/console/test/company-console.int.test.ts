import { sealEvents, sendMessage } from "@aito/company";
import type {
  ChainReport,
  DecisionView,
  EscalationView,
  EventView,
  FleetStatus,
  OverrideReport,
  Page,
  SwitchView,
  TaskView,
} from "@aito/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { streamsMax } from "../src/stream/stream-route.ts";
import { openCompanyConsole, operatorKey } from "./open-company-console.ts";

let company: Awaited<ReturnType<typeof openCompanyConsole>>;
beforeAll(async () => {
  company = await openCompanyConsole();
});
afterAll(() => company.close());

describe("the operator API over a real company", () => {
  test("status names the seven agents, the budget and the next wake", async () => {
    const status = await company.ask<FleetStatus>("/api/v1/status");
    expect(status.agents.map((agent) => agent.name).toSorted()).toEqual(["cco", "ceo", "cfo", "cmo", "coo", "cto", "dao"]);
    expect(status).toMatchObject({ engine: "embedded", model: "REHEARSAL" });
  });

  test("a proposal, its page in the list, and an unknown agent", async () => {
    const made = await company.ask<DecisionView>("/api/v1/proposals", { by: "cmo", type: "minor", usd: 50, title: "A banner" });
    expect(made).toMatchObject({ status: "approved", type: "minor", proposedBy: "cmo" });
    const first = await company.ask<Page<DecisionView>>("/api/v1/decisions?limit=1");
    expect(first.items[0]?.id).toBe(made.id);
    await expect(company.ask("/api/v1/proposals", { by: "nobody", type: "minor", title: "x" })).rejects.toThrow(
      /404.*AITO_AGENT_UNKNOWN/,
    );
    await expect(company.ask("/api/v1/tasks/01939f00-0000-7000-8000-0000000000ff")).rejects.toThrow(/404.*AITO_TASK_UNKNOWN/);
  });

  test("V12 what waits is found behind a hundred and fifty that were answered after it", async () => {
    const decision = await company.escalate("Sponsor the old conference");
    await company.answeredSince(decision, 150);
    const list = async (query: string) => (await company.ask<Page<EscalationView>>(`/api/v1/escalations?${query}`)).items;
    expect((await list("limit=100")).filter(({ status }) => status === "waiting")).toEqual([]);
    const waiting = await list("status=waiting&limit=100");
    expect(waiting.map(({ decisionId, status }) => [decisionId, status])).toEqual([[decision, "waiting"]]);
    expect(await list(`decision=${decision}&status=waiting&limit=1`)).toEqual(waiting);
    expect(await list(`decision=${company.deps.newId()}`)).toEqual([]);
    await expect(company.ask("/api/v1/escalations?status=lost")).rejects.toThrow(/400/);
    await company.ask(`/api/v1/escalations/${waiting[0]!.id}/answer`, { decision: "veto", comment: "" });
    expect(await list("status=waiting")).toEqual([]);
  });

  test("C14 the history is cut by who, by type and by time, and pages go on within the cut", async () => {
    const [from, ask] = [company.deps.clock.now(), (query: string) => company.ask<Page<EventView>>(`/api/v1/events?${query}`)];
    company.pass(60_000);
    const made = await company.ask<DecisionView>("/api/v1/proposals", { by: "cmo", type: "minor", usd: 50, title: "A flag" });
    company.pass(60_000);
    const [since, until] = [from.toISOString(), company.deps.clock.now().toISOString()];
    await company.ask("/api/v1/agents/ceo/restart", {});
    const within = await ask(`since=${since}&until=${until}`);
    expect(within.items.length).toBeGreaterThan(0);
    for (const { at } of within.items) expect(at >= since && at < until).toBe(true);
    expect(within.items.some(({ type }) => type === "operator.command")).toBe(false);
    expect((await ask(`since=${until}&types=operator.command`)).items).toHaveLength(1);
    const opened = within.items.filter(({ payload }) => payload["decision"] === made.id);
    for (const { source, type, id } of opened) {
      const found = await ask(`by=${source}&types=${type}&since=${since}&until=${until}&limit=200`);
      expect(found.items.map((event) => event.id)).toContain(id);
      expect(new Set(found.items.map((event) => event.source))).toEqual(new Set([source]));
    }
    const all = (await ask(`by=system&limit=200`)).items.map(({ id }) => id);
    const first = await ask("by=system&limit=1");
    expect(first.items[0]!.id).toBe(all[0]);
    if (first.next) expect((await ask(`by=system&limit=1&before=${first.next}`)).items[0]!.id).toBe(all[1]);
    expect((await ask("by=nobody")).items).toEqual([]);
    for (const wrong of ["since=yesterday", "until=7", "by="]) await expect(ask(wrong)).rejects.toThrow(/400/);
  });

  test("text that no store takes is refused in an address, wherever it stands", async () => {
    const addresses = [
      "events?by=%00",
      "costs/calls?agent=a%00b",
      "receipts?agent=%00",
      "receipts?tool=%00",
      "hooks/deliveries?hook=%00",
    ];
    for (const address of [...addresses, "agents/%00", "agents/%00/runs"])
      await expect(company.ask(`/api/v1/${address}`), address).rejects.toThrow(/400.*AITO_CONSOLE_INPUT/);
    // Percent, 0, 0: text like any other.
    expect((await company.ask<Page<EventView>>("/api/v1/events?by=%2500")).items).toEqual([]);
  });

  test("orders to the fleet are accepted and audited", async () => {
    expect(await company.ask("/api/v1/agents/ceo/restart", {})).toEqual({ accepted: true });
    const events = await company.ask<Page<EventView>>("/api/v1/events?types=operator.command");
    expect(events.items[0]?.payload).toMatchObject({ kind: "agent.restart", agent: "ceo" });
  });
});

describe("S13 kill switches", () => {
  test("pressed by one request and ended by another that repeats the name; both are on record with who and from where", async () => {
    const on = await company.ask<SwitchView>("/api/v1/switches", { scope: "agent", target: "cmo", reason: "It overspends" });
    expect(on).toMatchObject({ label: "agent cmo", agents: ["cmo"], pressedFrom: "operator key, 127.0.0.1" });
    const status = await company.ask<FleetStatus>("/api/v1/status");
    expect(status.switches.map((each) => each.label)).toEqual(["agent cmo"]);
    expect(status.agents.find((agent) => agent.name === "cmo")?.statusReason).toMatch(/agent cmo.*It overspends/);
    expect(status.nextWake?.agent).not.toBe("cmo");
    const resume = (confirm: string) =>
      company.ask<SwitchView>(`/api/v1/switches/${on.id}/resume`, { reason: "Checked", confirm });
    await expect(resume("yes")).rejects.toThrow(/400.*AITO_SWITCH_CONFIRM/);
    expect(await resume("agent cmo")).toMatchObject({ resumedBy: "operator", agents: [] });
    expect(await company.ask<{ items: SwitchView[] }>("/api/v1/switches")).toEqual({ items: [] });
    expect((await company.ask<{ items: SwitchView[] }>("/api/v1/switches?all=1")).items).toHaveLength(1);
    const events = await company.ask<Page<EventView>>("/api/v1/events?types=switch.pressed,switch.resumed");
    expect(events.items.map((event) => [event.type, event.source, event.payload["from"]])).toEqual([
      ["switch.resumed", "operator", "operator key, 127.0.0.1"],
      ["switch.pressed", "operator", "operator key, 127.0.0.1"],
    ]);
    await expect(company.ask("/api/v1/switches", { scope: "agent", target: "cmo", reason: " " })).rejects.toThrow(/400/);
    await expect(company.ask("/api/v1/switches", { scope: "planet", target: "x", reason: "y" })).rejects.toThrow(/400/);
  });
});

describe("a browser's way in", () => {
  test("the one-time link signs in once, and the session reads", async () => {
    const link = await company.newLoginLink();
    const first = await company.fetch(link, { method: "POST", redirect: "manual" });
    expect(first.status).toBe(303);
    const cookie = first.headers.getSetCookie()[0]!.split(";")[0]!;
    expect((await company.fetch(`${company.url}/api/v1/session`, { headers: { cookie } })).status).toBe(200);
    expect((await company.fetch(link, { method: "POST", redirect: "manual" })).status).toBe(410);
  });
});

describe("V12 from deadlock to the human's answer", () => {
  test("the listed link opens the form; the answer releases the attached task; a second answer is told", async () => {
    const id = await company.escalate("Sponsor <b>the</b> conference");
    expect((await company.ask<DecisionView>(`/api/v1/decisions/${id}`)).status).toBe("escalated");
    const { items } = await company.ask<Page<EscalationView>>("/api/v1/escalations");
    const waiting = items.find((item) => item.decisionId === id)!;
    expect(waiting.url).toContain(`${company.url}/e/aito_esc_`);
    const form = await (await company.fetch(waiting.url!)).text();
    expect(form).toContain("Sponsor &lt;b&gt;the&lt;/b&gt; conference");
    expect(form).toContain("REHEARSAL");
    const answer = (decision: string) =>
      company.fetch(waiting.url!, {
        method: "POST",
        body: new URLSearchParams({ decision, comment: "Go" }),
        headers: { origin: "null" },
      });
    const statuses = (await Promise.all([answer("approve"), answer("approve"), answer("approve")])).map(
      (response) => response.status,
    );
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
    expect(await company.ask<DecisionView>(`/api/v1/decisions/${id}`)).toMatchObject({
      status: "approved",
      humanDecision: "approve",
      humanComment: "Go",
    });
    const tasks = await company.ask<Page<TaskView>>("/api/v1/tasks");
    expect(tasks.items.find((task) => task.decisionId === id)?.status).toBe("pending");
    expect((await company.fetch(waiting.url!)).status).toBe(410);
  });

  test("an operator answers inside the console; sending back twice is refused with its reason", async () => {
    const id = await company.escalate("Move the office");
    const waiting = async () =>
      (await company.ask<Page<EscalationView>>("/api/v1/escalations")).items.find(
        (item) => item.decisionId === id && item.status === "waiting",
      );
    const first = (await waiting())!;
    await company.ask(`/api/v1/escalations/${first.id}/answer`, { decision: "send_back", comment: "What does it cost?" });
    expect((await company.ask<DecisionView>(`/api/v1/decisions/${id}`)).status).toBe("pending");
    await expect(company.ask(`/api/v1/escalations/${first.id}/answer`, { decision: "veto" })).rejects.toThrow(/409/);
  });

  test("V17 an operator overrides a decision with a reason, once, and is told what was stopped", async () => {
    const id = await company.escalate("Rent a tower");
    await expect(company.ask(`/api/v1/decisions/${id}/override`, { reason: " " })).rejects.toThrow(/400/);
    const report = await company.ask<OverrideReport>(`/api/v1/decisions/${id}/override`, { reason: "We own one" });
    expect(report.decision).toMatchObject({ status: "overridden", outcomeReason: expect.stringContaining("We own one") });
    expect(report.stopped).toMatchObject([{ task: report.decision.taskId }]);
    expect(report.ran).toEqual([]);
    await expect(company.ask(`/api/v1/decisions/${id}/override`, { reason: "Again" })).rejects.toThrow(/409/);
  });
});

/** Reads server-sent events until `enough` says so; the stream's beats, which come by the wall clock, are left out. */
async function follow(lastEventId: string | null, enough: (frames: { event: string; id: string; data: unknown }[]) => boolean) {
  const stop = new AbortController();
  const headers = { authorization: `Bearer ${operatorKey}`, ...(lastEventId === null ? {} : { "last-event-id": lastEventId }) };
  const response = await company.fetch(`${company.url}/api/v1/stream`, {
    headers,
    signal: AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)]),
  });
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const frames: { event: string; id: string; data: unknown }[] = [];
  let text = "";
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const parts = text.split("\n\n");
    text = parts.pop()!;
    for (const part of parts) {
      const field = (name: string): string => new RegExp(`^${name}: (.*)$`, "m").exec(part)?.[1] ?? "";
      if (field("event") && field("event") !== "beat")
        frames.push({ event: field("event"), id: field("id"), data: JSON.parse(field("data")) });
    }
    if (enough(frames)) break;
  }
  stop.abort();
  return frames;
}

describe("the stream", () => {
  const say = (text: string) => sendMessage(company.deps, "operator", { type: "broadcast", to: "all", payload: { text } });
  const sealAll = async () => {
    company.pass(1_000);
    while ((await sealEvents(company.deps)) > 0);
  };

  test("tells a change before it is sealed, and then the sealed event", async () => {
    await sealAll();
    const done = Promise.withResolvers<void>();
    const seen = follow(null, (frames) => {
      const last = frames.at(-1)?.event;
      if (last === "hello") void say("hello").catch(done.reject);
      if (last === "bell") sealAll().then(done.resolve, done.reject);
      return last === "audit";
    });
    await done.promise;
    const frames = await seen;
    expect(frames.map((frame) => frame.event)).toEqual(["hello", "bell", "audit"]);
    const [, bell, audit] = frames;
    expect(bell!.data).toEqual({ types: ["message.sent"] });
    expect((audit!.data as EventView).seq).toBe(audit!.id);
  });

  test("a reader that was away gets what it missed, in order, none twice", async () => {
    await sealAll();
    const [hello] = await follow(null, (frames) => frames.length > 0);
    for (let message = 0; message < 25; message += 1) await say(`message ${message}`);
    await sealAll();
    const frames = await follow(hello!.id, (seen) => seen.filter((frame) => frame.event === "audit").length >= 25);
    const ids = frames.filter((frame) => frame.event === "audit").map((frame) => Number(frame.id));
    expect(ids).toEqual(Array.from({ length: 25 }, (_, index) => Number(hello!.id) + 1 + index));
  });

  test("a reader from a future that never was starts anew", async () => {
    const [frame] = await follow("999999999", (frames) => frames.length > 0);
    expect(frame?.event).toBe("reset");
  });

  test("readers are bounded, and those that leave make room", async () => {
    const headers = { authorization: `Bearer ${operatorKey}` };
    const stops = Array.from({ length: streamsMax }, () => new AbortController());
    const opened = await Promise.all(stops.map(({ signal }) => fetch(`${company.url}/api/v1/stream`, { headers, signal })));
    expect(opened.every((response) => response.status === 200)).toBe(true);
    const refused = await company.fetch(`${company.url}/api/v1/stream`, { headers });
    expect([refused.status, await refused.text()]).toEqual([503, expect.stringContaining("AITO_CONSOLE_STREAMS")]);
    for (const stop of stops) stop.abort();
    await expect
      .poll(async () => (await follow(null, (frames) => frames.length > 0).catch(() => [])).length, { timeout: 60_000 })
      .toBe(1);
  });

  test("the chain that was streamed verifies", async () => {
    expect(await company.ask<ChainReport>("/api/v1/events/verify")).toMatchObject({ ok: true, problem: null });
  });
});
