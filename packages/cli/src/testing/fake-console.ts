import { createServer, type IncomingMessage } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@aito/base";
import { runCli } from "../run-cli.ts";
import { writeInstance } from "../instance.ts";

export const operatorKey = "aito_op_fake-console-key-0123456789abcdef";

interface Seen {
  method: string;
  path: string;
  body: unknown;
  /** `Last-Event-ID`: where a stream is to go on. */
  after: string | null;
}

/** An HTTP server in the console's place: answers from a table `METHOD /path?query` or `METHOD /path`, refuses a wrong key, and keeps what it was asked. */
export async function fakeConsole(
  answers: Record<string, unknown>,
): Promise<{ url: string; seen: Seen[]; close(): Promise<void> }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const { pathname, search } = new URL(request.url!, "http://x");
      const text = await bodyOf(request);
      const after = request.headers["last-event-id"]?.toString() ?? null;
      seen.push({ method: request.method!, path: `${pathname}${search}`, body: text ? JSON.parse(text) : null, after });
      const send = (status: number, value: unknown): void => {
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
      };
      if (request.headers.authorization !== `Bearer ${operatorKey}`) {
        return send(401, { error: { code: "AITO_CONSOLE_UNAUTHENTICATED", message: "not signed in" } });
      }
      const answer = answers[`${request.method} ${pathname}${search}`] ?? answers[`${request.method} ${pathname}`];
      if (answer === undefined)
        return send(404, {
          error: { code: "AITO_TEST_UNKNOWN", message: `nothing at ${pathname}`, hint: "ask for something else" },
        });
      if (typeof answer === "string") return void response.writeHead(200, { "content-type": "text/event-stream" }).end(answer);
      send(request.method === "POST" ? 201 : 200, answer);
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** A company's folder that points at a console, as `up` leaves it. */
export function folderFor(url: string | null, key = operatorKey): string {
  const folder = mkdtempSync(join(tmpdir(), "aito-cli-"));
  writeFileSync(join(folder, "operator-key"), `${key}\n`, { mode: 0o600 });
  writeInstance(folder, {
    engine: "embedded",
    company: "aito",
    console: url,
    model: "REHEARSAL",
    pid: null,
    operatorKeyFile: join(folder, "operator-key"),
    startedAt: "2026-11-20T12:00:00.000Z",
  });
  return folder;
}

export interface Ran {
  code: number;
  out: string;
  err: string;
}

/** Runs one command line in this process. */
export async function aito(
  args: string[],
  options: { env?: Record<string, string>; cwd?: string; signal?: AbortSignal; ask?: (question: string) => Promise<string> } = {},
): Promise<Ran> {
  const ran: Ran = { code: -1, out: "", err: "" };
  ran.code = await runCli(args, {
    out: (text) => void (ran.out += text),
    err: (text) => void (ran.err += text),
    env: options.env ?? {},
    cwd: options.cwd ?? tmpdir(),
    clock: systemClock,
    signal: options.signal ?? new AbortController().signal,
    ask: options.ask ?? null,
  });
  return ran;
}
