import { type Authority, type DecisionType, microToUsd } from "@aito/protocol";

const rank = { minor: 0, major: 1, critical: 2 } as const satisfies Record<DecisionType, number>;
const quotedKindMax = 60;

export interface ClassifyInput {
  declared: DecisionType;
  /** What sort of act it is, in the words of the proposer's profile; null when none was named. */
  kind: string | null;
  /** An agent that names no kind is judged as if it had named an unlisted one; people need not name any. */
  kindRequired?: boolean;
  /** The heads are called together: never for something that the proposer decides alone. */
  emergency?: boolean;
  amountMicroUsd: bigint;
  /**
   * What the same proposer put forward for the same kind in the last 24 h and still stands, by the type it was judged as.
   * An amount that the heads have judged is no longer a way around them, so only smaller types count towards a limit.
   */
  recent: { minorMicroUsd: bigint; majorMicroUsd: bigint };
  authority: Authority;
  /** The fleet's limits, which hold where the profile names none. */
  limits: { majorAboveMicroUsd: bigint; criticalAboveMicroUsd: bigint };
}

/**
 * The type under which a proposal is judged. Kind and money each raise the declared type, never lower it. Limits are
 * exclusive: an amount equal to one stays below it. `reason` says what raised it last; null when it is as declared.
 */
export function classify(input: ClassifyInput): { type: DecisionType; reason: string | null } {
  let result: { type: DecisionType; reason: string | null } = { type: input.declared, reason: null };
  for (const rise of [byKind(input), byAmount(input), bySum(input), byEmergency(input)]) {
    if (rise && rank[rise.type] > rank[result.type]) {
      result = { type: rise.type, reason: `raised to ${rise.type}: ${rise.why}` };
    }
  }
  return result;
}

type Rise = { type: DecisionType; why: string } | null;

function byKind({ kind, kindRequired, authority }: ClassifyInput): Rise {
  if (kind === null || kindKey(kind) === "") {
    return kindRequired ? { type: "major", why: "no kind of the proposer's Decision Authority was named" } : null;
  }
  const wanted = kindKey(kind);
  const lists = (list: string[]): boolean => list.some((entry) => kindKey(entry) === wanted);
  const named = `"${kind.trim().slice(0, quotedKindMax)}"`;
  // The dearest list wins when a profile names a kind twice.
  if (lists(authority.critical)) return { type: "critical", why: `${named} is a critical kind in the proposer's profile` };
  if (lists(authority.major)) return { type: "major", why: `${named} is a major kind in the proposer's profile` };
  if (lists(authority.minor)) return null;
  return { type: "major", why: `${named} is not a kind that the proposer's profile lets it decide alone` };
}

const byEmergency = ({ emergency }: ClassifyInput): Rise =>
  emergency ? { type: "major", why: "an emergency session is the heads' to decide" } : null;

function byAmount(input: ClassifyInput): Rise {
  const over = limitCrossed(input, input.amountMicroUsd, input.amountMicroUsd);
  return over && { type: over.type, why: `${usd(input.amountMicroUsd)} is above the ${usd(over.limit)} limit` };
}

/** Many small amounts for one kind are one large amount. */
function bySum(input: ClassifyInput): Rise {
  if (input.amountMicroUsd === 0n) return null;
  const minor = input.recent.minorMicroUsd + input.amountMicroUsd;
  const belowCritical = minor + input.recent.majorMicroUsd;
  const over = limitCrossed(input, minor, belowCritical);
  if (!over) return null;
  const sum = over.type === "critical" ? belowCritical : minor;
  return { type: over.type, why: `${usd(sum)} for the same kind within 24 hours is above the ${usd(over.limit)} limit` };
}

function limitCrossed(
  { authority, limits }: ClassifyInput,
  forMajor: bigint,
  forCritical: bigint,
): { type: "major" | "critical"; limit: bigint } | null {
  const critical =
    authority.criticalAboveMicroUsd === null ? limits.criticalAboveMicroUsd : BigInt(authority.criticalAboveMicroUsd);
  const major = authority.majorAboveMicroUsd === null ? limits.majorAboveMicroUsd : BigInt(authority.majorAboveMicroUsd);
  if (forCritical > critical) return { type: "critical", limit: critical };
  if (forMajor > major) return { type: "major", limit: major };
  return null;
}

/** Two spellings of one kind are equal: case, spacing and a remark in brackets ("(> $100 budget)") do not count. */
export const kindKey = (kind: string): string =>
  kind
    .toLowerCase()
    .replace(/\([^()]*\)/g, " ")
    .replace(/\s+/g, " ")
    .trim();

const usd = (micro: bigint): string => `$${microToUsd(micro)}`;
