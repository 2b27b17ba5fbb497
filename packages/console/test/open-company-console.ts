import { resolve } from "node:path";
import { makeNewId, sha256, silentLogger, systemClock } from "@aito/base";
import { deliverOver, memoryBus } from "@aito/bus";
import {
  attachContainer,
  beginIncarnation,
  closeDueRounds,
  type CompanyDeps,
  createTask,
  hello,
  incarnationLost,
  loadPack,
  propose,
  proposeIdea,
  registerFleet,
} from "@aito/company";
import { openTestDatabase } from "@aito/db/testing";
import { operatorApi, Proposal } from "@aito/protocol";
import { documentedAnswers, type OpenApiDocument } from "./documented-answers.ts";
import { startConsole } from "../src/start-console.ts";
import { webRoot } from "./web-root.ts";

const repository = resolve(import.meta.dirname, "../../..");
export const operatorKey = "aito_op_a-key-that-only-the-tests-know-0123456789";
const roundsMax = 8;

/** A listening console over a real company (embedded database, memory bus) whose business time can be moved on. */
export async function openCompanyConsole(given: { webRoot?: string; hookSecretsFile?: string } = {}) {
  let aheadMs = 0;
  const clock = { ...systemClock, now: () => new Date(systemClock.now().getTime() + aheadMs) };
  const db = await openTestDatabase({ clock, migrations: resolve(repository, "migrations") });
  const bus = memoryBus({ clock: systemClock });
  const fleet = await loadPack(resolve(repository, "profiles/aito/fleet.yaml"));
  const newId = makeNewId(() => clock.now());
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: fleet.file.company, name: fleet.file.name });
  const deps: CompanyDeps = { db, companyId, clock, newId, deliver: deliverOver(bus), rehearsal: true };
  await registerFleet(deps, fleet);
  const running = await startConsole({
    deps,
    bus,
    log: silentLogger,
    clock: systemClock,
    host: "127.0.0.1",
    port: 0,
    publicUrl: null,
    linkKey: "a-link-key-of-at-least-thirty-two-characters",
    operatorKeyHash: sha256(operatorKey),
    engine: "embedded",
    model: "REHEARSAL",
    gatewaySocket: null,
    hookSecretsFile: given.hookSecretsFile ?? null,
    webRoot: given.webRoot ?? webRoot,
  });
  const key = { authorization: `Bearer ${operatorKey}` };
  const document = await (await fetch(`${running.url}${operatorApi.openApi}`, { headers: key })).json();
  const documented = documentedAnswers(document as OpenApiDocument);
  /** As everywhere, and the answer is held against the API's document. */
  const checkedFetch = async (input: string, init: RequestInit = {}): Promise<Response> => {
    const response = await fetch(input, init);
    const contentType = response.headers.get("content-type") ?? "";
    const { pathname } = new URL(input);
    const isJson = contentType.includes("json") && !contentType.includes("ndjson");
    const body = isJson ? await response.clone().text() : "";
    documented.check({ method: init.method ?? "GET", url: pathname, status: response.status, contentType, body });
    return response;
  };
  return {
    deps,
    key,
    url: running.url,
    fetch: checkedFetch,
    checkedAnswers: documented.checked,
    newLoginLink: () => running.newLoginLink(),
    /** A request as the CLI makes it. */
    ask: async <T>(path: string, body?: unknown): Promise<T> => {
      const response = await checkedFetch(`${running.url}${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: {
          authorization: `Bearer ${operatorKey}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    /** Everything that these tables hold, as text. */
    allRows: async (tables: string[]): Promise<string> => {
      const rows = await Promise.all(tables.map((table) => db.pglite.query(`select * from ${table}`)));
      return JSON.stringify(rows.map((result) => result.rows));
    },
    /** So many more escalations of a decision, newer than those there are, and answered. */
    answeredSince: async (decision: string, count: number) => {
      const ids = Array.from({ length: count }, () => newId());
      await db.pglite.query(
        `insert into escalations (id, company_id, decision_id, reason, status, answer, comment, answered_by, created_at, answered_at)
          select each, $1, $2, 'Tied.', 'answered', 'approve', '', 'ada', now(), now() from unnest($3::uuid[]) each`,
        [deps.companyId, decision, ids],
      );
    },
    /** Moves business time on: events are sealed when they are a moment old. */
    pass: (ms: number) => {
      aheadMs += ms;
    },
    /** Proposes something that nobody answers, and lets every deadline pass: it ends with the human. */
    escalate: async (title: string) => {
      const decision = await propose(
        deps,
        "cmo",
        Proposal.parse({ title, type: "major", usd: 5_000, task: { title: `Do: ${title}`, workerType: "content-writer" } }),
      );
      for (let round = 0; round < roundsMax; round += 1) {
        aheadMs += 30_000;
        await closeDueRounds(deps);
      }
      return decision.id;
    },
    /** As an orchestrator would write it down: these agents have containers, until they end. */
    runContainers: async (agents: string[]) => {
      const lives = agents.map(async (agent) => {
        const { epoch } = await beginIncarnation(deps, { agent, tokenHash: sha256(`${agent} ${newId()}`) });
        await attachContainer(deps, { agent, epoch, containerId: `container of ${agent}` });
        return { agent, epoch };
      });
      const ended = { reason: "killed: a kill switch is on", retryAt: null, failures: 0, wanted: false };
      const standing = await Promise.all(lives);
      return { end: async () => await Promise.all(standing.map((life) => incarnationLost(deps, { ...life, ...ended }))) };
    },
    /** An idea of this agent's. */
    think: async (agent: string, title: string) => {
      const { epoch } = await beginIncarnation(deps, { agent, tokenHash: sha256(title) });
      const session = await hello(deps, {
        tokenHash: sha256(title),
        epoch,
        sessionHash: sha256(`session ${title}`),
        redisPasswordHash: sha256("unused"),
      });
      await proposeIdea(deps, session, { title, text: "Three customers asked.", kind: null, usd: 200 });
    },
    /** A task of this agent's, made by itself. */
    assign: async (agent: string, title: string) => {
      const token = newId();
      const { epoch } = await beginIncarnation(deps, { agent, tokenHash: sha256(token) });
      const session = await hello(deps, {
        tokenHash: sha256(token),
        epoch,
        sessionHash: sha256(`session ${token}`),
        redisPasswordHash: sha256("unused"),
      });
      return await createTask(deps, session, { title });
    },
    close: async () => {
      await running.close();
      await bus.close();
      await db.close();
    },
  };
}
