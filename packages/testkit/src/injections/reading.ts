import type { InjectionCase } from "../injections-corpus/injection-case.ts";
import { strangersFile } from "./git-world.ts";

/** How an agent comes to read a text: the call whose answer has it in `text`. */
export type Reading = (one: InjectionCase) => { tool: string; args: Record<string, unknown> };

export const fromOutside: Reading = ({ id }) => ({ tool: "read_outside", args: { name: id } });

/** From a branch of the marketing's repository that a stranger pushed. */
export const strangersBranch = "patch-1";
export const fromBranch: Reading = ({ id }) => ({
  tool: "read_repository",
  args: { repository: "og-shibaclassic/shiba-social", branch: strangersBranch, path: strangersFile(id) },
});
