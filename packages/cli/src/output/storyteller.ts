import { DecisionView, EscalationView, type EventView, operatorApi, pageOf } from "@aito/protocol";
import type { ConsoleClient } from "../console/console-client.ts";
import { type Facts, sentence } from "./sentence.ts";

/** Which events need more than their payload, and what. */
const needsDecision = new Set(["decision.opened"]);
const needsLink = new Set(["decision.escalated"]);

/**
 * Turns events into sentences, asking the console for what an event does not carry (an amount, a link). In a rehearsal each
 * sentence says so. A console that does not answer costs the detail, not the sentence.
 */
export function makeStoryteller(options: { client: ConsoleClient; model: string }): (event: EventView) => Promise<string | null> {
  const { client } = options;
  const mark = options.model === "REHEARSAL" ? "REHEARSAL  " : "";
  return async (event) => {
    const id = typeof event.payload["decision"] === "string" ? event.payload["decision"] : "";
    const facts: Facts = { decision: null, escalationUrl: null };
    if (needsDecision.has(event.type)) {
      facts.decision = await client.get(`${operatorApi.decisions}/${id}`, DecisionView).catch(() => null);
    }
    if (needsLink.has(event.type)) {
      const page = await client
        .get(operatorApi.escalations, pageOf(EscalationView), { decision: id, status: "waiting", limit: 1 })
        .catch(() => null);
      facts.escalationUrl = page?.items[0]?.url ?? null;
    }
    const told = sentence(event, facts);
    return told === null ? null : `${mark}${told}`;
  };
}
