import { AitoError, errorText } from "@aito/base";
import type { Terminal } from "../terminal.ts";

const vendorUrl = "https://api.anthropic.com";
const answerMsMax = 10_000;

/**
 * Shows ANTHROPIC_API_KEY to the model's address with a request that holds no message: with a right key it is refused as
 * incomplete and costs nothing, with a wrong one it is refused for the key. Null: no key, so the company rehearses. Errors:
 * AITO_MODEL_KEY when the key is refused, AITO_MODEL_UNAVAILABLE when nobody answers, AITO_CONFIG_INVALID for a bad address.
 */
export async function checkModelKey(terminal: Pick<Terminal, "env" | "signal">): Promise<string | null> {
  const key = terminal.env["ANTHROPIC_API_KEY"]?.trim();
  if (!key) return null;
  const base = terminal.env["AITO_MODEL_URL"]?.trim() || vendorUrl;
  if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol)) {
    throw new AitoError("AITO_CONFIG_INVALID", `AITO_MODEL_URL is not an http address: "${base}"`, {
      hint: `leave it out for ${vendorUrl}`,
      fate: "human",
    });
  }
  const status = await ask(base.replace(/\/+$/, ""), key, terminal.signal);
  if (status !== 401 && status !== 403) return new URL(base).origin;
  throw new AitoError("AITO_MODEL_KEY", `${new URL(base).origin} refuses the key in ANTHROPIC_API_KEY (it answered ${status})`, {
    hint: "set ANTHROPIC_API_KEY to a valid key, or unset it to rehearse with the scripted model",
    status: 401,
  });
}

async function ask(base: string, key: string, signal: AbortSignal): Promise<number> {
  try {
    const response = await fetch(`${base}/v1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json", "anthropic-version": "2023-06-01", "x-api-key": key },
      body: JSON.stringify({ max_tokens: 1, messages: [] }),
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerMsMax)]),
    });
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new AitoError("AITO_MODEL_UNAVAILABLE", `the model at ${new URL(base).origin} does not answer: ${errorText(cause)}`, {
      hint: "check the network, or AITO_MODEL_URL",
      fate: "retry",
      status: 503,
      cause: error,
    });
  }
}
