import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import type { CompanyUnderTest } from "../../src/index.ts";

const run = promisify(execFile);
const bytesMax = 256 * 1024 * 1024;

/** Both streams: a program's log is on stderr. A failure is an answer like any other: it must not tell a secret either. */
const docker = async (...args: string[]): Promise<string> => {
  const found = await run("docker", args, { timeout: 60_000, maxBuffer: bytesMax }).catch(
    (error: { stdout?: string; stderr?: string }) => ({ stdout: error.stdout ?? "", stderr: error.stderr ?? "" }),
  );
  return `${found.stdout}${found.stderr}`;
};
const lines = (text: string): string[] => text.split("\n").filter(Boolean);

/** A place where no secret may stand, and what stands there. */
export interface Place {
  name: string;
  text: string;
}

const insideText = (id: string, ...command: string[]): Promise<string> => docker("exec", id, ...command);
const fileIn = (id: string, path: string): Promise<string> => insideText(id, "node", "-p", `fs.readFileSync("${path}","utf8")`);

const containersOf = async (slug: string): Promise<{ id: string; name: string; service: string }[]> =>
  lines(
    await docker(
      "ps",
      "-a",
      "--no-trunc",
      "--filter",
      `label=aito.company=${slug}`,
      "--format",
      '{{.ID}} {{.Names}} {{.Label "com.docker.compose.service"}}',
    ),
  ).map((line) => {
    const [id = "", name = "", service = ""] = line.split(" ");
    return { id, name, service };
  });

/** The secrets that the company made for itself, by kind, read where each is kept. */
export async function ownSecrets(company: CompanyUnderTest): Promise<Record<string, string>> {
  const found = new Map((await containersOf(company.slug)).map(({ id, service }) => [service, id]));
  const of = (service: string): string => found.get(service)!;
  return {
    "database password": (await insideText(of("postgres"), "cat", "/secrets/password")).trim(),
    "programs' database password": new URL(await fileIn(of("console"), "/secrets/postgres-url")).password,
    "Redis password": (await insideText(of("redis"), "cat", "/secrets/password")).trim(),
    "link key": (await fileIn(of("gateway"), "/secrets/link-key")).trim(),
    "receipt key": (await fileIn(of("gateway"), "/secrets/receipt-key")).trim(),
    "operator key": readFileSync(join(company.folder, ".aito/operator-key"), "utf8").trim(),
  };
}

/** What a process of each container has in its environment and arguments, as the machine's root sees it. */
async function processesOf(id: string): Promise<string> {
  const pids = lines(await docker("top", id, "-eo", "pid")).slice(1);
  return pids
    .flatMap((pid) =>
      ["environ", "cmdline"].map((file) => {
        try {
          return readFileSync(`/proc/${pid.trim()}/${file}`, "utf8");
        } catch {
          return "";
        }
      }),
    )
    .join("\n");
}

const dumpAll = '"$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)"/pg_dump --username=aito aito';
const recordings = `psql --username=aito --dbname=aito --tuples-only --no-align --command="select replace(encode(gzip, 'base64'), E'\\n', '') from recording_texts"`;
const recordedTexts = (rows: string): string =>
  lines(rows)
    .map((row) => gunzipSync(Buffer.from(row, "base64")).toString())
    .join("\n");
const redisFiles = "cat /data/appendonlydir/* /run/aito/users.acl";
const redisUsers =
  "redis-cli -s /link/redis/redis.sock --no-auth-warning --user control --pass \"$(cat /secrets/password)\" EVAL \"return redis.call('ACL', 'LIST')\" 0";

/** Everything that somebody who looks at a running company gets to see, without the volumes in which secrets are kept. */
export async function visiblePlaces(company: CompanyUnderTest, operatorKey: string): Promise<Place[]> {
  const containers = await containersOf(company.slug);
  const images = new Set<string>();
  const places: Place[] = [];
  for (const { id, name, service } of containers) {
    const inspected = await docker("inspect", id);
    images.add((JSON.parse(inspected) as { Image: string }[])[0]!.Image);
    places.push({ name: `docker inspect ${name}`, text: inspected });
    places.push({ name: `docker logs ${name}`, text: await docker("logs", id) });
    places.push({ name: `environment and arguments of ${name}`, text: await processesOf(id) });
    if (service === "postgres") {
      places.push({ name: "database dump", text: await insideText(id, "sh", "-c", dumpAll) });
      places.push({ name: "recordings", text: recordedTexts(await insideText(id, "sh", "-c", recordings)) });
    }
    if (service === "redis") {
      places.push({ name: "Redis' files", text: await insideText(id, "sh", "-c", redisFiles) });
      places.push({ name: "Redis' users", text: await insideText(id, "sh", "-c", redisUsers) });
    }
  }
  for (const image of images) {
    places.push({ name: `image ${image.slice(0, 19)}`, text: await docker("inspect", image) });
    places.push({ name: `layers of ${image.slice(0, 19)}`, text: await docker("history", "--no-trunc", image) });
  }
  return [...places, ...(await answersOf(company, operatorKey))];
}

const paths = [
  "status",
  "decisions",
  "escalations",
  "ideas",
  "acceptance",
  "memory",
  "costs",
  "budgets",
  "success",
  "publications",
]
  .concat([
    "keys",
    "tasks",
    "workers",
    "messages",
    "events",
    "events/export",
    "session",
    "switches?all=1",
    "agents/ceo",
    "agents/ceo/why",
  ])
  .map((path) => `/api/v1/${path}`);

/** What the console answers: pages, the API, and what it says of requests that are wrong. Working links are for the operator alone. */
async function answersOf(company: CompanyUnderTest, operatorKey: string): Promise<Place[]> {
  const base = `http://127.0.0.1:${company.port}`;
  const key = { authorization: `Bearer ${operatorKey}` };
  const asked = async (name: string, path: string, init: RequestInit = {}): Promise<Place> => {
    const answer = await fetch(base + path, { redirect: "manual", ...init, signal: AbortSignal.timeout(30_000) });
    return { name, text: `${JSON.stringify([...answer.headers])}\n${await answer.text()}` };
  };
  const answers = await Promise.all(paths.map((path) => asked(`GET ${path}`, path, { headers: key })));
  const json = { ...key, "content-type": "application/json" };
  const wrong = [
    asked("the page", "/"),
    asked("a page that is not there", "/nowhere", { headers: key }),
    asked("a form that is not there", "/e/aito_esc_nothing"),
    asked("an unknown key", "/api/v1/status", { headers: { authorization: "Bearer aito_op_nothing" } }),
    asked("a body that is no JSON", "/api/v1/proposals", { method: "POST", headers: json, body: "{" }),
    asked("a body that lacks everything", "/api/v1/switches", { method: "POST", headers: json, body: "{}" }),
  ];
  return [...answers, ...(await Promise.all(wrong))];
}

/** The kinds of secret that show, and where; a working link in an answer to the operator's own key is meant to. */
export function shown(places: Place[], secrets: Record<string, string>): string[] {
  return Object.entries(secrets).flatMap(([kind, secret]) =>
    places.filter(({ text }) => text.includes(secret)).map(({ name }) => `${kind} in ${name}`),
  );
}
