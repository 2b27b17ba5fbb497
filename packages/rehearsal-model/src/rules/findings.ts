import type { Intent } from "../intent.ts";
import type { Situation } from "../situation.ts";
import { ownTasks } from "./tasks.ts";
import { titleCharsMax } from "./worker-type.ts";

const looksInto = /\b(check|review|compare|survey|audit|look into)\b/i;

/** Who looked into something writes down the idea to act on it. */
export function findingIntents({ context }: Situation): Intent[] {
  if (context.agent.kind === "worker") return [];
  const looked = ownTasks(context).filter(({ title }) => looksInto.test(title) && !title.includes("$"));
  return looked.map(({ title }) => {
    const idea = `Put right what we found: ${title}`.slice(0, titleCharsMax);
    return {
      tool: "propose_idea",
      input: { title: idea, text: `What "${title}" brought up is put in order, the smallest thing first.` },
      say: `My idea: ${idea}.`,
    };
  });
}
