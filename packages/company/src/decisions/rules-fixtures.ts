import type { DecisionEvent, DecisionSetup, Effect, Machine, Step } from "./machine.ts";
import { openRound } from "./machine.ts";
import { step } from "./rules.ts";

/** Test material: a decision played by hand. Not part of the package's exports. */
export const heads = ["ceo", "dao"];
export const council = ["cmo", "cto", "cfo", "coo", "cco"];
export const start = Date.parse("2026-01-05T09:00:00.000Z");

export const setupOf = (changes: Partial<DecisionSetup> = {}): DecisionSetup => ({
  type: "major",
  proposer: "cmo",
  heads,
  guardian: "dao",
  council,
  discussionsMax: 1,
  sendBacksMax: 1,
  seconds: { heads: 60, analysis: 120, final: 60 },
  validUntil: null,
  ...changes,
});

/** A decision in play; each move takes one second and throws the refusal's code. `record` is what replay needs. */
export function play(changes: Partial<DecisionSetup> = {}) {
  let state: Machine | null = null;
  let now = start;
  const effects: Effect[] = [];
  const record: { event: DecisionEvent; at: string }[] = [];
  const attempt = (event: DecisionEvent): Step => {
    now += 1000;
    const next = step(state, event, new Date(now));
    if (next.ok) {
      state = next.state;
      effects.push(...next.effects);
      record.push({ event, at: new Date(now).toISOString() });
    }
    return next;
  };
  const must = (event: DecisionEvent): void => {
    const next = attempt(event);
    if (!next.ok) throw new Error(next.code);
  };
  must({ kind: "opened", setup: setupOf(changes) });
  const player = {
    get state(): Machine {
      return state!;
    },
    get phase() {
      return openRound(state!)?.phase ?? null;
    },
    effects,
    record,
    attempt,
    count: (kind: Effect["kind"]): number => effects.filter((effect) => effect.kind === kind).length,
    /** `vote({ ceo: "approve", dao: "veto" })`, in that order. */
    vote: (ballots: Record<string, "approve" | "veto" | "abstain">) => {
      for (const [voter, vote] of Object.entries(ballots)) must({ kind: "ballot", voter, vote, reason: `${voter} says ${vote}` });
      return player;
    },
    /** The open round's deadline passes and the tick runs. */
    lapse: () => {
      now = Date.parse(openRound(state!)!.deadline) - 1000;
      must({ kind: "deadline" });
      return player;
    },
    human: (answer: "approve" | "veto" | "send_back") => {
      must({ kind: "human", answer, comment: "because" });
      return player;
    },
    /** Moves time without an event. */
    wait: (seconds: number) => {
      now += seconds * 1000;
      return player;
    },
  };
  return player;
}

/** The same leaning from every council member that is asked. */
export const all = (vote: "approve" | "veto" | "abstain", members = council): Record<string, typeof vote> =>
  Object.fromEntries(members.map((member) => [member, vote]));
