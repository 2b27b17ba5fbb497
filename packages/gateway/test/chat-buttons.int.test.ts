import {
  addOperator,
  answerApproval,
  approvalView,
  changeRole,
  disableOperator,
  linkChat,
  listChats,
  listEvents,
  listPublications,
  newChatCode,
  takePollTurn,
} from "@aito/company";
import { telegramChannel } from "@aito/connectors";
import { type ApprovalView, type OperatorRole, roleScopes } from "@aito/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fakeTelegram, type SentMessage } from "./fake-telegram.ts";
import { openGateway, type TestGateway, until } from "./open-gateway.ts";

const botToken = "123456:a-token-that-nobody-may-see";
const patienceMs = 40_000;
let telegram: Awaited<ReturnType<typeof fakeTelegram>>;
let it: TestGateway;
let session: string;

beforeAll(async () => {
  telegram = await fakeTelegram(botToken);
  const channels = [telegramChannel({ token: botToken, chat: "42", apiRoot: telegram.url })];
  it = await openGateway({ notices: { channels, remindMs: 1e9, quietHours: null } });
  session = (await it.enter("cmo")).session;
});
afterAll(async () => {
  await it.close();
  await telegram.close();
});

const operatorOf = async (name: string, role: OperatorRole) => {
  const { view } = await addOperator(it.deps, { name, role }, "operator");
  return { operator: `@${name}`, operatorId: view.id, role, scopes: roleScopes[role] };
};
const machine = { operator: "operator", operatorId: null, role: "owner", scopes: roleScopes.owner } as const;
const told = (press: string) =>
  until(
    () => telegram.toldOf(press),
    (text) => text !== null,
    patienceMs,
  );
async function link(
  caller: Parameters<typeof newChatCode>[1],
  who: { account?: number; username?: string } = {},
): Promise<string> {
  const { code } = await newChatCode(it.deps, caller);
  const before = telegram.sent.length;
  telegram.write(`/link ${code.toLowerCase()}`, who);
  await until(
    () => telegram.sent.length,
    (count) => count > before,
    patienceMs,
  );
  return telegram.sent[before]!.text;
}
let asked = 0;
/** A call that a human is asked about, and the message that tells of it. */
async function ask(args: object = {}): Promise<{ id: string; message: SentMessage }> {
  const title = `Launch post ${(asked += 1)}`;
  const { body } = await it.callTool(session, "publish_text", { title, text: "We launch.", ...args });
  expect(body["code"], JSON.stringify(body)).toBe("AITO_APPROVAL_NEEDED");
  const id = body["approval_id"] as string;
  const message = await until(
    () => telegram.sent.find(({ text }) => text.includes(id)),
    (found) => found !== undefined,
    patienceMs,
  );
  return { id, message: message! };
}
const view = (id: string): Promise<ApprovalView> => approvalView(it.deps, null, id);
const published = async (): Promise<string[]> => (await listPublications(it.deps, { limit: 200 })).map(({ title }) => title);

test("C24 without a linked chat a notice has no buttons that answer, and a wrong or foreign code links nothing", async () => {
  const { message } = await ask();
  expect(message.buttons).toEqual({});
  telegram.write("/link 222222222222", { chat: 666 });
  telegram.write("/link 222222222222");
  await until(
    () => telegram.sent.at(-1)!.text,
    (text) => text.includes("unknown, used or too old"),
    patienceMs,
  );
  expect(await listChats(it.deps, machine)).toEqual([]);
});

test("C24 a press approves as the operator who linked the chat, once, and what was shown is what runs", async () => {
  expect(await link(machine)).toContain("@ada answers here as operator");
  const { id, message } = await ask();
  expect(message.text).toContain("[REHEARSAL]");
  expect(message.text).toContain(`"title":"Launch post ${asked}"`);
  expect(Object.keys(message.buttons)).toEqual(["Approve", "Deny"]);
  expect(Buffer.byteLength(message.buttons["Approve"]!)).toBeLessThanOrEqual(64);
  const { Approve: approve = "", Deny: deny = "" } = { ...message.buttons };
  const presses = Array.from({ length: 5 }, () => telegram.press(approve, message));
  const answers = [];
  for (const press of presses) answers.push(await told(press));
  expect(answers.filter((text) => text === "Approved by operator.")).toHaveLength(1);
  expect(answers.filter((text) => text!.startsWith("It was answered before"))).toHaveLength(4);
  expect(await told(telegram.press(deny, message))).toContain("It was answered before");
  await until(published, (titles) => titles.includes(`Launch post ${asked}`), patienceMs);
  await until(
    () => view(id),
    ({ status }) => status === "done",
    patienceMs,
  );
  const [event] = await listEvents(it.deps, { types: ["approval.approved"], limit: 1 });
  expect(event).toMatchObject({ source: "operator", payload: { origin: { operator: "operator", address: "telegram 42/7" } } });
  expect(message.shown).toMatch(/(Approved|answered before: \w+) by operator\.$/);
  expect(message.buttons).toEqual({});
});

