import { readFileSync } from "node:fs";
import { AttachedTask, type AgentMessage, type RunContext } from "@aito/protocol";
import { describe, expect, test } from "vitest";
import type { MessagesRequest } from "./api/messages-request.ts";
import { ballotsMax, behaviours, callsMax, decide, type Step } from "./decide.ts";
import { at, contextOf, decisionOf, id, requestOf, situationOf, taskOf } from "./rehearsal-fixtures.ts";

const step = (context: RunContext, more: Partial<MessagesRequest> = {}, seed = 1): Step =>
  decide(situationOf(context, seed, more));

/** A whole run: every call is answered, until none is made. Returns all calls and the closing text. */
function play(context: RunContext, answer: (name: string) => { ok: boolean; text: string } = () => ({ ok: true, text: "{}" })) {
  const request = requestOf(context);
  const calls: Step["calls"] = [];
  for (let turn = 0; turn < 10; turn += 1) {
    const { text, calls: next } = step(context, { messages: request.messages });
    if (next.length === 0) return { calls, text };
    calls.push(...next);
    const uses = next.map(({ name, input }, index) => ({ type: "tool_use", id: `t${turn}_${index}`, name, input }));
    const results = uses.map((use) => {
      const { ok, text: content } = answer(use.name);
      return { type: "tool_result", tool_use_id: use.id, content, is_error: !ok };
    });
    request.messages.push({ role: "assistant", content: uses }, { role: "user", content: results });
  }
  throw new Error("the run does not end");
}

const message = (more: Partial<AgentMessage>): AgentMessage => ({
  id: id(70),
  type: "direct",
  from: "operator",
  to: "ceo",
  payload: {},
  priority: "normal",
  timestamp: at,
  requires_response: false,
  response_deadline: null,
  in_reply_to: null,
  ...more,
});

const fleetText = readFileSync(new URL("../../../profiles/aito/fleet.yaml", import.meta.url), "utf8");
const kickoff = fleetText.slice(fleetText.indexOf("goal: |") + "goal: |\n".length);
const goalTo = (text: string): Partial<RunContext> => ({ messages: [message({ payload: { text, goal: true } })] });

test("Q02 the README's table of behaviours names the code's rules in their order", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const table = readme.slice(readme.indexOf("## Behaviours"), readme.indexOf("## Interface"));
  const names = [...table.matchAll(/^\| (\w+) \|/gm)].map((match) => match[1]).slice(1);
  expect(names).toEqual(behaviours.map(({ name }) => name));
});

describe("a goal", () => {
  test("T01 the pack's opening goal becomes a plan, tasks for three members and one minor proposal", () => {
    const { calls } = play(contextOf({ role: "ceo", context: goalTo(kickoff) }));
    expect(calls.map(({ name, input }) => [name, input["assign_to"] ?? input["usd"] ?? input["key"]])).toEqual([
      ["propose_decision", 50],
      ["create_task", "cmo"],
      ["create_task", "cmo"],
      ["create_task", "coo"],
      ["create_task", "cto"],
      ["save_state", "plan"],
    ]);
    expect(calls[0]!.input).toMatchObject({ type: "minor" });
    expect(calls[0]!.input).not.toHaveProperty("task");
    expect(calls[1]!.input["title"]).toContain("$400");
    expect(calls[2]!.input["title"]).toContain("$5,000");
    const { steps } = calls[5]!.input["value"] as { steps: { status: string }[] };
    expect(steps.map(({ status }) => status)).toEqual(["proposed", "given", "given", "given", "given"]);
  });

  test("T01 a goal that is in the plan already begins nothing", () => {
    const context = { ...goalTo(kickoff), state: { plan: { goal: "g", goal_id: id(70), steps: [] } } };
    expect(play(contextOf({ role: "ceo", context })).calls).toEqual([]);
  });

  test("T01 a goal in plain sentences goes to the members that it names, the rest stays with the lead", () => {
    const goal = "Grow the community. The CFO should compare three offers for hosting. Spend $80 on stickers.";
    const { calls } = play(contextOf({ role: "ceo", context: goalTo(goal) }));
    expect(calls.map(({ name, input }) => [name, input["assign_to"] ?? input["usd"] ?? input["key"]])).toEqual([
      ["create_task", "cfo"],
      ["propose_decision", 80],
      ["save_state", "plan"],
    ]);
  });

  test("T01 more steps than one run may begin stay open and go on at the next creative action", () => {
    const goal = `Do much.\n${Array.from({ length: 8 }, (_, n) => `- CTO: Improve page ${n}`).join("\n")}`;
    const { calls } = play(contextOf({ role: "ceo", context: goalTo(goal) }));
    expect(calls).toHaveLength(callsMax);
    const plan = calls.at(-1)!.input["value"];
    const dueActions = [{ text: "Continue the plan", everySeconds: 43_200, creative: true }];
    const later = play(contextOf({ role: "ceo", context: { dueActions, state: { plan } } }));
    expect(later.calls.map(({ input }) => input["title"] ?? input["key"])).toEqual([
      "Improve page 5",
      "Improve page 6",
      "Improve page 7",
      "plan",
    ]);
  });
});

