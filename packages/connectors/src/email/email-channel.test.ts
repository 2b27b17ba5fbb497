import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterEach, expect, test } from "vitest";
import type { NoticeMessage } from "../notice-channel.ts";
import { emailChannel } from "./email-channel.ts";

const servers: SMTPServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise<void>((done) => server.close(() => done()));
});

const message: NoticeMessage = {
  id: "01939f00-0000-7000-8000-000000000001",
  number: 1,
  title: "Sponsor\r\nBcc: victim@example.org \u202eit",
  facts: "$5,000.00 · critical · proposed by cmo",
  reason: "one against one",
  ballots: [{ voter: "dao", vote: "veto", reason: "Too dear; see https://evil.example/now" }],
  url: "http://127.0.0.1:7700/e/token",
  expiresAt: "2026-11-22T10:00:00.000Z",
  rehearsal: false,
  payload: {},
};

async function mailServer(options: SMTPServerOptions = {}) {
  const mails: { text: string; to: string[] }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    logger: false,
    onData: (stream, session, done) => {
      let text = "";
      stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
      stream.on("end", () => {
        mails.push({ text, to: session.envelope.rcptTo.map((each) => each.address) });
        done();
      });
    },
    ...options,
  });
  server.on("error", () => undefined);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { mails, port: (server.server.address() as AddressInfo).port };
}

const channel = (port: number, userPart = "") =>
  emailChannel({ smtpUrl: `smtp://${userPart}127.0.0.1:${port}`, from: "AITO <aito@acme.example>", to: "owner@acme.example" });

test("O16 a notice arrives by SMTP as plain text with the link; foreign text makes no header and no link", async () => {
  const { mails, port } = await mailServer();
  expect(await channel(port).send(message)).toEqual({ ok: true });
  expect(mails).toHaveLength(1);
  const { text, to } = mails[0]!;
  expect(to).toEqual(["owner@acme.example"]);
  expect(text).toContain(`Message-ID: <${message.id}@acme.example>`);
  expect(text).toMatch(/^Content-Type: text\/plain/m);
  expect(text).not.toMatch(/^Bcc:/im);
  expect(text.replaceAll(/=\r\n/g, "")).toContain("http://127.0.0.1:7700/e/token");
  expect(text.replaceAll(/=\r\n/g, "")).toContain('- dao: veto, "Too dear; see https[:]//evil[.]example/now"');
});

test("O16 the same notice has the same Message-ID at each attempt", async () => {
  const { mails, port } = await mailServer();
  await channel(port).send(message);
  await channel(port).send(message);
  const ids = mails.map(({ text }) => /^Message-ID: (.*)$/m.exec(text)![1]);
  expect(ids[0]).toBe(ids[1]);
});

test("O16 what the server refuses or never took has certainly not arrived; the password is in no error", async () => {
  const busy = await mailServer({
    onRcptTo: (_address, _session, done) => done(Object.assign(new Error("later"), { responseCode: 451 })),
  });
  expect(await channel(busy.port).send(message)).toEqual({ ok: false, arrived: "no", error: "the mail server answered 451" });
  const closed = await mailServer();
  await new Promise<void>((done) => servers.pop()!.close(() => done()));
  expect(await channel(closed.port).send(message)).toMatchObject({ ok: false, arrived: "no" });
  const locked = await mailServer({ onAuth: (_auth, _session, done) => done(new Error("wrong sesame-password")) });
  const refused = await channel(locked.port, "owner:sesame-password@").send(message);
  expect(refused).toMatchObject({ ok: false, arrived: "no" });
  expect(JSON.stringify(refused)).not.toContain("sesame-password");
});

test("O16 a server that takes the message and dies without an answer leaves it unknown", async () => {
  const { port } = await mailServer({
    onData: (stream, session) => {
      stream.resume();
      stream.on("end", () =>
        [...(servers[0]! as unknown as { connections: Set<{ id: string; close(): void }> }).connections]
          .filter((each) => each.id === session.id)
          .forEach((each) => each.close()),
      );
    },
  });
  expect(await channel(port).send(message)).toMatchObject({ ok: false, arrived: "unknown" });
});

test("O16 an address that is none is refused at once", () => {
  expect(() => emailChannel({ smtpUrl: "http://x", from: "a@b", to: "c@d" })).toThrowError(
    expect.objectContaining({ code: "AITO_CONFIG_INVALID" }),
  );
});
