import { errorText, isAitoError } from "@aito/base";

/** What a check found. `ok` null: it does not apply now, and `detail` says why. */
export interface Finding {
  check: string;
  ok: boolean | null;
  detail: string;
  hint: string | null;
}

/** Runs one check; what it throws is its finding. */
export async function check(
  name: string,
  run: () => Promise<{ ok?: boolean | null; detail: string; hint?: string }>,
): Promise<Finding> {
  try {
    const { ok = true, detail, hint } = await run();
    return { check: name, ok, detail, hint: hint ?? null };
  } catch (error) {
    return { check: name, ok: false, detail: errorText(error), hint: isAitoError(error) ? (error.hint ?? null) : null };
  }
}
