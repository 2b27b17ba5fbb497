import { AitoError, isAitoError, wellFormed } from "@aito/base";
import { Id, type IdeaView, microToUsd, Proposal, usdToMicro } from "@aito/protocol";
import { agentRowById } from "../agents/agent-row.ts";
import type { AgentRow } from "../agents/queries.ts";
import { type AgentSession, fence } from "../agents/session.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { budgetLeft } from "../decisions/budget-left.ts";
import { proposeIn } from "../decisions/propose.ts";
import { refuseStopped, stopsOf } from "../kill-switches/find-stop.ts";
import { type Meaning, meaningOf } from "../memory/meaning.ts";
import {
  addMention,
  decidedIdeas,
  type IdeaRow,
  ideasToCompare,
  insertIdea,
  markPromoted,
  selectIdea,
  selectIdeas,
} from "./queries.ts";
import { likeness, mergeFrom } from "./same-idea.ts";
import { keepFrom, promoteFrom, scoreIdea } from "./score.ts";

/** How many earlier ideas a new one is compared with, the newest first. */
const comparedMax = 300;
const pageMax = 500;

export interface NewIdea {
  title: string;
  text: string;
  kind: string | null;
  usd: number;
}

/** What an idea means, as a vector; null: it is compared by words, because the embedder is slow, dead or not there. Never in a transaction. */
export const meaningOfIdea = (deps: CompanyDeps, idea: Pick<NewIdea, "title" | "text">): Promise<Meaning | null> =>
  meaningOf(deps, `${titleOf(idea)} ${wellFormed(idea.text)}`);

const titleOf = ({ title }: Pick<NewIdea, "title">): string => wellFormed(title).trim().slice(0, 255);

/**
 * Records an agent's idea: merged into an earlier one that says the same, or scored and kept, dropped, or promoted to a decision at
 * once when it is good enough. Its money and kind decide the decision's type as for any other proposal. `meaning`: worked out before;
 * without it the idea is compared by words, and says so.
 */
export async function proposeIdea(
  deps: CompanyDeps,
  session: AgentSession,
  idea: NewIdea,
  meaning: Meaning | null = null,
): Promise<IdeaView> {
  const title = titleOf(idea);
  const text = wellFormed(idea.text);
  return await transact(deps, async (unit) => {
    const agent = await fence(unit, session);
    const comparedBy = comparison(meaning);
    const amount = usdToMicro(idea.usd);
    const id = unit.newId();
    const common = { id, agent_id: agent.id, title, text, kind: idea.kind, amount_micro_usd: amount };
    const { id: like, alike } = nearest(`${title} ${text}`, await ideasToCompare(unit, meaning, comparedMax));
    if (like && alike >= mergeFrom) {
      const merged = {
        ...common,
        status: "merged",
        score: null,
        score_parts: null,
        similarity: alike,
        merged_into: like,
      } as const;
      await insertIdea(unit, merged, meaning);
      await addMention(unit, like);
      await tell(unit, agent, id, { status: "merged", title, into: like, comparedBy });
      return toIdeaView((await selectIdea(unit, id))!);
    }
    const { score, parts } = scoreIdea({
      nearest: alike,
      text: `${title} ${text}`,
      mission: [agent.profile.mission, ...agent.profile.responsibilities.flatMap((each) => [each.title, ...each.items])].join(
        " ",
      ),
      amountMicroUsd: amount,
      leftMicroUsd: (await budgetLeft(unit)).leftMicroUsd,
      earlier: await decidedIdeas(unit, agent.id),
    });
    const status = score < keepFrom ? "dropped" : "kept";
    await insertIdea(unit, { ...common, status, score, score_parts: parts, similarity: alike, merged_into: null }, meaning);
    await tell(unit, agent, id, { status, title, score, comparedBy });
    if (score >= promoteFrom) await promoteIfAllowed(unit, agent, session.epoch, (await selectIdea(unit, id))!);
    return toIdeaView((await selectIdea(unit, id))!);
  });
}

/** What the platform found in the records, as an idea of this agent's: neither scored nor merged, it waits for the operator. */
export async function ideaOfPlatform(
  unit: Unit,
  agent: AgentRow,
  idea: { title: string; text: string; kind: string },
): Promise<IdeaView> {
  const id = unit.newId();
  const row = { id, agent_id: agent.id, title: idea.title.slice(0, 255), text: idea.text, kind: idea.kind, amount_micro_usd: 0n };
  await insertIdea(unit, { ...row, status: "kept", score: null, score_parts: null, similarity: null, merged_into: null }, null);
  await tell(unit, agent, id, { status: "kept", title: row.title, comparedBy: "records" });
  return toIdeaView((await selectIdea(unit, id))!);
}

