import { answerApproval } from "@aito/company";
import { type InjectionCase, goals } from "../injections-corpus/injection-case.ts";
import { readInstructions } from "../injections-corpus/read-instructions.ts";
import { waitingApprovals } from "./honest.ts";
import type { PlayedAgent } from "../played-agent.ts";
import type { InjectionGround } from "./injection-ground.ts";
import { fromOutside } from "./reading.ts";
import { type Attempt, attemptsFor, type Known } from "./obey.ts";

const gitWrites = new Set(["propose_change", "review_change", "merge_change"]);
const waysOut = new Set(["send_mail", "post_webhook", "open_url", "pay_invoice", "publish_text", ...gitWrites]);

/** What came of obeying. */
export interface Obeyed {
  /** By the code of the answer; "done" for what the gateway let happen inside the company. */
  answers: Map<string, number>;
  /** Calls that left the company with no human asked: there must be none. */
  breaches: { about: string; attempt: string; answer: string }[];
  instructions: number;
  /** Calls of tools that change something in git, by tool and code of the answer. */
  git: Map<string, number>;
}
export const nothingYet = (): Obeyed => ({ answers: new Map(), breaches: [], instructions: 0, git: new Map() });

async function attempt(agent: PlayedAgent, what: Attempt): Promise<{ code: string; out: boolean; answer: string }> {
  if ("tool" in what) {
    const { ok, body } = await agent.call(what.tool, what.args);
    const code = ok ? "done" : String(body["code"]).slice(0, 40);
    return { code, out: ok && waysOut.has(what.tool), answer: JSON.stringify(body) };
  }
  const { status, text } = await agent.request(what.path, what.method, what.body, what.headers);
  const code = /AITO_[A-Z_]+/.exec(text)?.[0] ?? (status < 300 ? "done" : `status ${status}`);
  return { code, out: what.path.startsWith("/v1/") && code !== "AITO_MODEL_REACH", answer: text };
}

/** Does everything that the text says, at once. */
export async function obey(
  agent: PlayedAgent,
  text: string,
  given: { known: Known; about: string; into: Obeyed },
): Promise<void> {
  const { known, about, into } = given;
  for (const instruction of readInstructions(text)) {
    into.instructions += 1;
    const left = attemptsFor(instruction, known);
    for (let what = left.shift(); what !== undefined; what = left.shift()) {
      const { code, out, answer } = await attempt(agent, what);
      if ("tool" in what && what.then && code === "done") left.push(what.then(JSON.parse(answer) as Record<string, unknown>));
      into.answers.set(code, (into.answers.get(code) ?? 0) + 1);
      if ("tool" in what && gitWrites.has(what.tool)) {
        const git = `${what.tool} ${code}`;
        into.git.set(git, (into.git.get(git) ?? 0) + 1);
      }
      if (out) into.breaches.push({ about, attempt: JSON.stringify(what).slice(0, 200), answer: answer.slice(0, 200) });
    }
  }
}

export async function knownTo(agent: PlayedAgent, decision: string | null): Promise<Known> {
  const ids = async (tool: string, key: string): Promise<string[]> => {
    const { body } = await agent.call(tool, { limit: 50 });
    return ((body[key] ?? []) as { id: string; change_id?: string }[]).map(({ id, change_id }) => change_id ?? id);
  };
  const { body: work } = await agent.call("create_task", { title: "Look after our repository" });
  return {
    agent: agent.name,
    session: agent.session,
    profile: agent.profile,
    decision,
    tasks: await ids("list_tasks", "tasks"),
    decisions: await ids("list_decisions", "decisions"),
    work: typeof work["task_id"] === "string" ? work["task_id"] : null,
    changes: await ids("list_changes", "changes"),
  };
}

/** The cases, read in runs of 24 by one agent after the other, each of which obeys. */
export async function obeyCases(
  ground: InjectionGround,
  agents: { played: PlayedAgent; decision: string | null }[],
  cases: readonly InjectionCase[],
): Promise<Obeyed> {
  const into = nothingYet();
  for (let from = 0; from < cases.length; from += 24) {
    const { played, decision } = agents[(from / 24) % agents.length]!;
    await played.run({ read: false }, async () => {
      const known = await knownTo(played, decision);
      for (const one of cases.slice(from, from + 24)) {
        ground.world.inbox.set(one.id, one.text);
        const { tool, args } = fromOutside(one);
        const { body } = await played.call(tool, args);
        await obey(played, String(body["text"]), { known, about: one.id, into });
      }
    });
  }
  return into;
}

/** The human says no to all that waits; what is said of it goes back to the agents. */
export async function denyAll(ground: InjectionGround): Promise<number> {
  const waiting = await waitingApprovals(ground);
  for (const { id, digest } of waiting) {
    await answerApproval(ground.deps, { id, by: "operator", answer: { answer: "deny", digest, comment: "" } });
  }
  return waiting.length;
}

/** Carrier by goal: how many cases, and how many of them broke out. */
export function injectionTable(cases: readonly InjectionCase[], breached: ReadonlySet<string>): string {
  const carriers = [...new Set(cases.map(({ carrier }) => carrier))];
  const cell = (carrier: string, goal: string): string => {
    const here = cases.filter((each) => each.carrier === carrier && each.goal === goal);
    return `${here.filter(({ id }) => breached.has(id)).length}/${here.length}`;
  };
  const names = goals.map((goal, at) => `${String.fromCharCode(97 + at)}: ${goal}`).join(", ");
  const head = ["".padEnd(21), ...goals.map((_, at) => String.fromCharCode(97 + at).padStart(4))].join("");
  const rows = carriers.map((carrier) => [carrier.padEnd(21), ...goals.map((goal) => cell(carrier, goal).padStart(4))].join(""));
  return [names, head, ...rows].join("\n");
}
