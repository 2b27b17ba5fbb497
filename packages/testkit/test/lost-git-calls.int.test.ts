import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeNewId, newToken, sha256, silentLogger, systemClock } from "@aito/base";
import { beginIncarnation, changeView, type CompanyDeps, listEvents, loadPack, registerFleet, showReceipt } from "@aito/company";
import { connectPostgres } from "@aito/db";
import { startLocalGithub, unlimited } from "@aito/local-github";
import { sql } from "kysely";
import { Agent, fetch } from "undici";
import { expect, test } from "vitest";
import { usePostgres, useRedis, waitFor } from "../src/index.ts";

const postgres = usePostgres();
const redis = useRedis();
const root = new URL("../../..", import.meta.url).pathname;
const token = "token-of-the-company";
const repository = "og-shibaclassic/shiba-social";
const boundMs = 60_000;

type Told = Record<string, unknown>;
interface Receipt {
  id: string;
  tool: string;
  status: string;
  result: Told;
}

test(
  "S06 F22 a gateway that is killed between its call to git and its receipt: the next one asks there, and says what became of it",
  { timeout: 900_000 },
  async ({ skip }) => {
    const { database } = postgres.orSkip(skip);
    const { url: redisUrl } = redis.orSkip(skip);
    const folder = await mkdtemp(join(tmpdir(), "aito-lost-git-"));
    const [clock, log] = [systemClock, silentLogger];
    const tokens = { [token]: "aito-bot" };
    const github = await startLocalGithub({
      folder: join(folder, "github"),
      host: "127.0.0.1",
      port: 0,
      tokens,
      log,
      clock,
      limits: unlimited,
    });
    await github.addRepository({ owner: "og-shibaclassic", name: "shiba-social", files: { "content/old.md": "old\n" } });
    const db = connectPostgres({ url: database.controlUrl, clock, log });
    const newId = makeNewId(clock.now);
    const companyId = await db.findOrCreateCompany({ id: newId(), slug: "lostgit", name: "Lost" });
    const deps: CompanyDeps = { db, companyId, clock, newId, deliver: async () => undefined, rehearsal: false };
    await registerFleet(deps, await loadPack(join(root, "profiles/aito/fleet.yaml")));
    const socketPath = join(folder, "gateway.sock");
    const dispatcher = new Agent({ connect: { socketPath } });
    let gateway: ChildProcess | null = null;

    /** The program itself, that kills itself where it is told to. */
    const start = async (crashAt: string): Promise<void> => {
      gateway = spawn(process.execPath, [join(root, "packages/gateway/src/main.ts")], {
        env: {
          PATH: process.env["PATH"],
          POSTGRES_URL: database.controlUrl,
          REDIS_URL: redisUrl,
          AITO_COMPANY: "lostgit",
          AITO_SOCKET: socketPath,
          AITO_HOST: "127.0.0.1",
          AITO_PORT: "0",
          AITO_GITHUB_URL: github.url,
          AITO_GITHUB_TOKEN: token,
          AITO_LINK_KEY: "l".repeat(32),
          AITO_RECEIPT_KEY: "r".repeat(32),
          AITO_WORKSPACES: join(folder, "workspaces"),
          AITO_CRASH_AT: crashAt,
          LOG_LEVEL: "error",
        },
        stdio: ["ignore", "ignore", "inherit"],
      });
      const head = (): Promise<number> =>
        fetch("http://gateway/", { method: "HEAD", dispatcher }).then(
          (answer) => answer.status,
          () => 0,
        );
      await waitFor(head, (status) => status === 200, boundMs);
    };
    const dead = async (): Promise<void> => {
      const child = gateway!;
      if (child.exitCode === null && child.signalCode === null) await new Promise((done) => child.once("exit", done));
      expect(child.signalCode).toBe("SIGKILL");
      gateway = null;
    };
    const post = async (path: string, body: object, session?: string): Promise<Told> => {
      const answer = await fetch(`http://gateway${path}`, {
        method: "POST",
        dispatcher,
        headers: {
          accept: "application/json, text/event-stream",
          "content-type": "application/json",
          ...(session === undefined ? {} : { authorization: `Bearer ${session}` }),
        },
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      return JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text) as Told;
    };
    const enter = async (agent: string): Promise<string> => {
      const secret = newToken("run");
      const { epoch } = await beginIncarnation(deps, { agent, tokenHash: sha256(secret) });
      return (await post("/agent/hello", { token: secret, epoch }))["session"] as string;
    };
    const call = async (session: string, name: string, args: object): Promise<Told> => {
      const params = { name, arguments: args };
      const answer = await post("/mcp", { jsonrpc: "2.0", id: 1, method: "tools/call", params }, session);
      return JSON.parse((answer["result"] as { content: { text: string }[] }).content[0]!.text) as Told;
    };
    const receipts = (tool: string): Promise<Receipt[]> =>
      db.transaction({ companyId }, async (tx) => {
        const found = await sql<Receipt>`select id, tool, status, result from receipts where tool = ${tool}`.execute(tx.queries);
        return found.rows;
      });
    /** As after a minute and a half in which nobody said that the call lives. */
    const leaseIsOver = async (): Promise<void> => {
      const left = await db.transaction({ companyId }, (tx) =>
        sql`update begun_calls set lease_until = lease_until - interval '100 seconds' returning id`.execute(tx.queries),
      );
      expect(left.rows).toHaveLength(1);
    };
    const only = async (tool: string): Promise<Receipt> =>
      (
        await waitFor(
          () => receipts(tool),
          (rows) => rows.length === 1,
          boundMs,
        )
      )[0]!;

    try {
      await start("git.after_pull");
      const [cmo, cco] = [await enter("cmo"), await enter("cco")];
      const { task_id } = await call(cmo, "create_task", { title: "A page" });
      const change = { task_id, title: "A page", why: "It is missing.", files: [{ path: "content/page.md", text: "# Page\n" }] };
      await expect(call(cmo, "propose_change", change)).rejects.toThrow(/fetch failed|other side closed|terminated/);
      await dead();
      expect(await receipts("propose_change")).toEqual([]);
      await leaseIsOver();

      await start("git.after_merge");
      const proposed = await only("propose_change");
      expect(proposed).toMatchObject({ status: "succeeded", result: { repository, number: 1, commit: expect.any(String) } });
      expect((await showReceipt(deps, proposed.id)).check.verdict).toBe("valid");
      // Our records have it with the receipt, and who reviews was asked; repeated, nothing is made or said twice.
      const made = { status: "open", number: 1, headSha: proposed.result["commit"] };
      expect(await changeView(deps, proposed.result["change_id"] as string)).toMatchObject(made);
      const again = await call(cmo, "propose_change", change);
      expect(again).toMatchObject({ number: 1, commit: proposed.result["commit"], new_commit: false });
      const change_id = again["change_id"] as string;
      await call(cco, "review_change", { change_id, verdict: "approve", body: "Good." });
      await expect(call(cmo, "merge_change", { change_id })).rejects.toThrow(/fetch failed|other side closed|terminated/);
      await dead();
      await leaseIsOver();

      await start("git.after_push");
      // Its agent calls again while it is looked for: one merge, told once.
      const repeated = await call(cmo, "merge_change", { change_id });
      const isFound = ({ result }: Receipt): boolean => String(result["message"]).includes("was asked, and has it");
      const found = async (): Promise<Receipt[]> => (await receipts("merge_change")).filter(isFound);
      const [merged] = (await waitFor(found, (rows) => rows.length === 1, boundMs)) as [Receipt];
      expect(merged).toMatchObject({ status: "succeeded", result: { change_id, number: 1, commit: expect.any(String) } });
      expect(repeated).toMatchObject({ commit: merged.result["commit"] });
      expect(await changeView(deps, change_id)).toMatchObject({ status: "merged", mergeSha: merged.result["commit"] });

      // Of which GitHub has a part only.
      const { task_id: next } = await call(cmo, "create_task", { title: "Another page" });
      const half = { task_id: next, title: "Half", why: "Half.", files: [{ path: "content/half.md", text: "# Half\n" }] };
      const before = (await receipts("propose_change")).map(({ id }) => id);
      await expect(call(cmo, "propose_change", half)).rejects.toThrow(/fetch failed|other side closed|terminated/);
      await dead();
      await leaseIsOver();
      await start("");
      const all = await waitFor(
        () => receipts("propose_change"),
        (rows) => rows.length > before.length,
        boundMs,
      );
      expect(all.find(({ id }) => !before.includes(id))).toMatchObject({
        status: "unknown",
        result: { code: "AITO_OUTCOME_UNKNOWN", commit: expect.any(String), number: null },
      });
      expect(await listEvents(deps, { types: ["tool.found"], limit: 20 })).toHaveLength(2);
      for (const type of ["change.opened", "change.reviewed", "change.merged"]) {
        expect(await listEvents(deps, { types: [type], limit: 20 }), type).toHaveLength(1);
      }
      expect(await listEvents(deps, { types: ["tool.unknown"], limit: 20 })).toHaveLength(1);
    } finally {
      const child = gateway as ChildProcess | null;
      if (child) {
        const gone = new Promise((done) => child.once("exit", done));
        child.kill("SIGKILL");
        await gone;
      }
      await dispatcher.destroy();
      await db.close();
      await github.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
);