const comparison = (meaning: { model: string } | null): IdeaView["comparedBy"] => (meaning ? "meaning" : "words");

function nearest(text: string, rows: Awaited<ReturnType<typeof ideasToCompare>>): { id: string | null; alike: number } {
  let best: { id: string | null; alike: number } = { id: null, alike: 0 };
  for (const row of rows) {
    const alike = likeness(text, `${row.title} ${row.text}`, row.cosine);
    if (alike > best.alike) best = { id: row.id, alike };
  }
  return best;
}

/** A refusal by the rules of proposals (a cool-off, for one) leaves the idea kept. */
async function promoteIfAllowed(unit: Unit, agent: AgentRow, epoch: number, idea: IdeaRow): Promise<void> {
  try {
    await promoteIn(unit, agent, idea, { source: { name: agent.name, epoch }, trusted: false, taskId: null, taint: idea.taint });
  } catch (error) {
    if (!isAitoError(error)) throw error;
    await tell(unit, agent, idea.id, { status: "kept", title: idea.title, refused: error.code });
  }
}

async function promoteIn(unit: Unit, agent: AgentRow, idea: IdeaRow, bringer: Parameters<typeof proposeIn>[3]): Promise<void> {
  const decision = await proposeIn(
    unit,
    agent,
    Proposal.parse({
      title: idea.title,
      description: idea.text,
      kind: idea.kind,
      usd: Number(microToUsd(idea.amount_micro_usd.toString())),
    }),
    bringer,
  );
  await markPromoted(unit, idea.id, decision.id);
  await tell(unit, agent, idea.id, { status: "promoted", title: idea.title, decision: decision.id });
}

/** The operator makes a decision of an idea. Errors: AITO_IDEA_UNKNOWN (404), AITO_IDEA_CLOSED (409), and those of a proposal (AITO_STOPPED too). */
export async function promoteIdea(deps: CompanyDeps, id: string): Promise<IdeaView> {
  return await transact(deps, async (unit) => {
    const seen = Id.safeParse(id).success ? await selectIdea(unit, id) : null;
    if (!seen)
      throw new AitoError("AITO_IDEA_UNKNOWN", `there is no idea with id ${id.slice(0, 60)}`, {
        hint: "see the ids with: aito ideas",
        status: 404,
      });
    const agent = await agentRowById(unit, seen.agent_id, { lock: true });
    refuseStopped((await stopsOf(unit, [agent])).get(agent.id));
    const idea = (await selectIdea(unit, id, true))!;
    if (idea.status === "merged" || idea.status === "promoted") {
      throw new AitoError("AITO_IDEA_CLOSED", `this idea is ${idea.status} already`, {
        hint: idea.merged_into
          ? `promote the one that it was merged into: ${idea.merged_into}`
          : `see: aito decisions show ${idea.decision_id}`,
        status: 409,
      });
    }
    await promoteIn(unit, agent, idea, { source: { name: "operator" }, trusted: true, taskId: null, taint: idea.taint });
    return toIdeaView((await selectIdea(unit, id))!);
  });
}

/** Newest first; `before` is the id of the last one already seen. */
export async function listIdeas(
  deps: CompanyDeps,
  page: { limit?: number; before?: string | undefined } = {},
): Promise<IdeaView[]> {
  const limit = Math.min(Math.max(page.limit ?? 100, 1), pageMax);
  return await transact(deps, async (unit) => (await selectIdeas(unit, { limit, before: page.before })).map(toIdeaView));
}

async function tell(unit: Unit, agent: AgentRow, idea: string, more: Record<string, string | number>): Promise<void> {
  await unit.event({ type: `idea.${more["status"]}`, source: agent.name, payload: { idea, ...more } });
}

const toIdeaView = (row: IdeaRow): IdeaView => ({
  id: row.id,
  agent: row.agent,
  title: row.title,
  text: row.text,
  kind: row.kind,
  amountMicroUsd: row.amount_micro_usd.toString(),
  status: row.status,
  score: row.score,
  scoreParts: row.score_parts,
  mergedInto: row.merged_into,
  mentions: row.mentions,
  decisionId: row.decision_id,
  comparedBy: row.embedding_model ? "meaning" : "words",
  taint: row.taint,
  createdAt: row.created_at.toISOString(),
});
