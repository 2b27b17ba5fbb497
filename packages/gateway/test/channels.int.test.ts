import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { systemClock } from "@aito/base";
import { currentFleet, gatewayPass, listChannels, listEvents, listNotices, registerFleet, transact } from "@aito/company";
import { telegramChannel, webhookChannel } from "@aito/connectors";
import { ChannelTested, GatewayChannels, operatorQuestions } from "@aito/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openGateway, type TestGateway } from "./open-gateway.ts";

const botToken = "123456:a-token-that-nobody-may-see";
const hookSecret = "a secret of the receiver";
const pass = { authorization: `Bearer ${gatewayPass("k".repeat(32))}` };
const got: Record<string, unknown>[] = [];
let answer = 204;
let receiver: Server;
let it: TestGateway;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      got.push(JSON.parse(text) as Record<string, unknown>);
      response.writeHead(answer).end();
    });
  });
  await new Promise<void>((done) => receiver.listen(0, "127.0.0.1", done));
  const host = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const channels = [
    webhookChannel({ url: `${host}/hook/with-a-secret-path`, secrets: [hookSecret], clock: systemClock }),
    telegramChannel({ token: botToken, chat: "42", apiRoot: "http://127.0.0.1:1" }),
  ];
  const quietHours = { from: 1_320, to: 420, timeZone: "Europe/Berlin" };
  it = await openGateway({ notices: { channels, remindMs: 7_200_000, quietHours } });
});
afterAll(async () => {
  await it.close();
  receiver.closeAllConnections();
  await new Promise((done) => receiver.close(done));
});

const ask = (path: string, body: unknown, headers: Record<string, string> = pass) => it.post(path, body, undefined, headers);
const testOf = async (channel: string) =>
  ChannelTested.parse((await ask(operatorQuestions.channelTest, { channel, by: "@ada" })).body);
const stateOf = async (name: string) => (await listChannels(it.deps, null)).find((each) => each.name === name)!;

test("O16 the gateway says which channels are set up, whom they reach and when all are quiet, and no secret", async () => {
  const found = GatewayChannels.parse((await ask(operatorQuestions.channels, {})).body);
  expect(found).toMatchObject({
    channels: [{ name: "webhook" }, { name: "telegram", to: "chat 42" }],
    quietHours: { from: "22:00", to: "07:00", timeZone: "Europe/Berlin" },
    remindHours: 2,
  });
  expect(JSON.stringify(found)).not.toMatch(/secret|token/);
  // Agents use the same socket: without the console's pass nobody is told, and nothing is sent.
  for (const path of [operatorQuestions.channels, operatorQuestions.channelTest])
    expect((await ask(path, { channel: "webhook", by: "me" }, {})).status).toBe(401);
  expect(got).toEqual([]);
});

test("O16 a test notice goes out at once, says that it is one and a rehearsal's, and is on record with who asked", async () => {
  expect(await testOf("webhook")).toMatchObject({ channel: "webhook", status: "sent", error: null, hint: null });
  expect(got.at(-1)).toMatchObject({ type: "channel.test", rehearsal: true, by: "@ada" });
  const [event] = await listEvents(it.deps, { types: ["notice.tested"], limit: 1 });
  expect(event).toMatchObject({ source: "@ada", payload: { channel: "webhook", status: "sent" } });
  expect(await stateOf("webhook")).toMatchObject({ lastSentAt: expect.any(String), lastFailedAt: null, lastError: null });
});

test("O16 what failed says why and the next step, and stays on record beside the success before it", async () => {
  answer = 401;
  expect(await testOf("webhook")).toMatchObject({
    status: "failed",
    error: "the receiver answered 401",
    hint: expect.stringContaining("AITO_WEBHOOK_SECRET"),
  });
  expect(await stateOf("webhook")).toMatchObject({ lastSentAt: expect.any(String), lastError: "the receiver answered 401" });
  expect(await testOf("telegram")).toMatchObject({ status: "failed", hint: expect.stringContaining("AITO_TELEGRAM_URL") });
  const refused = await ask(operatorQuestions.channelTest, { channel: "email", by: "@ada" });
  expect([refused.status, refused.body["error"].code]).toEqual([409, "AITO_CHANNEL_NOT_SET_UP"]);
  expect(refused.body["error"].hint).toContain("AITO_SMTP_URL");
  const everything = JSON.stringify([await listChannels(it.deps, null), await listEvents(it.deps, { limit: 200 })]);
  for (const secret of [botToken, hookSecret, "with-a-secret-path"]) expect(everything).not.toContain(secret);
});

test("O16 the list has each channel's rules and quiet hours of the fleet file, whether the gateway answers or not", async () => {
  const fleet = await transact(it.deps, (unit) => currentFleet(unit));
  const quiet = { from: "00:00", to: "23:59", timeZone: "UTC" };
  const notices = { digests: "none" as const, channels: { telegram: { tells: ["needs" as const], quietHours: quiet } } };
  await registerFleet(it.deps, { ...fleet, file: { ...fleet.file, notices } });
  expect(await stateOf("telegram")).toMatchObject({ setUp: null, tells: ["needs"], quietHours: quiet });
  const outside = GatewayChannels.parse((await ask(operatorQuestions.channels, {})).body);
  const list = await listChannels(it.deps, outside);
  expect(list.map(({ name, setUp }) => [name, setUp])).toEqual([
    ["browser", true],
    ["email", false],
    ["telegram", true],
    ["webhook", true],
  ]);
  expect(await listNotices(it.deps, { limit: 10 })).toEqual([]);
});