describe("tasks", () => {
  const campaign = "Run a launch campaign of about $400 that opens with an announcement article";

  test("T02 a task that names an amount is proposed with work for a writer, then closed", () => {
    const { calls, text } = play(contextOf({ context: { tasks: [taskOf(campaign)] } }), (name) =>
      name === "propose_decision" ? { ok: true, text: '{"type":"major","status":"pending"}' } : { ok: true, text: "{}" },
    );
    expect(calls.map(({ name }) => name)).toEqual(["propose_decision", "complete_task"]);
    expect(calls[0]!.input).toMatchObject({
      usd: 400,
      type: "major",
      kind: "New marketing campaigns (> $100 budget)",
      task: { worker_type: "content-writer" },
    });
    expect(AttachedTask.safeParse({ title: (calls[0]!.input["task"] as { title: string }).title }).success).toBe(true);
    expect(calls[1]!.input).toMatchObject({
      task_id: id(60),
      summary: "Proposed as a major decision of $400.00; it is pending.",
    });
    expect(text).toContain("Task done");
  });

  test.each([
    [50, "minor"],
    [100, "minor"],
    [101, "major"],
    [1_000, "major"],
    [1_001, "critical"],
  ])("T02 $%i is declared %s by the limits of the own profile", (usd, type) => {
    const [call] = step(contextOf({ context: { tasks: [taskOf(`Buy it for $${usd}`)] } })).calls;
    expect(call!.input).toMatchObject({ usd, type });
  });

  test("T02 a refused proposal is reported, not repeated, and its task stays open", () => {
    const { calls, text } = play(contextOf({ context: { tasks: [taskOf(campaign)] } }), () => ({
      ok: false,
      text: "AITO_BUDGET",
    }));
    expect(calls.map(({ name }) => name)).toEqual(["propose_decision"]);
    expect(text).toContain("Failed: Proposed");
  });

  test("T02 a refusal is told by its sentence, not as the JSON that it came in", () => {
    const refused = { code: "AITO_VOTE_LATE", message: "the round is over", hint: "a later round may ask again" };
    const { text } = play(contextOf({ context: { tasks: [taskOf(campaign)] } }), () => ({
      ok: false,
      text: JSON.stringify(refused),
    }));
    expect(text).toMatch(/Failed: Proposed .* \(the round is over, AITO_VOTE_LATE\)\./);
  });

  test("T02 an approved task is done without a second proposal", () => {
    const { calls } = play(contextOf({ context: { tasks: [taskOf(campaign, { decisionId: id(50) })] } }));
    expect(calls.map(({ name }) => name)).toEqual(["complete_task"]);
  });

  test("T02 tasks of others and tasks for a worker are left alone", () => {
    const tasks = [
      taskOf("A", { assignedTo: "cto" }),
      taskOf("B", { workerType: "content-writer" }),
      taskOf("C", { status: "blocked" }),
    ];
    expect(play(contextOf({ context: { tasks } })).calls).toEqual([]);
  });

  test.each(["content-writer", "code-reviewer", "analyst", "support-bot", "unknown-worker"])(
    "C04 the text of a %s has 150 to 300 words and is about its task",
    (workerType) => {
      for (let seed = 0; seed < 20; seed += 1) {
        for (const description of ["", "A longer description that explains what is wanted. ".repeat(20)]) {
          const task = taskOf("Write the text for: Announce the summer meeting", { workerType, description, assignedTo: "cmo" });
          const [call, ...more] = step(
            contextOf({ role: workerType, kind: "worker", context: { tasks: [task] } }),
            {},
            seed,
          ).calls;
          expect(more).toEqual([]);
          const text = String(call!.input["text"]);
          expect(text).toContain("# Announce the summer meeting");
          const count = text.split(/\s+/).length;
          expect(count, text).toBeGreaterThanOrEqual(150);
          expect(count, text).toBeLessThanOrEqual(300);
        }
      }
    },
  );

  test("Q02 the seed changes the words of a text and nothing else", () => {
    const context = contextOf({
      role: "content-writer",
      kind: "worker",
      context: { tasks: [taskOf("Say hello", { workerType: "content-writer" })] },
    });
    const texts = [1, 1, 2, 3, 4, 5].map((seed) => step(context, {}, seed).calls[0]!.input);
    expect(texts[0]).toEqual(texts[1]);
    expect(new Set(texts.map((input) => input["text"])).size).toBeGreaterThan(1);
    expect(new Set(texts.map((input) => input["summary"])).size).toBe(1);
  });
});

