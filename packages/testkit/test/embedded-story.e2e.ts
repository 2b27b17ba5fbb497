import { execFileSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { verifyWebhook } from "@aito/connectors";
import type { ChangeRecord, ChangeSummary } from "@aito/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { companyUnderTest, type CompanyUnderTest, waitFor } from "../src/index.ts";
import { tellChange } from "./story/change-story.ts";
import { tellStory } from "./story/story.ts";

const secret = "the receiver's half of the secret";
const noticed: string[] = [];
let receiver: Server;
let company: CompanyUnderTest;
let up: unknown;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const good = verifyWebhook({ secret, headers: request.headers, body, now: new Date() });
      // Approvals and alerts are told here, too; the story asks about decisions.
      const about = good ? (JSON.parse(body) as { decision?: { id: string } }).decision : undefined;
      if (about) noticed.push(about.id);
      response.writeHead(good ? 204 : 401).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/notices`;
  company = await companyUnderTest("story-embedded", { AITO_WEBHOOK_URL: url, AITO_WEBHOOK_SECRET: secret });
  up = await company.json(["up", "--engine", "embedded", "--detach", "--fleet", company.pack], 120_000);
});
afterAll(async () => {
  await company.run(["down"]);
  company.remove();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

describe("the story, embedded", () => {
  test("O17 `up --detach --json` ends with the documented line", () => {
    expect(up).toEqual({ console: `http://127.0.0.1:${company.port}`, engine: "embedded", model: "REHEARSAL" });
  });

  tellStory(() => ({ company, noticed: () => Promise.resolve(noticed) }));

  tellChange(() => ({
    company,
    // By git alone, over the bare repository.
    mergedAs: (repository, number) => {
      const bare = `${company.folder}/.aito/github/${repository}.git`;
      const args = ["--git-dir", bare, "log", "--format=%H", `--grep=^Merge #${number}:`, "main"];
      return Promise.resolve(execFileSync("git", args, { encoding: "utf8" }).trim() || null);
    },
  }));

  test("A10 G05 a code-reviewer reads the real diff of a change of code and marks its lines, before the reviewer decides", async () => {
    const title = "Notes on the sign-up page";
    const work = ["--task-title", `Write ${title}`, "--worker", "content-writer"];
    await company.json(["propose", "--by", "cto", "--type", "minor", "--usd", "50", "--title", title, ...work]);
    const website = ({ repository }: ChangeSummary): boolean => repository.endsWith("/shiba-classic-website");
    const all = await waitFor(
      () => company.json<ChangeSummary[]>(["changes"]),
      (seen) => seen.some((each) => website(each) && each.status === "merged"),
      240_000,
    );
    const change = await company.json<ChangeRecord>(["changes", "show", all.find(website)!.id]);
    const [review] = change.reviews;
    expect(review!.by).toMatch(/^code-reviewer-/);
    expect(review!.comments.length).toBeGreaterThan(0);
    const bare = `${company.folder}/.aito/github/${change.repository}.git`;
    for (const { path, line, body } of review!.comments) {
      const args = ["--git-dir", bare, "show", `${review!.commit}:${path}`];
      const text = execFileSync("git", args, { encoding: "utf8" }).split("\n")[line - 1]!;
      // The texts of the rehearsal have long lines; that is what there is to mark.
      expect({ body, long: text.length > 160 }).toEqual({ body: expect.stringContaining("long line"), long: true });
    }
    expect(change.reviews.slice(1).map(({ by, verdict }) => `${by} ${verdict}`)).toEqual(["ceo request_changes", "ceo approve"]);
    expect(change.mergedBy).toBe("cto");
  });

  test("a second `up` in the same folder refuses, and nothing is lost", async () => {
    const before = await company.json<unknown[]>(["decisions"]);
    const second = await company.run(["up", "--engine", "embedded", "--detach", "--fleet", company.pack, "--port", "0"]);
    expect(second.code).toBe(78);
    expect(second.stderr).toMatch(/already|holds|runs/);
    expect(await company.json<unknown[]>(["decisions"])).toEqual(before);
  });

  test("O05 after a kill -9 the same folder starts with everything that was recorded", async () => {
    const before = await company.json<{ id: string }[]>(["decisions"]);
    const { readFileSync } = await import("node:fs");
    const pid = (JSON.parse(readFileSync(`${company.folder}/.aito/instance.json`, "utf8")) as { pid: number }).pid;
    process.kill(pid, "SIGKILL");
    await company.json(["up", "--engine", "embedded", "--detach", "--fleet", company.pack], 120_000);
    const after = await company.json<{ id: string }[]>(["decisions"]);
    expect(after.map((each) => each.id)).toEqual(expect.arrayContaining(before.map((each) => each.id)));
    expect(await company.json(["events", "verify"])).toMatchObject({ ok: true });
  });
});
