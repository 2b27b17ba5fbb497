import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { makeNewId, silentLogger, systemClock } from "@aito/base";
import { type Bus, deliverOver, memoryBus } from "@aito/bus";
import {
  claimNotice,
  closeDueRounds,
  type CompanyDeps,
  escalationDetail,
  keepLead,
  listEscalations,
  listEvents,
  loadPack,
  planAlertNotices,
  planNotices,
  propose,
  registerFleet,
} from "@aito/company";
import { emailChannel, type NoticeChannel, telegramChannel, verifyWebhook, webhookChannel } from "@aito/connectors";
import { openTestDatabase } from "@aito/db/testing";
import { Proposal } from "@aito/protocol";
import { SMTPServer } from "smtp-server";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { GatewayContext } from "../src/gateway-context.ts";
import { noticeMessage } from "../src/notices/notice-message.ts";
import { sendAlerts } from "../src/notices/send-alerts.ts";
import { sendNotices } from "../src/notices/send-notices.ts";
import { until } from "./open-gateway.ts";

const repository = resolve(import.meta.dirname, "../../..");
const links = { linkKey: "a link key of the tests", publicUrl: "http://127.0.0.1:7700" };
const secret = "a secret of the receiver";
const got = { webhook: [] as { id: string; genuine: boolean; url: string }[], email: [] as string[], telegram: [] as string[] };
const answers: number[] = [];

const read = async (request: AsyncIterable<Buffer>): Promise<string> => {
  let text = "";
  for await (const chunk of request) text += chunk.toString();
  return text;
};
const receiver = createServer((request, response) => {
  void read(request).then((body) => {
    const genuine = verifyWebhook({ secret, headers: request.headers, body, now: new Date() });
    const { url } = JSON.parse(body) as { url: string };
    got.webhook.push({ id: String(request.headers["x-aito-event-id"]), genuine, url });
    response.writeHead(answers.shift() ?? 204).end();
  });
});
const botApi = createServer((request, response) => {
  void read(request).then((body) => {
    got.telegram.push((JSON.parse(body) as { text: string }).text);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ ok: true, result: { message_id: 1, date: 0, chat: { id: 1 } } }));
  });
});
const mail = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  logger: false,
  onData: (stream, _session, done) => void read(stream).then((text) => (got.email.push(text), done())),
});

let aheadMs = 0;
const clock = { ...systemClock, now: () => new Date(systemClock.now().getTime() + aheadMs) };
let deps: CompanyDeps;
let bus: Bus;
let channels: NoticeChannel[];
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const listen = (server: { listen(port: number, host: string, done: () => void): unknown }): Promise<void> =>
    new Promise((done) => server.listen(0, "127.0.0.1", () => done()));
  await Promise.all([listen(receiver), listen(botApi), listen(mail)]);
  const port = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;
  channels = [
    webhookChannel({ url: `http://127.0.0.1:${port(receiver)}/hook`, secrets: [secret], clock: systemClock }),
    emailChannel({ smtpUrl: `smtp://127.0.0.1:${port(mail.server)}`, from: "aito@acme.example", to: "owner@acme.example" }),
    telegramChannel({ token: "123456:token", chat: "1", apiRoot: `http://127.0.0.1:${port(botApi)}` }),
  ];
  const db = await openTestDatabase({ clock, migrations: resolve(repository, "migrations") });
  bus = memoryBus({ clock: systemClock });
  const fleet = await loadPack(resolve(repository, "profiles/aito/fleet.yaml"));
  const newId = makeNewId(() => clock.now());
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: fleet.file.company, name: fleet.file.name });
  deps = { db, companyId, clock, newId, deliver: deliverOver(bus), rehearsal: true };
  await registerFleet(deps, fleet);
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  answers.length = 0;
  for (const list of Object.values(got)) list.length = 0;
});
afterAll(async () => {
  await bus.close();
  await deps.db.close();
  for (const server of [receiver, botApi]) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
  await new Promise<void>((done) => mail.close(() => done()));
});

/** A gateway's sender; several may run over the same records. */
async function sender(remindMs = 4 * 3_600_000): Promise<void> {
  const stop = new AbortController();
  const context = { bus, clock: systemClock, log: silentLogger, signal: stop.signal, deps } as unknown as GatewayContext;
  const running = await sendNotices(context, { settings: { channels, remindMs, quietHours: null }, links });
  closers.push(async () => (stop.abort(), await running.close()));
}

async function escalate(): Promise<string> {
  const decision = await propose(
    deps,
    "cmo",
    Proposal.parse({ title: `Sponsor ${deps.newId()}`, type: "major", usd: 300, kind: `k ${deps.newId()}` }),
  );
  for (let round = 0; round < 8; round += 1) {
    aheadMs += 30_000;
    await closeDueRounds(deps);
  }
  return (await listEscalations(deps, links)).find((each) => each.decisionId === decision.id)!.id;
}
const notices = async (id: string) => (await escalationDetail(deps, links, id)).notices;
const ended = (list: { status: string }[]): boolean =>
  list.length > 0 && list.every((each) => !["waiting", "sending"].includes(each.status));

