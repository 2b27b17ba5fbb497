import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { companyUnderTest, type CompanyUnderTest, waitFor } from "../src/index.ts";

/** Of this run alone: what a run left behind that was killed is in nobody's way. */
const slug = `edge-test-${process.pid}`;
const run = promisify(execFile);
const docker = async (...args: string[]): Promise<string> => (await run("docker", args, { timeout: 60_000 })).stdout.trim();
/** Prints what it is sent: a container of the company's own egress network, the only one that the gateway can leave by. */
const receiverProgram = `require("node:http").createServer((q, r) => {
  let body = ""; q.on("data", (c) => body += c); q.on("end", () => { console.log(body); r.writeHead(204).end(); });
}).listen(9000)`;

interface Notice {
  type: string;
  url: string;
  rehearsal: boolean;
  decision: { id: string };
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

describe("the company behind its TLS edge", () => {
  const folder = mkdtempSync(join(tmpdir(), "aito-edge-test-"));
  let company: CompanyUnderTest;
  let publicUrl: URL;
  let httpPort: number;
  let ca: string;
  let edgeAddress: string;
  let receiver = "";
  const edge = `aito-${slug}-edge-1`;

  /** As a browser outside asks: by the public address, with the certificate checked. */
  const ask = (path: string, given: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<Answer> =>
    answerOf(
      (done) =>
        httpsRequest(
          {
            host: "127.0.0.1",
            servername: "localhost",
            port: publicUrl.port,
            ca,
            path,
            method: given.method ?? "GET",
            headers: { host: publicUrl.host, ...given.headers },
          },
          done,
        ),
      given.body,
    );
  const signIn = async (headers: Record<string, string> = {}): Promise<{ cookie: string; answer: Answer }> => {
    const { url } = await company.json<{ url: string }>(["login"]);
    const link = new URL(url);
    expect(link.origin).toBe(publicUrl.origin);
    expect((await ask(link.pathname)).status).toBe(200);
    const answer = await ask(link.pathname, { method: "POST", headers: { origin: publicUrl.origin, ...headers } });
    return { answer, cookie: String(answer.headers["set-cookie"]).split(";")[0]! };
  };

  beforeAll(async () => {
    const [http, https] = await Promise.all([freePort(), freePort()]);
    httpPort = http;
    publicUrl = new URL(`https://localhost:${https}`);
    company = await companyUnderTest(slug, {
      AITO_WEBHOOK_URL: "http://receiver:9000/notices",
      AITO_WEBHOOK_SECRET: "the receiver's half of the secret",
      AITO_EDGE_TLS: "internal",
      AITO_PUBLIC_URL: publicUrl.origin,
      AITO_EDGE_ADDRESS: "127.0.0.1",
      AITO_EDGE_HTTP_PORT: String(http),
      AITO_EDGE_HTTPS_PORT: String(https),
    });
    await company.json(["up", "--engine", "docker", "--detach", "--fleet", company.pack], 900_000);
    const place = ["--network", `aito-${slug}_egress`, "--network-alias", "receiver"];
    const image = `aito-agent:${process.env["AITO_TAG"] ?? "latest"}`;
    receiver = await docker("run", "--detach", "--rm", ...place, "--entrypoint", "node", image, "-e", receiverProgram);
    const root = join(folder, "root.crt");
    await waitFor(
      () =>
        docker("cp", `${edge}:/data/caddy/pki/authorities/local/root.crt`, root).then(
          () => true,
          () => false,
        ),
      (there) => there,
      120_000,
    );
    ca = readFileSync(root, "utf8");
    edgeAddress = await docker("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", edge);
  }, 1_200_000);
  afterAll(async () => {
    if (receiver) await docker("rm", "--force", receiver).catch(() => "");
    await company.run(["down", "--volumes", "--yes"], 240_000);
    company.remove();
    rmSync(folder, { recursive: true, force: true });
  }, 300_000);

  test("V12 the public address answers over TLS 1.2 and newer alone, http leads there, and browsers are told to stay", async () => {
    const healthy = await waitFor(
      () => ask("/healthz").catch(() => null),
      (answer) => answer?.status === 200,
      120_000,
    );
    expect(healthy!.headers["strict-transport-security"]).toMatch(/^max-age=31536000/);
    expect(healthy!.headers["content-security-policy"]).toContain("script-src 'self'");
    const plain = await answerOf((done) =>
      httpRequest({ host: "127.0.0.1", port: httpPort, path: "/e/token?x=1", headers: { host: "localhost" } }, done),
    );
    expect([plain.status, plain.headers["location"]]).toEqual([308, `${publicUrl.origin}/e/token?x=1`]);
    await expect(handshake("TLSv1.1", publicUrl.port, ca)).rejects.toThrow(/protocol|handshake|alert|reset|unsupported/i);
    expect(await handshake("TLSv1.2", publicUrl.port, ca)).toBe("TLSv1.2");
  }, 240_000);

  test("V12 S16 a login link opens through the edge, its cookie is the edge's alone, and a foreign page signs nobody in", async () => {
    const { url } = await company.json<{ url: string }>(["login"]);
    const foreign = await ask(new URL(url).pathname, { method: "POST", headers: { origin: "https://evil.example" } });
    expect(foreign.status).toBe(403);
    const { answer, cookie } = await signIn();
    expect(answer.status).toBe(303);
    expect(cookie).toMatch(/^__Host-aito=/);
    expect(String(answer.headers["set-cookie"])).toMatch(/HttpOnly.*Secure.*SameSite=Strict/);
    expect((await ask("/api/v1/status", { headers: { cookie } })).status).toBe(200);
  }, 120_000);

  test("V12 who asks is written down as the edge saw them: neither what they claim nor the edge itself", async () => {
    const claimed = "203.0.113.99";
    const { cookie } = await signIn({ "x-forwarded-for": claimed, "x-real-ip": claimed, forwarded: `for=${claimed}` });
    const { items } = JSON.parse((await ask("/api/v1/sessions?limit=1", { headers: { cookie } })).body) as {
      items: { address: string; current: boolean }[];
    };
    expect(items[0]!.address).not.toBe("");
    expect([claimed, edgeAddress]).not.toContain(items[0]!.address);
  }, 120_000);

  test("C24 O16 the link of a notice that was sent opens its form from outside, and the answer that it takes counts", async () => {
    const notices = async (): Promise<Notice[]> =>
      (await docker("logs", receiver)).split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Notice] : []));
    const told = await waitFor(notices, (all) => all.some(({ type }) => type === "escalation.waiting"), 240_000);
    const notice = told.find(({ type }) => type === "escalation.waiting")!;
    const link = new URL(notice.url);
    expect([link.origin, notice.rehearsal]).toEqual([publicUrl.origin, true]);
    const form = await ask(link.pathname);
    expect(form.status).toBe(200);
    expect(form.body).toContain("REHEARSAL");
    const answer = await ask(link.pathname, {
      method: "POST",
      headers: { origin: publicUrl.origin, "content-type": "application/x-www-form-urlencoded" },
      body: "decision=veto&comment=Not+this+year.",
    });
    expect(answer.status).toBe(200);
    const { cookie } = await signIn();
    const decision = await waitFor(
      async () =>
        JSON.parse((await ask(`/api/v1/decisions/${notice.decision.id}`, { headers: { cookie } })).body) as {
          status: string;
          humanComment: string | null;
        },
      ({ status }) => status !== "escalated",
      60_000,
    );
    expect(decision).toMatchObject({ status: "vetoed", humanComment: "Not this year." });
  }, 300_000);