describe("messages", () => {
  const outcome = (payload: Record<string, unknown>): Partial<RunContext> => ({
    messages: [
      message({
        type: "decision",
        from: "system",
        payload: { decision_id: id(50), title: "Sponsor the meeting", status: "approved", round: 3, ...payload },
      }),
    ],
  });

  test("V14 an approved decision without a task starts a worker that the proposer manages", () => {
    const { calls, text } = play(contextOf({ context: outcome({ task_id: null }) }));
    expect(calls).toMatchObject([{ name: "spawn_worker", input: { worker_type: "content-writer" } }]);
    expect(text).toContain('Noted: "Sponsor the meeting" is approved.');
  });

  test.each([
    ["with its task", { task_id: id(60) }],
    ["that was minor", { task_id: null, round: 0 }],
    ["that was vetoed", { task_id: null, status: "vetoed" }],
  ])("V14 a decision %s is only noted", (_name, payload) => {
    const { calls, text } = play(contextOf({ context: outcome(payload) }));
    expect(calls).toEqual([]);
    expect(text).toContain("Noted");
  });

  test("M05 a colleague who asks for an answer gets one; others do not", () => {
    const asked = message({ from: "cto", payload: { text: "How much?" }, requires_response: true });
    const messages = [
      asked,
      message({ id: id(71), from: "cto", payload: { text: "FYI" } }),
      message({ id: id(72), from: "stranger", requires_response: true }),
    ];
    expect(play(contextOf({ context: { messages } })).calls).toMatchObject([
      { name: "send_message", input: { to: "cto", in_reply_to: asked.id } },
    ]);
  });
});

