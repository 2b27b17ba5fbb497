import { sameHash, sha256 } from "@aito/base";
import type { Unit } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { linkToken } from "./link-token.ts";
import { insertLink, type LinkRow, newestLink, selectEscalation } from "./queries.ts";

export interface Link {
  token: string;
  expiresAt: Date;
}

/**
 * A working link of a waiting escalation: the newest one while it lasts, else a new one (`decisions.linkHours` of the fleet
 * file). Null once the escalation no longer waits. Only the token's hash is stored.
 */
export async function workingLink(unit: Unit, linkKey: string, escalationId: string): Promise<Link | null> {
  const known = usable(await newestLink(unit, escalationId), linkKey, unit.now);
  if (known) return known;
  // Two readers at once would mint the same number: the row is the lock, and what the first one made serves the second.
  const escalation = await selectEscalation(unit, escalationId, true);
  if (escalation?.status !== "waiting") return null;
  const newest = await newestLink(unit, escalationId);
  return usable(newest, linkKey, unit.now) ?? (await mintLink(unit, linkKey, escalationId, (newest?.number ?? 0) + 1));
}

/** Makes the link with that number. The escalation's row must be locked. */
export async function mintLink(unit: Unit, linkKey: string, escalationId: string, number: number): Promise<Link> {
  const { file } = await currentFleet(unit);
  const token = linkToken(linkKey, escalationId, number);
  const expiresAt = new Date(unit.now.getTime() + file.decisions.linkHours * 3_600_000);
  await insertLink(unit, {
    id: unit.newId(),
    escalation_id: escalationId,
    number,
    token_hash: sha256(token),
    expires_at: expiresAt,
  });
  await unit.event({
    type: "escalation.link_made",
    source: "system",
    target: "human",
    payload: { escalation: escalationId, number, expiresAt: expiresAt.toISOString() },
  });
  return { token, expiresAt };
}

/** The link's token again, where it still works and was made with this key. */
function usable(link: LinkRow | null, linkKey: string, now: Date): Link | null {
  if (!link || link.used_at !== null || link.expires_at.getTime() <= now.getTime()) return null;
  const token = linkToken(linkKey, link.escalation_id, link.number);
  return sameHash(sha256(token), link.token_hash) ? { token, expiresAt: link.expires_at } : null;
}
