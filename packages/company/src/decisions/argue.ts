import { AitoError, wellFormed } from "@aito/base";
import type { DecisionView } from "@aito/protocol";
import { type AgentSession, fence } from "../agents/session.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { sendMessageIn } from "../messages/send-message.ts";
import { lockedDecision } from "./advance.ts";
import { toDecisionView } from "./decision-view.ts";
import { openRound } from "./machine.ts";
import { countArguments, insertArgument, selectDecision, taintDecision } from "./queries.ts";
import { waitingFor } from "./voters.ts";

/** Turns of each head: enough to answer an answer, and an end. */
export const argumentTurnsMax = 3;
const argumentCharsMax = 4_000;

/**
 * A head's argument to the other, while the heads vote: stored with the decision and sent on the heads' channel. Errors:
 * AITO_ARGUE_NOT_YOURS (403), AITO_ARGUE_CLOSED and AITO_ARGUE_LIMIT (409), AITO_DECISION_UNKNOWN, AITO_AGENT_STALE.
 */
export async function argue(
  deps: CompanyDeps,
  session: AgentSession,
  input: { decisionId: string; text: string },
): Promise<DecisionView> {
  return await transact(deps, async (unit) => {
    const agent = await fence(unit, session);
    const row = await lockedDecision(unit, input.decisionId);
    const round = openRound(row.machine);
    if (!row.machine.heads.includes(agent.name)) {
      throw new AitoError(
        "AITO_ARGUE_NOT_YOURS",
        `${agent.name} is no head: decision ${row.id} is argued between ${row.machine.heads.join(" and ")}`,
        {
          hint: "give your view in the analysis, with your leaning",
          status: 403,
        },
      );
    }
    if (round?.phase !== "heads" || unit.now.getTime() >= Date.parse(round.deadline)) {
      throw new AitoError("AITO_ARGUE_CLOSED", `decision ${row.id}: the heads' round is closed`, { status: 409 });
    }
    const turn = (await countArguments(unit, { decisionId: row.id, head: agent.name })) + 1;
    if (turn > argumentTurnsMax) {
      throw new AitoError("AITO_ARGUE_LIMIT", `${agent.name} has spoken ${argumentTurnsMax} times on decision ${row.id}`, {
        hint: "cast your ballot with cast_vote",
        status: 409,
      });
    }
    const text = wellFormed(input.text).trim().slice(0, argumentCharsMax);
    await taintDecision(unit, row.id, agent.id);
    const message = await sendMessageIn(unit, agent.name, {
      type: "direct",
      to: "head",
      priority: "high",
      payload: { text, decision_id: row.id },
      // Whoever has voted already reads it, but need not be woken for it.
      wake: waitingFor(row.machine, round).some((head) => head !== agent.name),
    });
    insertArgument(unit, {
      id: unit.newId(),
      decisionId: row.id,
      agentId: agent.id,
      head: agent.name,
      turn,
      text,
      messageId: message.id,
    });
    await unit.event({
      type: "decision.argued",
      source: agent.name,
      target: row.proposer,
      payload: { decision: row.id, title: row.title, turn, text },
    });
    const said = { by: agent.name, turn, text, at: unit.now.toISOString() };
    return toDecisionView({ ...(await selectDecision(unit, row.id))!, exchange: [...(row.exchange ?? []), said] });
  });
}
