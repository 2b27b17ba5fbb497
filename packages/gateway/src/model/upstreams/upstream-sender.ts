import { errorText } from "@aito/base";
import { Agent, type Dispatcher, request } from "undici";
import { UpstreamFailure } from "./upstream.ts";
import type { UpstreamKey } from "./upstream-keys.ts";

const connectMsMax = 10_000;

/** How long an upstream may let a call wait. */
export interface UpstreamWaits {
  /** Until its answer begins. */
  firstByteMs: number;
  /** Without a byte, once it has begun. */
  silenceMs: number;
}
export const upstreamWaits: UpstreamWaits = { firstByteMs: 300_000, silenceMs: 120_000 };

/** The way to one upstream, whatever it speaks. */
export interface UpstreamSender {
  /**
   * One request, made by `build` for the key in use. A key that the vendor does not know yet (401) is tried once more with the one
   * before it, while both are live. Throws UpstreamFailure when there is no answer, the signal's reason when it was aborted.
   */
  send(
    path: string,
    signal: AbortSignal,
    build: (key: string | null) => {
      method: Dispatcher.HttpMethod;
      headers: Record<string, string>;
      body: Buffer | string | null;
    },
  ): Promise<Dispatcher.ResponseData>;
  close(): Promise<void>;
}

export function upstreamSender(options: {
  name: string;
  baseUrl: string;
  key: UpstreamKey;
  connectionsMax: number;
  waits?: UpstreamWaits | undefined;
}): UpstreamSender {
  const { name, key, waits = upstreamWaits } = options;
  const base = options.baseUrl.replace(/\/+$/, "");
  const dispatcher = new Agent({
    connections: options.connectionsMax,
    connect: { timeout: connectMsMax },
    headersTimeout: waits.firstByteMs,
    bodyTimeout: waits.silenceMs,
    keepAliveTimeout: 30_000,
  });
  return {
    send: async (path, signal, build) => {
      const attempt = (one: string | null) => request(`${base}${path}`, { dispatcher, signal, ...build(one) });
      try {
        const answer = await attempt(key.current());
        const before = answer.statusCode === 401 ? key.before() : null;
        if (before === null) return answer;
        await answer.body.dump();
        return await attempt(before);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw new UpstreamFailure(`${name} at ${new URL(base).origin} gave no answer: ${errorText(error)}`, {
          sent: !neverSent(error),
          cause: error,
        });
      }
    },
    close: () => dispatcher.destroy(),
  };
}

/** The connection never stood, so nothing of the request can have been read. */
const neverSent = (error: unknown): boolean => {
  const code = (error as { code?: unknown }).code;
  return (
    typeof code === "string" &&
    /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT|UND_ERR_CONNECT_TIMEOUT)$/.test(code)
  );
};
