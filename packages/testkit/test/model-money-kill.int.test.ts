import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, makeNewId, newToken, sha256, silentLogger, systemClock } from "@aito/base";
import { beginIncarnation, type CompanyDeps, loadPack, registerFleet, sweepReservations } from "@aito/company";
import { connectPostgres } from "@aito/db";
import { Agent, fetch } from "undici";
import { expect, test } from "vitest";
import { usePostgres, useRedis, waitFor } from "../src/index.ts";

const postgres = usePostgres();
const redis = useRedis();
const root = new URL("../../..", import.meta.url).pathname;
const calls = 200;
const kills = 2;
/** Less than the worst case of two hundred calls, and what a killed gateway had set aside stays so until it is swept. */
const companyCap = 1.6;
const model = "claude-sonnet-5-5";
const maxTokens = 1_000;
/** Micro-dollars: $2 and $10 per million tokens. */
const costOf = (input: number, output: number): number => input * 2 + output * 10;

/** A vendor that bills every request that reaches it, whether or not anybody hears the answer. */
async function vendor() {
  const ledger = { billed: 0, requests: 0 };
  let open = 0;
  const server = createServer((request, response) => {
    let size = 0;
    request.on("data", (chunk: Buffer) => (size += chunk.length));
    request.on("end", () => {
      ledger.requests += 1;
      open += 1;
      const [input, output] = [Math.ceil(size / 2), 100 + ((ledger.requests * 7_919) % (maxTokens - 99))];
      ledger.billed += costOf(input, output);
      const usage = { input_tokens: input, output_tokens: output };
      setTimeout(() => {
        open -= 1;
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify({ id: "m", type: "message", role: "assistant", model, content: [], usage }));
      }, ledger.requests % 120);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { ledger, open: () => open, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

async function startGatewayProcess(env: Record<string, string>, socketPath: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(root, "packages/gateway/src/main.ts")], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const dispatcher = new Agent({ connect: { socketPath } });
  try {
    await waitFor(
      () =>
        fetch("http://gateway/", { method: "HEAD", dispatcher }).then(
          (answer) => answer.status,
          () => 0,
        ),
      (status) => status === 200,
      30_000,
    );
  } finally {
    await dispatcher.destroy();
  }
  return child;
}

const killed = async (child: ChildProcess): Promise<void> => {
  const ended = new Promise((done) => child.once("exit", done));
  child.kill("SIGKILL");
  await ended;
};

test(`Y02 F11 F26 ${calls} calls at once against a nearly empty budget, with kill -9 of the gateway ${kills} times in the middle: not a micro-dollar over any cap, no reservation left`, async ({
  skip,
}) => {
  const { database } = postgres.orSkip(skip);
  const { url: redisUrl } = redis.orSkip(skip);
  const folder = await mkdtemp(join(tmpdir(), "aito-money-"));
  const clock = systemClock;
  const db = connectPostgres({ url: database.controlUrl, clock, log: silentLogger });
  const newId = makeNewId(clock.now);
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: "money", name: "Money" });
  const deps: CompanyDeps = { db, companyId, clock, newId, deliver: async () => undefined, rehearsal: false };
  const fleet = await loadPack(join(root, "profiles/aito/fleet.yaml"));
  const caps = { company: { month: companyCap }, departments: { Marketing: { day: 0.06 } }, agents: { cto: { total: 0.04 } } };
  fleet.file.budgets = { ...fleet.file.budgets, ...caps };
  await registerFleet(deps, fleet);
  const upstream = await vendor();
  const socketPath = join(folder, "gateway.sock");
  const env = {
    POSTGRES_URL: database.controlUrl,
    REDIS_URL: redisUrl,
    AITO_COMPANY: "money",
    AITO_SOCKET: socketPath,
    AITO_HOST: "127.0.0.1",
    AITO_PORT: "0",
    AITO_MODEL_URL: upstream.url,
    ANTHROPIC_API_KEY: "sk-for-the-test",
    AITO_LINK_KEY: "l".repeat(32),
    AITO_RECEIPT_KEY: "r".repeat(32),
    AITO_WORKSPACES: join(folder, "workspaces"),
    LOG_LEVEL: "error",
  };
  const dispatcher = new Agent({ connect: { socketPath }, connections: 256 });
  let watching = true;
  let gateway = await startGatewayProcess(env, socketPath);
  try {
    const sessions = await Promise.all(
      Object.keys(fleet.file.roles).map(async (agent) => {
        const token = newToken("run");
        const { epoch } = await beginIncarnation(deps, { agent, tokenHash: sha256(token) });
        const body = JSON.stringify({ token, epoch });
        const headers = { "content-type": "application/json" };
        const answer = await fetch("http://gateway/agent/hello", { method: "POST", dispatcher, headers, body });
        return ((await answer.json()) as { session: string }).session;
      }),
    );
    const windows = () =>
      db.transaction({ companyId }, (tx) =>
        tx.queries
          .selectFrom("budget_windows as w")
          .innerJoin("budgets as b", "b.id", "w.budget_id")
          .select(["b.scope", "b.cap_micro_usd as cap", "w.spent_micro_usd as spent", "w.reserved_micro_usd as reserved"])
          .execute(),
      );
    const over: unknown[] = [];
    let looks = 0;
    const watch = (async () => {
      while (watching) {
        for (const row of await windows()) if (row["spent"] + row["reserved"] > row["cap"]) over.push(row);
        looks += 1;
        await systemClock.sleep(5);
      }
    })();
    const reserved = () => db.transaction({ companyId }, (tx) => tx.queries.selectFrom("reservations").select(["id"]).execute());
    let leftByKills = 0;
    const statuses = new Map<string, number>();
    const ask = async (index: number): Promise<void> => {
      const content = `call ${index} ${"x".repeat(index % 50)}`;
      const status = await fetch("http://gateway/v1/messages", {
        method: "POST",
        dispatcher,
        headers: { authorization: `Bearer ${sessions[index % sessions.length]}`, "content-type": "application/json" },
        body: JSON.stringify({ model, max_tokens: maxTokens, messages: [{ role: "user", content }] }),
      }).then(
        async (answer) => (await answer.arrayBuffer(), String(answer.status)),
        () => "cut",
      );
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    };
    for (let round = 0; round <= kills; round += 1) {
      const share = Math.floor(calls / (kills + 1));
      const asked = Array.from({ length: share }, (_, index) => ask(round * share + index));
      if (round === kills) {
        await Promise.all(asked);
        break;
      }
      // In the middle: some are answered, others are at the vendor or on their way.
      await waitFor(
        () => statuses.get("200") ?? 0,
        (count) => count >= 3 * (round + 1) && upstream.open() > 0,
        20_000,
      );
      await killed(gateway);
      leftByKills += (await reserved()).length;
      await Promise.all(asked);
      gateway = await startGatewayProcess(env, socketPath);
    }
    watching = false;
    await watch;
    expect(leftByKills, "the kills left calls for the sweeper").toBeGreaterThan(0);
    // Half a minute later nobody renews them. The gateway's own sweeper may have been first with those of an early kill.
    const later: Clock = { ...systemClock, now: () => new Date(Date.now() + 31_000) };
    const laterDb = connectPostgres({ url: database.controlUrl, clock: later, log: silentLogger });
    const swept = await sweepReservations({ ...deps, db: laterDb, clock: later });
    await laterDb.close();
    await waitFor(reserved, (rows) => rows.length === 0, 20_000);
    const end = await windows();
    const spent = Number(end.find((row) => row["scope"] === "company")!["spent"]);
    process.stderr.write(
      `${calls} calls, ${kills} kills, ${leftByKills} left by the kills, ${swept} swept here, ${looks} looks: ${JSON.stringify(Object.fromEntries(statuses))}, ` +
        `billed ${upstream.ledger.billed}, charged ${spent} of ${companyCap * 1e6} micro-dollars\n`,
    );
    expect(over).toEqual([]);
    expect(looks).toBeGreaterThan(20);
    for (const row of end) expect([row["reserved"], row["spent"] <= row["cap"]]).toEqual([0n, true]);
    // Every request that the vendor billed was charged, those of killed gateways at their worst case.
    expect(upstream.ledger.billed).toBeLessThanOrEqual(spent);
    expect(statuses.get("402") ?? 0).toBeGreaterThan(0);
    expect(statuses.get("200") ?? 0).toBeGreaterThan(5);
    expect(statuses.get("cut") ?? 0).toBeGreaterThan(0);
  } finally {
    watching = false;
    await killed(gateway).catch(() => undefined);
    await dispatcher.destroy();
    await upstream.close();
    await db.close();
    await rm(folder, { recursive: true, force: true });
  }
}, 120_000);
