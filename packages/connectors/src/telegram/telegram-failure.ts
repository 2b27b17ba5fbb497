import { errorText } from "@aito/base";
import { GrammyError, HttpError } from "grammy";

/** Codes of a connection that never was: nothing can have been delivered. */
const neverConnected = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** What the library threw, without the address that it called, which has the token in it. */
export function telegramFailure(error: unknown): { ok: false; arrived: "no" | "unknown"; error: string } {
  if (error instanceof GrammyError) {
    // A 5xx of the Bot API says nothing about whether the message went out before it.
    const arrived = error.error_code >= 500 ? "unknown" : "no";
    return { ok: false, arrived, error: `Telegram answered ${error.error_code}: ${error.description}` };
  }
  if (error instanceof HttpError) {
    const code = (error.error as { code?: unknown } | null)?.code;
    if (typeof code === "string" && neverConnected.has(code))
      return { ok: false, arrived: "no", error: `Telegram cannot be reached: ${code}` };
    return { ok: false, arrived: "unknown", error: "Telegram gave no answer" };
  }
  return { ok: false, arrived: "unknown", error: errorText(error) };
}
