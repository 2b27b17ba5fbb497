import { changingFile, type Clock, type Logger } from "@aito/base";
import { keyOf } from "./check-signature.ts";

/** The live secrets of a hook, in the order of the file; a request is good by any of them. */
export interface HookSecrets {
  of(name: string): readonly string[];
}

const secretBytesMin = 16;
/** The newest, and those before it until every sender knows the newest. */
const secretsPerHookMax = 3;
const lookMs = 1_000;

export const noHookSecrets: HookSecrets = { of: () => [] };

/** Lines `name=secret`; one that is too short to be a secret counts as none. */
export function parseHookSecrets(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const at = line.indexOf("=");
    const [name, secret] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    if (at < 1 || keyOf(secret).byteLength < secretBytesMin) continue;
    const known = found.get(name) ?? [];
    if (known.length < secretsPerHookMax) found.set(name, [...known, secret]);
  }
  return found;
}

/**
 * Secrets in a file that may change while the console runs. A file that is away for a moment leaves them as they were; one that no longer
 * names a hook ends its secrets.
 */
export function hookSecretsFrom(path: string, { clock, log }: { clock: Clock; log: Logger }): HookSecrets {
  let secrets = new Map<string, string[]>();
  const look = changingFile({
    path,
    everyMs: lookMs,
    clock,
    log,
    unreadable: "the file of hook secrets cannot be read",
    changed: (text) => (secrets = parseHookSecrets(text)),
  });
  return {
    of: (name) => {
      look();
      return secrets.get(name) ?? [];
    },
  };
}
