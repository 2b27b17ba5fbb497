import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "@aito/base";
import { afterEach, expect, test } from "vitest";
import { aito, fakeConsole, folderFor } from "./testing/fake-console.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const company = "01900000-0000-7000-8000-000000000001";
const at = "2026-11-20T12:00:00.000Z";

/** An export of three events, each bound to those before it, as a company writes it. */
function history(): { lines: string[]; heads: string[] } {
  let prev = "0".repeat(64);
  const heads: string[] = [];
  const events = [1, 2, 3].map((seq) => {
    const body = JSON.stringify({
      at,
      company,
      id: `e${seq}`,
      payload: {},
      source: "system",
      target: null,
      type: "agent.active",
      v: 1,
    });
    const hash = sha256(`${prev}\n${seq}\n${body}`);
    const line = JSON.stringify({ kind: "event", seq: String(seq), prev, hash, body });
    heads.push(hash);
    prev = hash;
    return line;
  });
  const first = JSON.stringify({ kind: "export", v: 1, company, at, count: "3" });
  return { lines: [first, ...events, JSON.stringify({ kind: "end", events: "3", decisions: 0 })], heads };
}

const anchorLine = (count: number, head: string): string =>
  `${JSON.stringify({ v: 1, company, at, count: String(count), head })}\n`;
const folder = (): string => mkdtempSync(join(tmpdir(), "aito-history-"));

async function withConsole(text: string) {
  const console_ = await fakeConsole({ "GET /api/v1/events/export": text });
  open.push(console_);
  const place = folderFor(console_.url);
  return (...args: string[]) => aito([...args, "--folder", place]);
}

test("Y14 an export is written whole, for the operator alone, and is checked with no company running", async () => {
  const { lines, heads } = history();
  const run = await withConsole(`${lines.join("\n")}\n`);
  const file = join(folder(), "history.ndjson");
  expect(JSON.parse((await run("events", "export", "--file", file, "--json")).out)).toEqual({ file, lines: 5 });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await run("events", "export")).out).toBe(readFileSync(file, "utf8"));
  const verified = await aito(["events", "verify", "--file", file, "--json"]);
  expect(verified).toMatchObject({ code: 0 });
  expect(JSON.parse(verified.out)).toEqual({ ok: true, count: 3, head: heads[2] });
  expect(verified.err).toContain("held against no anchor");
});

test("Y14 an export that breaks off is no file and no success", async () => {
  const { lines } = history();
  const run = await withConsole(`${lines.slice(0, 3).join("\n")}\n`);
  const where = folder();
  const ran = await run("events", "export", "--file", join(where, "history.ndjson"));
  expect(ran.code).not.toBe(0);
  expect(ran.err).toContain("cut short");
  expect(readdirSync(where)).toEqual([]);
});

test("Y14 verify --file finds an edit, a gap, a swap, and against the anchors a tail that was cut with care", async () => {
  const { lines, heads } = history();
  const where = folder();
  const verify = async (changed: string[], ...more: string[]) => {
    const file = join(where, "history.ndjson");
    writeFileSync(file, `${changed.join("\n")}\n`);
    return await aito(["events", "verify", "--file", file, ...more]);
  };
  const broken = {
    edit: lines.with(2, lines[2]!.replace("system", "sistem")),
    gap: lines.toSpliced(2, 1),
    swap: lines.with(1, lines[2]!).with(2, lines[1]!),
  };
  for (const changed of Object.values(broken)) {
    expect(await verify(changed)).toMatchObject({ code: 1, err: expect.stringContaining("the chain is broken: event") });
  }
  const cut = [...lines.slice(0, 3), JSON.stringify({ kind: "end", events: "2", decisions: 0 })];
  expect(await verify(cut)).toMatchObject({ code: 0 });
  const anchors = join(where, "anchors.ndjson");
  writeFileSync(anchors, anchorLine(1, heads[0]!) + anchorLine(3, heads[2]!));
  expect(await verify(lines, "--anchors", anchors)).toMatchObject({
    code: 0,
    err: expect.stringContaining("2 anchors kept apart"),
  });
  expect(await verify(cut, "--anchors", anchors)).toMatchObject({ code: 1, err: expect.stringContaining("the end is cut off") });
});

test("Y14 a file that is none, or not an export, is refused in words", async () => {
  const where = folder();
  expect(await aito(["events", "verify", "--file", join(where, "none")])).toMatchObject({
    err: expect.stringContaining("there is no file"),
  });
  writeFileSync(join(where, "hostile"), "\u001b[2J\u202egnp.exe\n");
  const ran = await aito(["events", "verify", "--file", join(where, "hostile")]);
  expect(ran).toMatchObject({ code: 1, err: expect.stringContaining("line 1 is not a line of an export") });
  expect(["\u001b", "\u202e"].filter((each) => ran.err.includes(each))).toEqual([]);
  writeFileSync(join(where, "anchors"), "none\n");
  expect(await aito(["events", "verify", "--file", join(where, "hostile"), "--anchors", join(where, "anchors")])).toMatchObject({
    err: expect.stringContaining("there is no anchor in"),
  });
  expect(await aito(["events", "verify", "--anchors", join(where, "anchors")])).toMatchObject({
    err: expect.stringContaining("--anchors goes with --file"),
  });
  expect(existsSync(join(where, "none"))).toBe(false);
});
