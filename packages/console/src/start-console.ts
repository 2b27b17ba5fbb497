import { AitoError, type Clock, errorText, type Logger } from "@aito/base";
import type { Bus } from "@aito/bus";
import type { AnchorStore, CompanyDeps } from "@aito/company";
import { type RequestOrigins, requestOrigins } from "./auth/request-origin.ts";
import { companyRecords } from "./company-records.ts";
import { gatewayQuestions } from "./gateway-questions.ts";
import { hookSecretsFrom } from "./hooks/hook-secrets.ts";
import { trustedProxies } from "./http/trusted-proxies.ts";
import type { Records } from "./records.ts";
import { buildServer } from "./server.ts";

export interface ConsoleOptions {
  deps: CompanyDeps;
  bus: Pick<Bus, "subscribe">;
  log: Logger;
  clock: Clock;
  host: string;
  /** 0 lets the system choose. */
  port: number;
  /** How operators reach the console; null means the address that it listens on. */
  publicUrl: string | null;
  /** Whose `X-Forwarded-For` is believed: addresses, networks, host names, with commas. */
  trustedProxies?: string;
  linkKey: string;
  /** SHA-256 of the operator key that the CLI sends; null refuses every key. */
  operatorKeyHash: string | null;
  engine: "docker" | "embedded";
  /** `REHEARSAL`, or the model's name. */
  model: string;
  /** What the orchestrator wrote down of the history outside the database; none: it is only held against itself. */
  anchors?: AnchorStore;
  /** The gateway's socket; null: calls with a gateway key are not taken here. */
  gatewaySocket: string | null;
  /** File with lines `name=secret` for the fleet file's hooks; without it no event from outside is taken. */
  hookSecretsFile?: string | null;
  /** Folder of the built web client. */
  webRoot: string;
}

export interface RunningConsole {
  /** Where it listens. */
  url: string;
  /** A link that signs one browser in. */
  newLoginLink(): Promise<string>;
  close(): Promise<void>;
}

/** Starts the console. Errors: AITO_CONSOLE_PORT (fate human) when the port cannot be had. */
export async function startConsole(options: ConsoleOptions): Promise<RunningConsole> {
  const { linkKey, log, gatewaySocket } = options;
  const listening = { publicUrl: options.publicUrl };
  const gateway = gatewaySocket === null ? null : gatewayQuestions({ socketPath: gatewaySocket, linkKey, log });
  const origins = requestOrigins();
  const records = companyRecords(
    { ...options.deps, origin: origins.now },
    {
      linkKey,
      gateway,
      anchors: options.anchors,
      publicUrl: () => listening.publicUrl ?? `http://${options.host}:${options.port}`,
    },
  );
  try {
    const running = await listen({ ...options, records, origins }, listening);
    return { ...running, close: async () => (await running.close(), await gateway?.close()) };
  } catch (error) {
    await gateway?.close();
    throw error;
  }
}

/** The same over any records; `listening.publicUrl` is filled in once the port is known. */
export async function listen(
  options: Omit<ConsoleOptions, "deps" | "linkKey"> & { records: Records; origins?: RequestOrigins },
  listening: { publicUrl: string | null } = { publicUrl: options.publicUrl },
): Promise<RunningConsole> {
  const fallback = `http://${options.host}:${options.port}`;
  const { list, ...rest } = { ...options, list: options.trustedProxies ?? "" };
  const proxies = await trustedProxies({ list, clock: options.clock, log: options.log });
  const { app, makeLoginLink } = await buildServer({
    ...rest,
    trustProxy: proxies.trusts,
    ...(options.hookSecretsFile ? { hookSecrets: hookSecretsFrom(options.hookSecretsFile, options) } : {}),
    publicUrl: () => new URL(listening.publicUrl ?? fallback),
  });
  app.addHook("onClose", () => proxies.close());
  try {
    const url = await app.listen({ host: options.host, port: options.port });
    listening.publicUrl ??= url;
    options.log.info({ url }, "console listens");
    return { url, newLoginLink: () => makeLoginLink("system"), close: () => app.close() };
  } catch (error) {
    await app.close();
    throw new AitoError(
      "AITO_CONSOLE_PORT",
      `the console cannot listen on ${options.host}:${options.port}: ${errorText(error)}`,
      {
        hint: "free the port or choose another one (AITO_PORT, --port)",
        fate: "human",
        cause: error,
      },
    );
  }
}
