import { readFileSync } from "node:fs";
import type { z } from "zod";
import { AitoError, errorText } from "./errors.ts";

type Env = Record<string, string | undefined>;

/**
 * Reads a program's settings once. For each key K of the schema, `K_FILE` may name a file that holds the value (secrets); an empty value counts as none.
 * All failures are listed in one AITO_CONFIG_INVALID error; `main.ts` prints it and exits 78.
 */
export function readConfig<S extends z.ZodObject>(schema: S, env: Env): z.infer<S> {
  const problems: string[] = [];
  const values: Env = {};
  for (const key of Object.keys(schema.shape)) {
    const file = env[`${key}_FILE`];
    if (file) {
      try {
        const text = readFileSync(file, "utf8").trim();
        if (text !== "") values[key] = text;
      } catch (error) {
        problems.push(`${key}_FILE: cannot read ${file}: ${errorText(error)}`);
      }
    } else if (env[key] !== undefined && env[key] !== "") values[key] = env[key];
  }
  const parsed = schema.safeParse(values);
  if (parsed.success && problems.length === 0) return parsed.data;
  for (const issue of parsed.error?.issues ?? []) {
    const key = issue.path.join(".");
    if (!problems.some((problem) => problem.startsWith(`${key}_FILE`))) problems.push(`${key}: ${issue.message}`);
  }
  throw new AitoError("AITO_CONFIG_INVALID", `settings are not usable: ${problems.join("; ")}`, {
    hint: "set the named environment variables (or NAME_FILE to read one from a file)",
    fate: "human",
  });
}
