import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig, silentLogger, systemClock } from "@aito/base";
import { GithubClient, GithubIssues } from "@aito/connectors";
import { type AppRegistration, type LocalGithub, startLocalGithub } from "@aito/local-github";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GithubConfig, githubFor } from "../src/git/github-for.ts";

const pair = (): { privateKey: string; publicKey: string } =>
  generateKeyPairSync("rsa", {
    modulusLength: 2_048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
const [first, second] = [pair(), pair()];
const place = { owner: "acme", repo: "site" };
const app: AppRegistration = {
  id: 4711,
  slug: "aito-works",
  owner: "acme",
  publicKeys: [first.publicKey],
  installations: [{ id: 9, account: "acme" }],
};
let folder: string;
let keyFile: string;
let github: LocalGithub;
/** Each look at the clock is seconds later, so that a changed file is seen at the next call. */
let at = systemClock.now().getTime();
const hurried = { ...systemClock, now: () => new Date((at += 3_000)) };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aito-github-app-"));
  keyFile = join(folder, "key");
  await writeFile(keyFile, first.privateKey);
  const server = { folder: join(folder, "github"), host: "127.0.0.1", port: 0, log: silentLogger, clock: systemClock };
  github = await startLocalGithub({ ...server, tokens: { "token-of-ann": "ann" }, apps: [app] });
  await github.addRepository({ owner: "acme", name: "site", files: { "a.md": "a\n" } });
  await github.addRepository({ owner: "others", name: "site" });
});
afterAll(async () => {
  await github?.close();
  await rm(folder, { recursive: true, force: true });
});

const write = async (text: string): Promise<void> => {
  await writeFile(`${keyFile}.new`, text);
  await rename(`${keyFile}.new`, keyFile);
};
const settings = (more: Record<string, string> = {}): Record<string, string> => ({
  AITO_GITHUB_URL: github.url,
  AITO_GITHUB_APP_ID: String(app.id),
  AITO_GITHUB_APP_INSTALLATION: "9",
  AITO_GITHUB_APP_KEY_FILE: keyFile,
  ...more,
});
const opened = (more: Record<string, string> = {}) => {
  const env = settings(more);
  const access = githubFor(readConfig(GithubConfig, env), env, { clock: hurried, log: silentLogger })!;
  const client = new GithubClient({ ...access, clock: systemClock, log: silentLogger, random: () => 0 });
  return {
    access,
    read: (owner = "acme") => client.call("main", (octokit) => octokit.git.getRef({ ...place, owner, ref: "heads/main" })),
  };
};
const tokensGiven = (): number => github.requests.filter((one) => one.endsWith("/access_tokens")).length;

test("X01 an app works by tokens of its installation: one for many calls, and only where it is installed", async () => {
  const { access, read } = opened();
  const before = tokensGiven();
  await Promise.all([read(), read(), read()]);
  await read();
  expect(tokensGiven() - before).toBe(1);
  await expect(read("others")).rejects.toMatchObject({ code: "AITO_GITHUB_UNKNOWN" });
  const issues = new GithubIssues({ ...access, repository: "acme/site", clock: systemClock });
  expect(await issues.login()).toBe("aito-works[bot]");
  expect(await issues.create({ title: "One", body: "", labels: [] })).toMatchObject({ author: "aito-works[bot]" });
});

test("X01 a token that GitHub no longer takes is replaced once, and what was asked is answered", async () => {
  const { read } = opened();
  await read();
  const before = tokensGiven();
  github.revokeAppTokens();
  expect((await read()).data.ref).toBe("refs/heads/main");
  expect(tokensGiven() - before).toBe(1);
});

test("X01 the app's key is rotated by its file, without a restart; a file that holds no key leaves the one that works", async () => {
  const { access, read } = opened();
  await read();
  await write("-----BEGIN RSA PRIVATE KEY-----\nhalf of a k");
  github.revokeAppTokens();
  await read();
  app.publicKeys = [second.publicKey];
  github.revokeAppTokens();
  await expect(read()).rejects.toMatchObject({ code: "AITO_GITHUB_REFUSED", fate: "human" });
  await write(second.privateKey);
  expect((await read()).data.ref).toBe("refs/heads/main");
  expect(await access.login!()).toBe("aito-works[bot]");
});

test("X01 half of an app, an app beside a token, and what is no key are refused at the start", () => {
  const problem = (more: Record<string, string>): unknown => {
    try {
      const env = settings(more);
      return githubFor(readConfig(GithubConfig, env), env, { clock: hurried, log: silentLogger });
    } catch (error) {
      return error;
    }
  };
  for (const more of [
    { AITO_GITHUB_APP_INSTALLATION: "" },
    { AITO_GITHUB_APP_ID: "" },
    { AITO_GITHUB_TOKEN: "a-token-as-well" },
    { AITO_GITHUB_APP_KEY_FILE: "", AITO_GITHUB_APP_KEY: "no key at all" },
    { AITO_GITHUB_APP_INSTALLATION: "x" },
  ] as Record<string, string>[]) {
    expect(problem(more)).toMatchObject({ code: "AITO_CONFIG_INVALID" });
  }
  const none = { AITO_GITHUB_APP_ID: "", AITO_GITHUB_APP_INSTALLATION: "", AITO_GITHUB_APP_KEY_FILE: "" };
  expect(problem(none)).toBeNull();
});
