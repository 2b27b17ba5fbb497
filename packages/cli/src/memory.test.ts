import type { AskAnswer } from "@aito/protocol";
import { afterEach, expect, test } from "vitest";
import { aito, fakeConsole, folderFor } from "./testing/fake-console.ts";
import { ids } from "./testing/samples.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function company(table: Record<string, unknown>) {
  const console_ = await fakeConsole(table);
  open.push(console_);
  const folder = folderFor(console_.url);
  return (...args: string[]) => aito([...args, "--folder", folder]);
}

const answer = (change: Partial<AskAnswer> = {}): AskAnswer => ({
  question: "What did the CTO do today?",
  agents: ["cto"],
  days: [],
  told: true,
  by: "meaning",
  evidence: [
    {
      kind: "history",
      id: ids.event,
      at: "2026-03-03T10:00:00.000Z",
      who: "cto",
      text: "renewed \u001b[2Jit",
      source: "outside",
      why: [],
    },
  ],
  prose: null,
  noProse: null,
  ...change,
});

test("C20 ask lists the evidence with citations, names what is from outside, and steers no terminal", async () => {
  const run = await company({ "POST /api/v1/ask": answer() });
  const shown = await run("ask", "What", "did", "the", "CTO", "do", "today?");
  expect(shown).toMatchObject({ code: 0, err: "" });
  expect(shown.out).toContain(`[history ${ids.event}]`);
  expect(shown.out).toContain("(from outside)");
  expect(shown.out).not.toContain("\u001b");
  expect(JSON.parse((await run("ask", "x", "--json")).out)).toEqual(answer());
});

test("C20 an answer in sentences shows their records, and which numbers those do not have", async () => {
  const prose = { model: "m", sentences: [{ text: "It was renewed 3 times.", cites: [0], doubtful: ["3"] }], dropped: 2 };
  const run = await company({ "POST /api/v1/ask": answer({ prose }) });
  const { out, err } = await run("ask", "What?");
  expect(out).toContain("It was renewed 3 times. [1]  (not in these records: 3)\n");
  expect(out).toMatch(/^\[1\] 2026-03-03 10:00 {2}cto: renewed/m);
  expect(err).toContain("2 sentences of m cited no record");
});

test("Q03 memory search tells where each memory comes from", async () => {
  const item = {
    id: ids.event,
    at: "2026-03-03T10:00:00.000Z",
    agent: "cmo",
    client: null,
    type: "task",
    text: "zebras are \u001b[2Jstriped",
    source: "outside",
    sourceRef: "https://example.test",
    run: null,
    record: null,
    why: ["shares words: place 1"],
    embeddedBy: null,
    setAside: "planted",
  };
  const run = await company({ "POST /api/v1/memory/search": { by: "words", told: true, items: [item] } });
  const { out } = await run("memory", "search", "zebras", "--quarantined");
  expect(out).toContain("cmo: zebras are");
  expect(out).toContain("(from https://example.test)  (set aside: planted)");
  expect(out).not.toContain("\u001b");
  expect((await run("memory", "search", "--source", "nowhere")).code).toBe(2);
});

test("C23 ask says when the records do not tell", async () => {
  const run = await company({ "POST /api/v1/ask": answer({ told: false, evidence: [] }) });
  expect((await run("ask", "Which elephant?")).out).toBe("The records do not tell.\n");
});

test("D03 memory shows how far it is embedded; reindex ends when all is done; forget names exactly one thing", async () => {
  const view = {
    embedder: "use-lite-en",
    total: 12,
    embedded: 12,
    putOff: 0,
    summaries: { total: 2, embedded: 2 },
    models: [{ model: "use-lite-en", memories: 12 }],
  };
  const run = await company({ "GET /api/v1/memory": view, "POST /api/v1/memory/forget": { memories: 3, summaries: 1 } });
  expect((await run("memory")).out).toContain("12 memories, 12 of them embedded by use-lite-en");
  expect(JSON.parse((await run("memory", "reindex", "--json")).out)).toEqual(view);
  expect((await run("memory", "forget", "--run", ids.event, "--reason", "planted")).out).toContain(
    "3 memories set aside, 1 summaries",
  );
  expect((await run("memory", "forget", "--reason", "planted")).code).toBe(2);
  expect((await run("memory", "forget", "--run", ids.event, "--client", "x", "--reason", "planted")).code).toBe(2);
  expect((await run("memory", "forget", "--client", "x")).code).toBe(2);
});