test("O16 two gateways and doubled jobs tell the human once by each channel", async () => {
  const id = await escalate();
  await sender();
  await sender();
  for (const { id: notice } of await planNotices(deps, links, {
    channels: channels.map((each) => each.name),
    remindMs: 1e9,
    quietHours: null,
  })) {
    for (let again = 0; again < 5; again += 1) await bus.addJob("escalation-notice", notice, {});
  }
  const list = await until(
    () => notices(id),
    (seen) => seen.length === 3 && ended(seen),
  );
  expect(list.map(({ channel, status, attempts }) => `${channel} ${status} ${attempts}`).toSorted()).toEqual([
    "email sent 1",
    "telegram sent 1",
    "webhook sent 1",
  ]);
  // Also after everything was sent, a late job finds nothing to do.
  for (const { id: notice } of list) await bus.addJob("escalation-notice", notice, {});
  await bus.addJob("escalation-notice", deps.newId(), {});
  await new Promise((done) => setTimeout(done, 200));
  expect([got.webhook.length, got.email.length, got.telegram.length]).toEqual([1, 1, 1]);
  expect(got.webhook[0]).toMatchObject({ genuine: true, id: list.find((each) => each.channel === "webhook")!.id });
  expect(got.telegram[0]).toContain(got.webhook[0]!.url);
});

test("O16 a receiver that is busy is tried again with the same id, and each attempt is counted", async () => {
  const id = await escalate();
  answers.push(503);
  await sender();
  const webhook = async () => (await notices(id)).filter((each) => each.channel === "webhook");
  expect(await until(webhook, ended, 10_000)).toMatchObject([{ status: "sent", attempts: 2, lastError: null }]);
  const mine = got.webhook.map((each) => each.id);
  expect(mine).toHaveLength(2);
  expect(new Set(mine).size).toBe(1);
});

test("O16 a gateway killed between sending and recording it sends no second message: the notice says that it is unknown", async () => {
  const id = await escalate();
  const due = await planNotices(deps, links, { channels: ["webhook", "email", "telegram"], remindMs: 1e9, quietHours: null });
  for (const { id: notice } of due) {
    const claim = (await claimNotice(deps, links, notice))!;
    await channels.find((each) => each.name === claim.channel)!.send(noticeMessage(claim, true));
  }
  await sender();
  aheadMs += 91_000;
  expect((await until(() => notices(id), ended, 40_000)).map((each) => each.status)).toEqual(["unknown", "unknown", "unknown"]);
  expect([got.webhook.length, got.email.length, got.telegram.length]).toEqual([1, 1, 1]);
});

test("O16 a reminder follows by every channel with another link", async () => {
  const id = await escalate();
  await sender(3_600_000);
  await until(
    () => notices(id),
    (list) => list.length === 3 && ended(list),
  );
  aheadMs += 3_600_000;
  const list = await until(
    () => notices(id),
    (seen) => seen.length === 6 && ended(seen),
    40_000,
  );
  expect(list.map((each) => each.number)).toEqual([1, 1, 1, 2, 2, 2]);
  const urls = got.webhook.map((each) => each.url);
  const fresh = (await escalationDetail(deps, links, id)).url;
  expect(urls).toContain(fresh);
  expect(got.telegram.at(-1)).toContain("Reminder 1");
});

test("O18 when nobody can lead, the operator is told once by each channel, also by two gateways", async () => {
  await keepLead(deps);
  for (const seconds of [1, 61]) {
    aheadMs += seconds * 1_000;
    await keepLead(deps);
  }
  const stop = new AbortController();
  const context = { bus, clock: systemClock, log: silentLogger, signal: stop.signal, deps } as unknown as GatewayContext;
  const settings = { channels, remindMs: 3_600_000, quietHours: null };
  const sending = { settings, links: { ...links, publicUrl: "https://acme.example" } };
  const policy = { ...settings, channels: ["webhook", "email", "telegram"] };
  const running = [await sendAlerts(context, sending), await sendAlerts(context, sending)];
  closers.push(async () => (stop.abort(), void (await Promise.all(running.map((each) => each.close())))));
  const told = async () => (await listEvents(deps, { types: ["alert.notice_sent"], limit: 10 })).length;
  await until(told, (count) => count === 3);
  for (let again = 0; again < 3; again += 1) expect(await planAlertNotices(deps, policy)).toEqual([]);
  expect([got.webhook.length, got.email.length, got.telegram.length]).toEqual([1, 1, 1]);
  expect(got.webhook[0]).toMatchObject({ genuine: true, url: "https://acme.example" });
  expect(got.telegram[0]).toContain("Needs you: Nobody leads the company");
});
