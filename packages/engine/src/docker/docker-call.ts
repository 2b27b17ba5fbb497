import { AitoError, type Clock, errorText } from "@aito/base";
import { engineCallMsMax } from "../engine.ts";

export const statusOf = (error: unknown): number | undefined => {
  const status = (error as { statusCode?: unknown }).statusCode;
  return typeof status === "number" ? status : undefined;
};

/** What callers see instead of dockerode's error. */
export function engineError(error: unknown, doing: string): AitoError {
  if (error instanceof AitoError) return error;
  const text = errorText(error);
  if (statusOf(error) === 404 && /no such image/i.test(text)) {
    return new AitoError("AITO_ENGINE_IMAGE", `the engine could not ${doing}: ${text}`, {
      hint: "build the images first: npm start does it",
      fate: "human",
      status: 503,
      cause: error,
    });
  }
  // "Unknown runtime specified runsc" (20.10), "unknown or invalid runtime name: runsc" (later ones).
  if (statusOf(error) === 400 && /runtime/i.test(text) && /unknown/i.test(text)) {
    return new AitoError("AITO_ENGINE_RUNTIME", `the engine could not ${doing}: ${text}`, {
      hint: "install that runtime and name it in the engine's daemon.json, or leave container.runtime out of the fleet file",
      fate: "human",
      status: 503,
      cause: error,
    });
  }
  return new AitoError("AITO_ENGINE_UNAVAILABLE", `the engine could not ${doing}: ${text}`, {
    hint: "check that the Docker engine runs and that its socket may be used",
    fate: "retry",
    status: 503,
    cause: error,
  });
}

/** `promise` in time, or AITO_ENGINE_UNAVAILABLE. Errors with a status in `fine` answer null. */
export async function engineCall<T>(
  clock: Clock,
  doing: string,
  promise: Promise<T>,
  fine: number[] = [],
  withinMs = engineCallMsMax,
): Promise<T | null> {
  let cancel = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(withinMs, () => reject(new Error(`no answer within ${withinMs / 1_000} s`)));
  });
  try {
    return await Promise.race([promise, late]);
  } catch (error) {
    if (fine.includes(statusOf(error) ?? 0)) return null;
    throw engineError(error, doing);
  } finally {
    cancel();
  }
}
