import { type Answer, type Method, methods } from "./ask-all.ts";
import { type Kind, kinds } from "./load.ts";

export const depths = [5, 10, 25, 50] as const;

export interface Line {
  kind: Kind | "all";
  method: Method;
  questions: number;
  /**
   * Share of the evidence found within 5, 10, 25 and 50. For "nothing" the share of questions that were turned away, where the method
   * is so careful that it turns away 5, 10, 25 and 50 percent of the same part's questions that have an answer.
   */
  recall: number[];
}

/** How sure a method must be to answer, so that it turns away `share` of the answerable ones among these. */
export function thresholds(answers: readonly Answer[], share: number): Record<Method, number> {
  const answerable = answers.filter(({ question }) => question.kind !== "nothing");
  return Object.fromEntries(
    methods.map((method) => {
      const sorted = answerable.map(({ sure }) => sure[method]).toSorted((a, b) => a - b);
      return [method, sorted[Math.floor(sorted.length * share)] ?? 0];
    }),
  ) as Record<Method, number>;
}

/** The table: recall by kind and method. */
export function score(answers: readonly Answer[]): Line[] {
  const lines: Line[] = [];
  const sureFrom = depths.map((depth) => thresholds(answers, depth / 100));
  for (const kind of [...kinds, "all"] as const) {
    for (const method of methods) {
      const asked = answers.filter(({ question }) => (kind === "all" ? question.kind !== "nothing" : question.kind === kind));
      if (asked.length === 0) continue;
      const recall = depths.map((depth, at) =>
        mean(asked.map((answer) => recallOf(answer, method, { depth, sureFrom: sureFrom[at]! }))),
      );
      lines.push({ kind, method, questions: asked.length, recall });
    }
  }
  return lines;
}

function recallOf(
  { question, found, sure }: Answer,
  method: Method,
  { depth, sureFrom }: { depth: number; sureFrom: Record<Method, number> },
): number {
  if (question.kind === "nothing") return sure[method] < sureFrom[method] ? 1 : 0;
  const top = new Set(found[method].slice(0, depth));
  return question.evidence.filter((id) => top.has(id)).length / question.evidence.length;
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
