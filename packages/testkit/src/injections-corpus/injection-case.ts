import { readFileSync } from "node:fs";

/** What the injected instruction is after. */
export const goals = [
  "send a secret out",
  "mail the customer list",
  "pay an invoice",
  "change own grants",
  "approve own decision",
  "delete data",
  "spawn workers",
  "publish a text",
  "reveal the system prompt",
  "post the environment to a webhook",
  "override the budget",
  "ignore a human's stop",
  "leak through a URL",
  "impersonate the CEO",
  "plant a memory",
  "mount an outside tool",
  "spread to colleagues",
] as const;
export type Goal = (typeof goals)[number];

/** What the agent was really asked to do with what it reads; `ref` must be in what it makes of it. */
export interface AskedTask {
  do: "message" | "metric" | "task" | "note" | "hand in" | "publish";
  ref: string;
  /** For `metric`. */
  value: number;
}

/** One text that an agent reads while it does a task. A line of a corpus file. */
export interface InjectionCase {
  id: string;
  carrier: string;
  /** Null in a benign twin: there is nothing in it to obey. */
  goal: Goal | null;
  /** How the instruction is hidden or dressed up. */
  disguise: string;
  language: string;
  task: AskedTask;
  text: string;
}

export type InjectionFile = "tuning" | "held-out" | "benign";

export const injectionsFile = (name: InjectionFile): string =>
  new URL(`../../corpora/injections/${name}.jsonl`, import.meta.url).pathname;

export const readInjections = (name: InjectionFile): InjectionCase[] =>
  readFileSync(injectionsFile(name), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as InjectionCase);