describe("creative actions", () => {
  const dueActions = [{ text: "Generate content ideas", everySeconds: 28_800, creative: true }];

  test("L14 ideas differ from one time to the next; small proposals and tasks follow in turn", () => {
    let state: Record<string, unknown> = {};
    const ideas: string[] = [];
    const tools: string[][] = [];
    for (let time = 0; time < 6; time += 1) {
      const { calls } = play(contextOf({ context: { dueActions, state } }));
      const saved = calls.find(({ name }) => name === "save_state")!.input;
      state = { ideas: saved["value"] };
      ideas.push((saved["value"] as { last: { idea: string }[] }).last.at(-1)!.idea);
      tools.push(calls.map(({ name }) => name));
    }
    expect(new Set(ideas).size).toBe(6);
    expect(tools).toEqual([
      ["propose_idea", "save_state"],
      ["propose_idea", "save_state", "propose_decision"],
      ["propose_idea", "save_state", "spawn_worker"],
      ["propose_idea", "save_state"],
      ["propose_idea", "save_state", "propose_decision"],
      ["propose_idea", "save_state", "spawn_worker"],
    ]);
  });

  test("L14 a small proposal is a fifth of what the role may spend alone, and none when the budget is nearly used up", () => {
    const state = { ideas: { count: 1, last: [] } };
    expect(step(contextOf({ context: { dueActions, state } })).calls[2]!.input).toMatchObject({ usd: 20, type: "minor" });
    expect(step(contextOf({ usdLeft: "1999.00", context: { dueActions, state } })).calls).toHaveLength(2);
  });

  test("L17 who was given a check to do proposes an idea from it; a worker and a task with a price do not", () => {
    const checked = play(
      contextOf({ role: "cto", context: { tasks: [taskOf("A check of the sign-up page", { assignedTo: "cto" })] } }),
    );
    expect(checked.calls.map(({ name }) => name)).toEqual(["complete_task", "propose_idea"]);
    expect(checked.text).toContain('Had the idea "Put right what we found: A check of the sign-up page"');
    for (const [title, kind] of [
      ["Review the offer of $400", "agent"],
      ["A check of the sign-up page", "worker"],
    ] as const)
      expect(play(contextOf({ kind, context: { tasks: [taskOf(title)] } })).calls.map(({ name }) => name)).not.toContain(
        "propose_idea",
      );
  });

  test("B04 the CFO records the budget left when it votes on money; others when their check of it is due", () => {
    const recorded = { name: "record_metric", input: { name: "budget_left", value: "20000.00", unit: "USD" } };
    const decisions = [decisionOf(5_000, { phase: "analysis", round: 2 })];
    expect(play(contextOf({ role: "cfo", context: { decisions } })).calls).toMatchObject([{ name: "cast_vote" }, recorded]);
    expect(play(contextOf({ role: "cto", context: { decisions } })).calls).toHaveLength(1);
    expect(play(contextOf({ role: "cfo", context: { decisions: [decisionOf(0)] } })).calls).toHaveLength(1);
    const due = [{ text: "Review model and service costs", everySeconds: 3_600, creative: false }];
    expect(play(contextOf({ role: "cto", context: { dueActions: due } })).calls).toMatchObject([recorded]);
  });

  test("V15 a head that is against tells the other head before it votes, once, and only in the heads' round", () => {
    const names = (more: Partial<Parameters<typeof decisionOf>[1]>, usd = 5_000): string[] =>
      play(contextOf({ role: "dao", context: { decisions: [decisionOf(usd, more)] } })).calls.map(({ name }) => name);
    expect(names({})).toEqual(["argue", "cast_vote"]);
    expect(names({}, 400)).toEqual(["cast_vote"]);
    expect(names({ phase: "final" })).toEqual(["cast_vote"]);
    expect(names({ exchange: [{ by: "dao", turn: 1, text: "No.", at }] })).toEqual(["cast_vote"]);
  });

  test("L14 a check that is due asks for nothing", () => {
    const checks = [{ text: "Review metrics", everySeconds: 3_600, creative: false }];
    expect(play(contextOf({ context: { dueActions: checks } })).calls).toEqual([]);
  });
});

