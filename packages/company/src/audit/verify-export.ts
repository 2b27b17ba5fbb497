import { errorText } from "@aito/base";
import type { ChainReport } from "@aito/protocol";
import type { Anchor } from "./anchors.ts";
import { chainStart, checkLink } from "./chain.ts";
import { checkDecision, isDecisionStep, parseStep, type RecordedStep } from "./check-decision.ts";
import { ExportLine } from "./export-format.ts";

export { parseAnchors } from "./anchors.ts";

export interface ExportReport extends ChainReport {
  decisions: number;
  /** Anchors that the history was held against: those given beside the export, and those in it. */
  anchors: { beside: number; within: number };
}

interface Reading {
  company: string | null;
  anchors: Map<string, Anchor[]>;
  counted: ExportReport["anchors"];
  seq: bigint;
  prev: string;
  steps: Map<string, RecordedStep[]>;
  decisions: number;
  ended: boolean;
}

/**
 * Pure: checks an export of the history by itself, with no company and no database: every hash and place, each anchor, and every
 * decision played again from its events and held against its record and votes. Stops at the first thing that is wrong. Anchors that
 * stand in the export could have been made anew with it: a cut or rewritten history is sure to be found only against `anchors` from
 * elsewhere (the company's `anchors.ndjson`).
 */
export async function verifyExport(
  lines: AsyncIterable<string> | Iterable<string>,
  options: { anchors?: readonly Anchor[] } = {},
): Promise<ExportReport> {
  const state: Reading = {
    company: null,
    anchors: new Map(),
    counted: { beside: 0, within: 0 },
    seq: 0n,
    prev: chainStart,
    steps: new Map(),
    decisions: 0,
    ended: false,
  };
  let problem: string | null = null;
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === "") continue;
    try {
      problem = take(state, ExportLine.parse(JSON.parse(line)), options.anchors ?? []);
    } catch (error) {
      problem = `line ${number} is not a line of an export: ${errorText(error).slice(0, 200)}`;
    }
    if (problem !== null) break;
  }
  problem ??= atEnd(state);
  const head = state.seq === 0n ? null : state.prev;
  const { decisions, counted } = state;
  return { ok: problem === null, count: Number(state.seq), head, problem, decisions, anchors: counted };
}

/** What is wrong with a line after those before it, or null. */
function take(state: Reading, line: ExportLine, beside: readonly Anchor[]): string | null {
  if (state.ended) return "something follows the end";
  if (line.kind === "export") {
    if (state.company !== null) return "it begins twice";
    state.company = line.company;
    const ours = beside.filter((anchor) => anchor.company === line.company);
    if (beside.length > 0 && ours.length === 0) return `none of the anchors is of company ${line.company}`;
    ours.forEach((anchor) => addAnchor(state, anchor));
    state.counted.beside = ours.length;
    return null;
  }
  if (state.company === null) return "it does not begin as an export";
  switch (line.kind) {
    case "anchor":
      if (state.seq > 0n) return "an anchor stands among the events";
      if (line.anchor.company !== state.company) return `an anchor is of company ${line.anchor.company}`;
      addAnchor(state, line.anchor);
      state.counted.within += 1;
      return null;
    case "event":
      return takeEvent(state, line);
    case "step":
      return noteStep(state, line.body);
    case "decision":
      return takeDecision(state, line);
    case "end":
      state.ended = true;
      return line.events === state.seq.toString() && line.decisions === state.decisions
        ? null
        : `the end tells of ${line.events} events and ${line.decisions} decisions; there are ${state.seq} and ${state.decisions}`;
    default:
      return line satisfies never;
  }
}

function addAnchor({ anchors }: Reading, anchor: Anchor): void {
  anchors.set(anchor.count, [...(anchors.get(anchor.count) ?? []), anchor]);
}

function takeEvent(state: Reading, line: Extract<ExportLine, { kind: "event" }>): string | null {
  if (state.decisions > 0) return "an event stands among the decisions";
  const row = { ...line, seq: BigInt(line.seq) };
  const wrong = checkLink({ seq: state.seq + 1n, prev: state.prev }, row);
  if (wrong) return wrong;
  const moved = state.anchors.get(line.seq)?.find((anchor) => anchor.head !== line.hash);
  if (moved) return `event ${line.seq} is not the one that stood there at ${moved.at}`;
  const { company, type } = JSON.parse(line.body) as { company?: unknown; type?: unknown };
  if (company !== state.company) return `event ${line.seq} is of another company`;
  state.seq = row.seq;
  state.prev = line.hash;
  return isDecisionStep(String(type)) ? noteStep(state, line.body) : null;
}

function noteStep({ steps }: Reading, body: string): null {
  const step = parseStep(body);
  const known = steps.get(step.decision);
  if (known) known.push(step);
  else steps.set(step.decision, [step]);
  return null;
}

function takeDecision(state: Reading, line: Extract<ExportLine, { kind: "decision" }>): string | null {
  const { votes, deadline_at, ...row } = line;
  state.decisions += 1;
  const record = state.steps.get(line.id);
  if (!record) return `decision ${line.id} has no events, or is there twice`;
  state.steps.delete(line.id);
  return checkDecision(
    { ...row, deadline_at: deadline_at === null ? null : new Date(deadline_at) },
    record,
    votes.map((vote) => ({ ...vote, decision_id: line.id, cast_at: new Date(vote.cast_at) })),
  );
}

function atEnd({ ended, steps, anchors, seq }: Reading): string | null {
  const ahead = [...anchors.values()].flat().find((anchor) => BigInt(anchor.count) > seq);
  if (ahead) return `the end is cut off: at ${ahead.at} there were ${ahead.count} events, here there are ${seq}`;
  if (!ended) return "the end is missing: the export was cut short";
  const [lost] = steps.keys();
  return lost === undefined ? null : `decision ${lost} has events, but its record is gone`;
}
