import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { AitoError } from "@aito/base";

/**
 * Writes what comes to a file (beside it first, so that no half is left under its name), or through `out`. Returns the number of
 * lines. Throws AITO_CLI_EXPORT when the last line does not say that it is whole: the console went away in between.
 */
export async function saveExport(
  body: AsyncIterable<Uint8Array>,
  path: string | null,
  out: (text: string) => void,
): Promise<number> {
  const part = path === null ? null : `${path}.part`;
  const file = part === null ? null : openSync(part, "w", 0o600);
  const decoder = new TextDecoder();
  let lines = 0;
  /** The newest whole line, and what follows it. */
  let tail = "";
  const write = (text: string): void => {
    if (file === null) out(text);
    else writeSync(file, text);
    lines += text.split("\n").length - 1;
    const all = tail + text;
    tail = all.slice(all.lastIndexOf("\n", all.lastIndexOf("\n") - 1) + 1);
  };
  try {
    for await (const chunk of body) write(decoder.decode(chunk, { stream: true }));
    if (!/^\{"kind":"end",[^\n]*\}\n$/.test(tail)) {
      throw new AitoError("AITO_CLI_EXPORT", "the export was cut short", {
        hint: "is the company still running? see: aito status",
        fate: "retry",
      });
    }
    if (file !== null) fsyncSync(file);
    if (part !== null) renameSync(part, path!);
    return lines;
  } finally {
    if (file !== null) closeSync(file);
    if (part !== null) rmSync(part, { force: true });
  }
}