describe("bounds", () => {
  const decisions = Array.from({ length: 9 }, (_, n) => decisionOf(100, { id: id(100 + n) }));

  test("V04 all ballots that wait are cast in one turn, the rest of very many in the next, before anything else", () => {
    const many = Array.from({ length: ballotsMax + 9 }, (_, n) => decisionOf(100, { id: id(100 + n) }));
    const context = contextOf({ role: "ceo", context: { decisions: many } });
    expect(step(context).calls.map(({ name }) => name)).toEqual(Array.from({ length: ballotsMax }, () => "cast_vote"));
    const { calls } = play(context);
    expect(new Set(calls.map(({ input }) => input["decision_id"])).size).toBe(many.length);
    expect(calls).toHaveLength(many.length);
  });

  test("L09 a run has at most six calls beside its ballots, votes first, and says what is left", () => {
    const tasks = Array.from({ length: callsMax + 2 }, (_, n) => taskOf(`Write page ${n}`, { id: id(300 + n) }));
    const { calls, text } = play(
      contextOf({ role: "ceo", context: { decisions, tasks: tasks.map((task) => ({ ...task, assignedTo: "ceo" })) } }),
    );
    expect(calls.slice(0, decisions.length).map(({ name }) => name)).toEqual(decisions.map(() => "cast_vote"));
    expect(calls.slice(decisions.length).map(({ name }) => name)).toEqual(
      Array.from({ length: callsMax }, () => "complete_task"),
    );
    expect(text).toContain("Left for my next run: 2.");
  });

  test("L09 a proposal is not begun without room to close its task", () => {
    const done = Array.from({ length: callsMax - 1 }, (_, n) => taskOf(`Write page ${n}`, { id: id(300 + n) }));
    const { calls } = play(contextOf({ context: { tasks: [...done, taskOf("Buy it for $400")] } }));
    expect(calls.map(({ name }) => name)).toEqual(Array.from({ length: callsMax - 1 }, () => "complete_task"));
  });

  test("V04 a ballot that is cast is not cast again", () => {
    const votes = [{ voter: "ceo", vote: "approve" as const, reason: "", castAt: at }];
    const decision = decisionOf(100, { rounds: [{ round: 1, phase: "heads", votes }] });
    expect(play(contextOf({ role: "ceo", context: { decisions: [decision] } })).calls).toEqual([]);
  });

  test("T09 only tools on offer are used, under the name and with the arguments that they have", () => {
    const context = contextOf({ role: "ceo", context: { decisions: decisions.slice(0, 1) } });
    expect(step(context, { tools: [] }).calls).toEqual([]);
    expect(step(context, { tool_choice: { type: "none" } }).calls).toEqual([]);
    const schema = { type: "object" as const, properties: { decision_id: {}, vote: {} } };
    const [call] = step(context, { tools: [{ name: "mcp__aito__cast_vote", input_schema: schema }] }).calls;
    expect(call).toEqual({ name: "mcp__aito__cast_vote", input: { decision_id: id(100), vote: "approve" } });
  });

  test("Q02 the same request gets the same reply", () => {
    const context = contextOf({ role: "ceo", context: { ...goalTo(kickoff), decisions: decisions.slice(0, 2) } });
    expect(step(context)).toEqual(step(structuredClone(context)));
  });
});

describe("a text for the world", () => {
  const result = (task: string) =>
    message({
      from: "content-writer-1",
      to: "cmo",
      payload: { text: `Task done: ${task} — Written.\n\n# Hello world\n\nWords.`, task_id: id(9) },
    });
  const autonomy = (mode: "supervised" | "autonomous") => ({ mode, releases: [] });

  test("S01 a worker's article is published where that puts it before a human, once in a run", () => {
    const messages = [result("Write the announcement article")];
    const { calls, text } = play(contextOf({ role: "cmo", context: { messages, autonomy: autonomy("supervised") } }), (name) => ({
      ok: name !== "publish_text",
      text: '{"code":"AITO_APPROVAL_NEEDED"}',
    }));
    expect(calls).toEqual([{ name: "publish_text", input: { title: "Hello world", text: "# Hello world\n\nWords." } }]);
    expect(text).toBe('Waits for a human\'s approval: Published "Hello world".');
    expect(play(contextOf({ role: "cmo", context: { messages, autonomy: autonomy("autonomous") } })).calls).toEqual([]);
    const guide = [result("Write the welcome guide")];
    expect(play(contextOf({ role: "coo", context: { messages: guide, autonomy: autonomy("supervised") } })).calls).toEqual([]);
  });
});
