import { canonicalJson, sha256 } from "@aito/base";
import { kindKey } from "./classify.ts";

/** What a proposal says, as far as it matters for whether it is the same one again. */
export interface Content {
  title: string;
  description: string;
  kind: string | null;
  amountMicroUsd: bigint;
}

/** From this share of common words on, two proposals are one under another wording. */
const sameShare = { of: 5, atLeast: 4 } as const;

/** Words in lower case without punctuation: another capital, comma or space is no change. */
const wordsOf = (text: string): string[] =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/** Pure: SHA-256 over title, description, kind and amount, so written that spelling marks do not count as a change. */
export const contentDigest = ({ title, description, kind, amountMicroUsd }: Content): string =>
  sha256(
    canonicalJson({
      title: wordsOf(title).join(" "),
      description: wordsOf(description).join(" "),
      kind: kindKey(kind ?? ""),
      amountMicroUsd: amountMicroUsd.toString(),
    }),
  );

/** Pure: the same matter again: the same title, or at least four fifths of all words of title and description in common. */
export function isSameMatter(a: Pick<Content, "title" | "description">, b: Pick<Content, "title" | "description">): boolean {
  if (wordsOf(a.title).join(" ") === wordsOf(b.title).join(" ")) return true;
  const [one, other] = [a, b].map((each) => new Set(wordsOf(`${each.title} ${each.description}`))) as [Set<string>, Set<string>];
  const all = new Set([...one, ...other]).size;
  const shared = [...one].filter((word) => other.has(word)).length;
  return all > 0 && shared * sameShare.of >= all * sameShare.atLeast;
}

export type ComeBack = { code: "AITO_DECISION_UNCHANGED" | "AITO_DECISION_COOL_OFF"; earlier: string; until: Date } | null;

/**
 * Pure: why a proposal may not be put forward again, if so. A vetoed one comes back only changed, and only after its cool-off.
 * `vetoed` are earlier vetoes, the newest first.
 */
export function judgeComeBack(
  content: Content,
  vetoed: readonly { id: string; title: string; description: string; content_digest: string | null; resolved_at: Date }[],
  { coolOffHours, now }: { coolOffHours: number; now: Date },
): ComeBack {
  const digest = contentDigest(content);
  const until = (at: Date): Date => new Date(at.getTime() + coolOffHours * 3_600_000);
  const same = vetoed.find((each) => each.content_digest === digest);
  if (same) return { code: "AITO_DECISION_UNCHANGED", earlier: same.id, until: until(same.resolved_at) };
  const recent = vetoed.find((each) => now < until(each.resolved_at) && isSameMatter(content, each));
  return recent ? { code: "AITO_DECISION_COOL_OFF", earlier: recent.id, until: until(recent.resolved_at) } : null;
}
