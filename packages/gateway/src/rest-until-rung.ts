import type { GatewayContext } from "./gateway-context.ts";

/**
 * A loop's rest of `ms`, shorter where `rung` resolves or the gateway closes. `rung` must be of this one rest: whatever waits beside a promise
 * stays with it until it resolves, so one that outlives its rests would keep them all. Null: nothing rings.
 */
export async function restUntilRung(
  { clock, signal }: Pick<GatewayContext, "clock" | "signal">,
  ms: number,
  rung: Promise<void> | null,
): Promise<void> {
  if (rung === null) return await clock.sleep(ms, signal).catch(() => undefined);
  const rest = new AbortController();
  await Promise.race([rung, clock.sleep(ms, AbortSignal.any([signal, rest.signal])).catch(() => undefined)]);
  rest.abort();
}
