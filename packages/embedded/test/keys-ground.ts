import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { type AddressInfo, connect, createServer as createSocketServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeNewId, sha256, silentLogger, systemClock } from "@aito/base";
import { deliverOver, memoryBus } from "@aito/bus";
import { type CompanyDeps, loadPack, registerFleet } from "@aito/company";
import { startConsole } from "@aito/console";
import { openTestDatabase } from "@aito/db/testing";
import { startGateway } from "@aito/gateway";

const root = fileURLToPath(new URL("../../..", import.meta.url));
export const operatorKey = "aito_op_a-key-that-only-the-tests-know-0123456789";
export const vendorKey = "sk-the-vendors-own-key";

/** The vendor: what it was asked, and what it answers with. */
export interface Vendor {
  url: string;
  seen: { path: string; headers: IncomingHttpHeaders; bytes: number }[];
  answer: (response: ServerResponse, body: { model?: string; max_tokens?: number }) => void;
  /** Answers whose reader went away before their end. */
  cutOff: number;
}

/** Uses all that it may: 10 tokens of prompt and `max_tokens` of answer. */
export const fullAnswer: Vendor["answer"] = (response, { model, max_tokens: output }) => {
  const usage = { input_tokens: 10, output_tokens: output };
  const content = [{ type: "text", text: "Hello." }];
  const message = { id: "msg_1", type: "message", role: "assistant", model, content, stop_reason: "end_turn", usage };
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(message));
};

/** A stream that begins and does not end. */
export const endlessAnswer: Vendor["answer"] = (response, { model }) => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (type: string, more: object): void =>
    void response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`);
  send("message_start", {
    message: { id: "m", type: "message", role: "assistant", model, content: [], usage: { input_tokens: 5, output_tokens: 1 } },
  });
  send("content_block_start", { index: 0, content_block: { type: "text", text: "" } });
  send("content_block_delta", { index: 0, delta: { type: "text_delta", text: "first" } });
};

async function startVendor(): Promise<Vendor & { close(): Promise<void> }> {
  const vendor: Vendor = { url: "", seen: [], answer: fullAnswer, cutOff: 0 };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    response.on("close", () => void (vendor.cutOff += response.writableFinished ? 0 : 1));
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts);
      vendor.seen.push({ path: request.url!, headers: request.headers, bytes: body.length });
      vendor.answer(response, JSON.parse(body.toString("utf8")) as object);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  vendor.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return Object.assign(vendor, { close });
}

/** Passes bytes on between two sockets and keeps the request lines that went through, so that nothing reaches the gateway unseen. */
async function watchedSocket(path: string, to: string) {
  const requests: string[] = [];
  const server = createSocketServer((from) => {
    const onward = connect(to);
    from.on("data", (bytes: Buffer) => {
      for (const [line] of bytes.toString("latin1").matchAll(/^[A-Z]{3,7} \S+ HTTP\/1\.1/gm)) requests.push(line);
    });
    from.pipe(onward).pipe(from);
    for (const [one, other] of [
      [from, onward],
      [onward, from],
    ] as const) {
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  await new Promise<void>((done) => server.listen(path, done));
  return { requests, close: () => new Promise((done) => server.close(done)) };
}

/** The console and the gateway of a company without agents, a vendor behind them, and the CLI as an operator has it. */
export async function keysGround() {
  let aheadMs = 0;
  const clock = { ...systemClock, now: () => new Date(systemClock.now().getTime() + aheadMs) };
  const folder = mkdtempSync(join(tmpdir(), "aito-keys-"));
  const db = await openTestDatabase({ clock, migrations: join(root, "migrations") });
  const bus = memoryBus({ clock: systemClock });
  const fleet = await loadPack(join(root, "profiles/aito/fleet.yaml"));
  const newId = makeNewId(() => clock.now());
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: fleet.file.company, name: fleet.file.name });
  const deps: CompanyDeps = { db, companyId, clock, newId, deliver: deliverOver(bus), rehearsal: false };
  await registerFleet(deps, fleet);
  const vendor = await startVendor();
  const common = { deps, bus, log: silentLogger, clock, linkKey: "k".repeat(32) };
  const gateway = await startGateway({
    ...common,
    socketPath: join(folder, "gateway.sock"),
    upstream: { name: "anthropic", baseUrl: vendor.url, apiKey: vendorKey },
    publicUrl: "http://127.0.0.1:7700",
    receiptKey: "r".repeat(32),
  });
  const watched = await watchedSocket(join(folder, "watched.sock"), gateway.socketPath);
  const console_ = await startConsole({
    ...common,
    host: "127.0.0.1",
    port: 0,
    publicUrl: null,
    operatorKeyHash: sha256(operatorKey),
    engine: "embedded",
    model: "claude-sonnet-5-5",
    gatewaySocket: join(folder, "watched.sock"),
    webRoot: join(root, "packages/console/dist/web"),
  });
  writeFileSync(join(folder, "operator-key"), operatorKey, { mode: 0o600 });
  writeFileSync(
    join(folder, "instance.json"),
    JSON.stringify({
      engine: "embedded",
      company: fleet.file.company,
      console: console_.url,
      model: null,
      pid: null,
      operatorKeyFile: join(folder, "operator-key"),
      startedAt: "2026-11-20T12:00:00.000Z",
    }),
  );
  const aito = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      const line = [join(root, "packages/cli/src/main.ts"), ...args, "--folder", folder];
      execFile(process.execPath, line, { timeout: 60_000 }, (error, out, err) =>
        resolve({ code: error ? (typeof error.code === "number" ? error.code : 1) : 0, out, err }),
      );
    });
  return {
    deps,
    vendor,
    console: console_.url,
    /** Requests that came through the console to the gateway. */
    reached: watched.requests,
    aito,
    /** With --json; throws with stderr when the command fails. */
    json: async <T>(...args: string[]): Promise<T> => {
      const ran = await aito(...args, "--json");
      if (ran.code !== 0) throw new Error(`aito ${args.join(" ")} exited ${ran.code}: ${ran.err}`);
      return JSON.parse(ran.out) as T;
    },
    pass: (ms: number) => void (aheadMs += ms),
    close: async () => {
      await console_.close();
      await watched.close();
      await gateway.close();
      await vendor.close();
      await bus.close();
      await db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type KeysGround = Awaited<ReturnType<typeof keysGround>>;
