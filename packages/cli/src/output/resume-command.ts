import type { SwitchView } from "@aito/protocol";

/** As a shell reads it as one word: a department's name may have blanks. */
const shellWord = (text: string): string => (/^[\w.@:-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);

/** What ends a kill switch, ready to be sent once its reason is filled in. */
export const resumeCommand = ({ scope, target }: Pick<SwitchView, "scope" | "target">): string =>
  ["aito resume", scope, ...(target === "" ? [] : [shellWord(target)]), "--reason … --yes"].join(" ");
