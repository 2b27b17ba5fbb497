import { AitoError, sha256 } from "@aito/base";
import { type CompanyDeps, transact } from "../../company.ts";
import { countAttempts, forgetAttempts } from "./queries.ts";

export const attemptWindowSeconds = 900;
/** Of one name from one address. */
export const attemptsOfBothMax = 5;
/** Of one name, wherever from: many addresses guess no faster together. */
export const attemptsOfNameMax = 30;
/** Of one address, whomever it tries. */
export const attemptsOfAddressMax = 40;
export const linkWindowSeconds = 60;
/** Links tried from one address. */
export const linksOfAddressMax = 10;

/**
 * Counts an attempt before it is judged, so that many at once are no way around it; the answer takes the name's own counts back when it
 * was right. Names that nobody has are counted too. Error: AITO_SIGN_IN_RATE (429).
 */
export async function limitAttempts(
  deps: CompanyDeps,
  { name, address }: { name: string; address: string },
): Promise<() => Promise<void>> {
  const short = sha256(name).slice(0, 32);
  const ofName = [`both:${short}:${address.slice(0, 60)}`, `name:${short}`] as const;
  const limits = new Map<string, number>([
    [ofName[0], attemptsOfBothMax],
    [ofName[1], attemptsOfNameMax],
    [`address:${address.slice(0, 60)}`, attemptsOfAddressMax],
  ]);
  const hint = `wait ${attemptWindowSeconds / 60} minutes, or come in by a one-time link: ./scripts/aito login`;
  await countOrRefuse(deps, limits, { windowSeconds: attemptWindowSeconds, hint });
  return () => transact(deps, (unit) => forgetAttempts(unit, [...ofName]));
}

/** The same for login links, by address alone: a guess names nobody. A link that was right takes its address' count back. */
export async function limitLinks(deps: CompanyDeps, address: string): Promise<() => Promise<void>> {
  const subject = `link:${address.slice(0, 60)}`;
  await countOrRefuse(deps, new Map([[subject, linksOfAddressMax]]), { windowSeconds: linkWindowSeconds, hint: "wait a minute" });
  return () => transact(deps, (unit) => forgetAttempts(unit, [subject]));
}

/** In Postgres, where every console sees the same counts. */
async function countOrRefuse(
  deps: CompanyDeps,
  limits: Map<string, number>,
  { windowSeconds, hint }: { windowSeconds: number; hint: string },
): Promise<void> {
  const counts = await transact(deps, (unit) => countAttempts(unit, [...limits.keys()], windowSeconds));
  if (![...limits].some(([subject, max]) => counts.get(subject)! > max)) return;
  throw new AitoError("AITO_SIGN_IN_RATE", "too many attempts to sign in", { hint, fate: "retry", status: 429 });
}