  test("V12 only the console on the loopback and the edge's two ports are published", async () => {
    const rows = await docker("ps", "--filter", `label=aito.company=${slug}`, "--format", "{{.Names}}\t{{.Ports}}");
    const published = rows.split("\n").flatMap((row) => {
      const [name = "", ports = ""] = row.split("\t");
      return [...ports.matchAll(/(\S+):(\d+)->(\d+)\/tcp/g)].map(([, host, , inside]) => `${name} ${host} ${inside}`);
    });
    expect(published.toSorted()).toEqual(
      [`aito-${slug}-console-1 127.0.0.1 7700`, `${edge} 127.0.0.1 443`, `${edge} 127.0.0.1 80`].toSorted(),
    );
  });
});

function answerOf(make: (done: (response: IncomingMessage) => void) => ClientRequest, body = ""): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = make((response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      response.on("error", reject);
    });
    request.setTimeout(30_000, () => request.destroy(new Error("no answer within 30 s")));
    request.on("error", reject);
    request.end(body);
  });
}

function handshake(version: "TLSv1.1" | "TLSv1.2", port: string, ca: string): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: "127.0.0.1",
      port: Number(port),
      servername: "localhost",
      ca,
      minVersion: version,
      maxVersion: version,
      // Old versions are not spoken at the default level of security; here it is the other side that must refuse.
      ciphers: "DEFAULT@SECLEVEL=0",
    });
    socket.once("secureConnect", () => (resolve(socket.getProtocol()), socket.destroy()));
    socket.once("error", reject);
    socket.setTimeout(30_000, () => socket.destroy(new Error("no handshake within 30 s")));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