test("C24 who did not link the chat, another chat and a made-up token answer nothing", async () => {
  const { id, message } = await ask();
  const approve = message.buttons["Approve"]!;
  expect(await told(telegram.press(approve, message, { account: 8, username: "eve" }))).toContain("Only who linked");
  telegram.press(approve, message, { chat: 666 });
  expect(await told(telegram.press(`aito_btn_${"A".repeat(43)}`, message))).toContain("not ours");
  expect(await told(telegram.press("approve", message))).toContain("not ours");
  expect((await view(id)).status).toBe("waiting");
  expect(await told(telegram.press(message.buttons["Deny"]!, message))).toBe("Denied by operator.");
  expect((await view(id)).status).toBe("denied");
});

test("C24 a press after the answer in the console tells what was decided", async () => {
  const { id, message } = await ask();
  const { digest } = await view(id);
  await answerApproval(it.deps, { id, by: "@ben", answer: { answer: "deny", digest } });
  expect(await told(telegram.press(message.buttons["Approve"]!, message))).toBe("It was answered before: denied by @ben.");
  expect(message.shown).toContain("denied by @ben");
});

test("C24 a call that the message cannot show whole has no button that approves it", async () => {
  const { message } = await ask({ text: "long ".repeat(400) });
  expect(Object.keys(message.buttons)).toEqual(["Deny"]);
  const hidden = (await ask({ text: "\u202E".repeat(400) })).message;
  expect(Object.keys(hidden.buttons)).toEqual(["Deny"]);
  expect(hidden.text).not.toContain("\u202E");
});

test("C24 the right is the one of now: a demoted or disabled operator's buttons answer nothing", async () => {
  const cleo = await operatorOf("cleo", "approver");
  await link(cleo, { account: 9, username: "cleo" });
  const first = await ask();
  await changeRole(it.deps, { name: "cleo", role: "viewer" }, "operator");
  const press = (message: SentMessage) => telegram.press(message.buttons["Approve"] ?? "none", message, { account: 9 });
  expect(await told(press(first.message))).toContain("may not answer any more");
  expect((await ask()).message.buttons).toEqual({});
  await changeRole(it.deps, { name: "cleo", role: "approver" }, "operator");
  const second = await ask();
  const approve = second.message.buttons["Approve"]!;
  await disableOperator(it.deps, "cleo", "operator");
  expect(await told(telegram.press(approve, second.message, { account: 9 }))).toContain("not ours");
  expect([(await view(first.id)).status, (await view(second.id)).status]).toEqual(["waiting", "waiting"]);
  expect(await listChats(it.deps, machine)).toEqual([]);
});

test("C24 a code works once and not for who may only look, and the chat's newest owner is its only one", async () => {
  const who = { chat: "42", account: "7", accountName: "@ada" };
  const { code } = await newChatCode(it.deps, machine);
  expect(await linkChat(it.deps, { ...who, code })).toEqual({ operator: "operator" });
  expect(await linkChat(it.deps, { ...who, code })).toBeNull();
  const { message } = await ask();
  const vera = await operatorOf("vera", "viewer");
  expect(await linkChat(it.deps, { ...who, code: (await newChatCode(it.deps, vera)).code })).toBeNull();
  const dan = await operatorOf("dan", "approver");
  expect(await linkChat(it.deps, { ...who, account: "10", code: (await newChatCode(it.deps, dan)).code })).toEqual({
    operator: "@dan",
  });
  // What was sent while the chat was another's answers nothing, whoever presses.
  for (const account of [7, 10])
    expect(await told(telegram.press(message.buttons["Approve"]!, message, { account }))).toContain("not ours");
  const rows = JSON.stringify([
    await it.rows("chat_buttons"),
    await it.rows("chat_codes"),
    await listEvents(it.deps, { limit: 500 }),
  ]);
  for (const secret of [code, message.buttons["Approve"]!, botToken]) expect(rows).not.toContain(secret);
});

test("C24 of two gateways one asks at a time, and what was heard is not asked for again", async () => {
  expect(await takePollTurn(it.deps, { holder: "another gateway", leaseMs: 1_000 })).toBeNull();
  expect(telegram.conflicts()).toBe(0);
});
