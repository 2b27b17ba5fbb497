import type { RunContext } from "@aito/protocol";

/** Words of a task that call for a worker of this type. */
const words: Record<string, RegExp> = {
  "content-writer": /\b(write|writing|article|announce\w*|thread|newsletter|post|draft|copy)\b/i,
  "code-reviewer": /\b(code|pull requests?|refactor\w*|bugs?)\b/i,
  analyst: /\b(analy\w+|figures|forecast\w*|compare|statistics)\b/i,
  "support-bot": /\b(support|faq|questions?)\b/i,
};

/** The worker type that a text asks for, among those on offer. */
export function workerTypeFor(text: string, { workerTypes }: RunContext): string | null {
  return workerTypes.find((type) => words[type]?.test(text) || text.toLowerCase().includes(type)) ?? null;
}

/** The worker type that this agent's profile says it manages: "Content Writers" is `content-writer`. */
export function managedWorkerType({ profile, workerTypes }: RunContext): string | null {
  const managed = profile.manages.map((name) => name.toLowerCase().replace(/\s+/g, "-").replace(/s$/, ""));
  return workerTypes.find((type) => managed.includes(type)) ?? null;
}

const verbs: Record<string, string> = {
  "content-writer": "Write the text for",
  "code-reviewer": "Review the work for",
  analyst: "Work out the figures for",
  "support-bot": "Prepare the answers for",
};

export const titleCharsMax = 255;

/** The title of a worker's task for some purpose. */
export const workerTaskTitle = (workerType: string, purpose: string): string =>
  `${verbs[workerType] ?? "Do the work for"}: ${purpose}`.slice(0, titleCharsMax);
