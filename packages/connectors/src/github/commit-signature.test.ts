import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allowedSigner, commitKey, commitText, plainMessage, signedCommitSha } from "./commit-signature.ts";

const secret = "a secret of the gateway, long enough";
const author = { name: "cmo", email: "cmo@agents.aito.invalid" };
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "aito-signature-"));
  execFileSync("git", ["init", "--quiet", "--bare", folder]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const git = (args: string[], input = ""): string =>
  execFileSync("git", ["--git-dir", folder, ...args], { encoding: "utf8", input, stdio: ["pipe", "pipe", "pipe"] }).trim();

/** Puts the commit there as git itself would store it; its name. */
function store(text: string, signature: string): string {
  const end = text.indexOf("\n\n");
  const whole = `${text.slice(0, end)}\ngpgsig ${signature.replaceAll("\n", "\n ")}${text.slice(end)}`;
  return git(["hash-object", "-t", "commit", "-w", "--stdin"], whole);
}

/** What git says of a commit's signature: `G` good, `B` bad, `U` good by an unknown key, `N` none; and by whom. */
function verified(commit: string, signers: string[]): string {
  const file = join(folder, "allowed");
  writeFileSync(file, `${signers.join("\n")}\n`);
  return git(["-c", `gpg.ssh.allowedSignersFile=${file}`, "log", "-1", "--format=%G? %GS", commit]);
}

test("G04 git itself finds the signature of a commit good, and by the role that is its author", () => {
  const key = commitKey(secret, "cmo");
  const tree = git(["mktree"]);
  const message = plainMessage("Ümlaut und ✓\r\n\r\nWhy.\n\n\n");
  const text = commitText({ tree, parents: [], author, at: new Date("2026-11-21T12:00:00.789Z"), message });
  const signature = key.sign(text);
  const commit = store(text, signature);
  expect(signedCommitSha(text, signature)).toBe(commit);
  const line = allowedSigner(author.email, key);
  expect(verified(commit, [line])).toBe(`G ${author.email}`);
  expect(verified(commit, [allowedSigner("cfo@agents.aito.invalid", commitKey(secret, "cfo"))])).toMatch(/^U/);
  const changed = store(text.replace("Why.", "Now."), signature);
  expect(verified(changed, [line])).toMatch(/^B/);
  const next = commitText({ tree, parents: [commit], author, at: new Date(0), message: "Next\n" });
  expect(verified(store(next, key.sign(next)), [line])).toBe(`G ${author.email}`);
});

test("G04 a role's key is the same for the same secret, and another for every other role and secret", () => {
  expect(commitKey(secret, "cmo").publicKey).toBe(commitKey(secret, "cmo").publicKey);
  const others = [commitKey(secret, "cfo"), commitKey(`${secret}!`, "cmo")].map(({ publicKey }) => publicKey);
  expect(new Set([commitKey(secret, "cmo").publicKey, ...others]).size).toBe(3);
  expect(plainMessage("\n\na\r\n")).toBe("a\n");
});
