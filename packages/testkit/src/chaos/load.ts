import { errorText } from "@aito/base";
import { createTask, propose, transact } from "@aito/company";
import { sql } from "kysely";
import type { ChaosStack } from "./chaos-stack.ts";
import { pause } from "./fault-outcomes.ts";

/** What an agent has before it at once. A run takes up to 50 of them. */
const openPerAgent = 20;
const lookEveryMs = 150;
const burst = 12;
/** When nothing was accepted, it is asked again after this. */
const refusedMs = 1_000;

export interface Load {
  /** Accepted so far: the company said that it has them. */
  accepted(): number;
  /** Resolves after `stop`. */
  done: Promise<void>;
  stop(): void;
}

export interface LoadOptions {
  workersEvery: number;
  decisionsEvery: number;
  /** Who is full is left out, so that all others go on getting tasks: otherwise all wait for who is behind. */
  passFull?: boolean;
  /** Tasks handed out in a second, to all together: as many as they have room for when it is left out. */
  perSecondMax?: number;
}

/**
 * Hands out tasks as the operator does, never more than the agents can have before them. Of 300 tasks about 30 publish what an
 * approved decision releases, 30 tell a colleague, some go to a worker in a container of its own, and one asks for a decision that
 * ends with a human. What is not accepted for certain is noted as unsure and not asked again.
 */
export function startLoad(stack: ChaosStack, options: LoadOptions): Load {
  const { deps, ledger, agents } = stack;
  let accepted = 0;
  let stopped = false;
  let next = 0;

  /** True when it was accepted. */
  const one = async (index: number): Promise<boolean> => {
    const agent = agents[index % agents.length]!;
    const kind = kindOf(index, agents.length, options);
    const title = `${kind} ${index}`;
    try {
      if (kind === "publish") {
        const action = { tool: "publish_text" as const, arguments: null, usd: 0, timesMax: 1 };
        const task = { title, description: "", workerType: null };
        const proposal = { title, description: "", type: "minor" as const, kind: null, usd: 0, validUntil: null };
        const decision = await propose(deps, agent, { ...proposal, task, action });
        ledger.add({ kind: "accepted", what: "task", id: decision.taskId!, title });
      } else if (kind === "ask") {
        const by = ["cmo", "coo", "cto"][index % 3]!;
        const proposal = { title, description: "", type: "critical" as const, kind: null, usd: 5_000, validUntil: null };
        const decision = await propose(deps, by, { ...proposal, task: null, action: null });
        ledger.add({ kind: "accepted", what: "decision", id: decision.id, title });
        return true;
      } else {
        const task = await createTask(deps, "operator", {
          title,
          assignTo: agent,
          ...(kind === "worker" ? { workerType: "analyst" } : {}),
        });
        ledger.add({ kind: "accepted", what: "task", id: task.id, title });
      }
      accepted += 1;
      return true;
    } catch (error) {
      ledger.add({ kind: "unsure", what: kind === "ask" ? "decision" : "task", title, error: errorText(error).slice(0, 200) });
      return false;
    }
  };

  /** The next so many, in turn. */
  const take = (count: number, open: ReadonlyMap<string, number>): number[] => {
    const taken: number[] = [];
    for (let tried = 0; taken.length < count && (tried < agents.length || !options.passFull); tried += 1) {
      next += 1;
      if (!options.passFull || (open.get(agents[next % agents.length]!) ?? 0) < openPerAgent) taken.push(next);
    }
    return taken;
  };

  const since = Date.now();
  const done = (async () => {
    while (!stopped) {
      const open = await openTasks(stack).catch(() => null);
      const sum = [...(open ?? [])].reduce((all, [, count]) => all + count, 0);
      const room = open === null ? 0 : Math.max(0, agents.length * openPerAgent - sum);
      const due = options.perSecondMax ? Math.floor(((Date.now() - since) / 1_000) * options.perSecondMax) - next : Infinity;
      const count = Math.max(0, Math.min(burst, room, due));
      const indices = take(count, open ?? new Map());
      const taken = await Promise.all(indices.map((index) => one(index)));
      if (indices.length === 0) await pause(lookEveryMs);
      // Stopped, or the records are away: asking faster changes nothing, and costs those who are to recover.
      else if (!taken.includes(true)) await pause(refusedMs);
    }
  })();
  return { accepted: () => accepted, done, stop: () => void (stopped = true) };
}

/** Each agent gets each kind in turn, whatever their number: none is to write more messages than it may. */
function kindOf(
  index: number,
  agents: number,
  options: { workersEvery: number; decisionsEvery: number },
): "plain" | "publish" | "tell" | "worker" | "ask" {
  if (options.decisionsEvery > 0 && index % options.decisionsEvery === 3) return "ask";
  if (options.workersEvery > 0 && index % options.workersEvery === 4) return "worker";
  const turn = (Math.floor(index / agents) + (index % agents)) % 10;
  if (turn === 1) return "publish";
  if (turn === 2) return "tell";
  return "plain";
}

/** By agent. */
async function openTasks({ deps }: ChaosStack): Promise<Map<string, number>> {
  return await transact(deps, async (unit) => {
    const found = await sql<{ agent: string | null; open: number }>`select a.name as agent, count(*)::int as open
      from tasks t left join agents a on a.id = t.assigned_to where t.status in ('pending', 'running') group by a.name`.execute(
      unit.queries,
    );
    return new Map(found.rows.map(({ agent, open }) => [agent ?? "", open]));
  });
}
