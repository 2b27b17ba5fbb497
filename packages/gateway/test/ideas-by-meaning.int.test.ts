import { systemClock } from "@aito/base";
import {
  authenticate,
  type CompanyDeps,
  listIdeas,
  meaningMsMax,
  meaningOfIdea,
  type NewIdea,
  proposeIdea as proposeMeant,
  sameIdeaFrom,
  likeness,
} from "@aito/company";
import { localEmbedder } from "@aito/connectors";
import type { Embedder } from "@aito/protocol";
import { sha256 } from "@aito/base";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chosenOn, heldOut, type Labelled } from "./labelled-ideas.ts";
import { openGateway, type TestGateway } from "./open-gateway.ts";

const embedder = localEmbedder({ clock: systemClock });
let it: TestGateway;
let session: Awaited<ReturnType<typeof authenticate>>;
beforeAll(async () => {
  it = await openGateway();
  session = await authenticate(it.deps, sha256((await it.enter("cmo")).session));
});
afterAll(async () => {
  await it.close();
  await embedder.close();
});

/** As the tool does it: its meaning first, then the transaction. */
const proposeIdea = async (deps: CompanyDeps, by: typeof session, given: NewIdea) =>
  await proposeMeant(deps, by, given, await meaningOfIdea(deps, given));
const idea = (title: string) => ({ title, text: "", kind: null, usd: 0 });
const withEmbedder = (given: Embedder, more: Partial<CompanyDeps> = {}): CompanyDeps => ({
  ...it.deps,
  embedder: given,
  ...more,
});

async function judge(pairs: Labelled[], by: "meaning" | "words"): Promise<number> {
  const vectors = await embedder.embed(pairs.flat());
  const cosine = (at: number): number => vectors[at]!.reduce((sum, value, n) => sum + value * vectors[at + 1]![n]!, 0);
  return pairs.filter(([a, b], at) => likeness(a, b, by === "meaning" ? cosine(at * 2) : null) >= sameIdeaFrom).length;
}

test.each([
  ["chosen on", chosenOn],
  ["held out", heldOut],
])(
  "L17 by meaning, ideas in other words are found and near-equal different ones are not merged: %s",
  async (name, { same, different }) => {
    const figures = async (by: "meaning" | "words") => {
      const [found, wrong] = [await judge(same, by), await judge(different, by)];
      return { precision: found / (found + wrong), recall: found / same.length };
    };
    const [meaning, words] = [await figures("meaning"), await figures("words")];
    const text = ({ precision, recall }: typeof meaning): string =>
      `precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}`;
    process.stdout.write(
      `ideas, ${name} (${same.length} same, ${different.length} different): by meaning ${text(meaning)}; by words ${text(words)}\n`,
    );
    expect(meaning.precision).toBeGreaterThanOrEqual(0.95);
    expect(meaning.recall).toBeGreaterThanOrEqual(0.65);
    expect(words.precision).toBeGreaterThanOrEqual(0.95);
    expect(meaning.recall).toBeGreaterThan(words.recall + 0.4);
  },
);

test("L17 an idea that says the same without a common word is merged; one that differs in one word is kept", async () => {
  const deps = withEmbedder(embedder);
  const first = await proposeIdea(deps, session, idea("A weekly newsletter about avoiding fraud"));
  expect(first.comparedBy).toBe("meaning");
  const again = await proposeIdea(deps, session, idea("A regular e-mail that teaches people how not to get scammed"));
  expect(again).toMatchObject({ status: "merged", mergedInto: first.id, comparedBy: "meaning" });
  await proposeIdea(deps, session, idea("Open an office in Berlin"));
  expect((await proposeIdea(deps, session, idea("Open an office in Lisbon"))).status).not.toBe("merged");
  expect((await listIdeas(deps)).find(({ id }) => id === first.id)).toMatchObject({ mentions: 2 });
});

test("L17 with a dead or silent embedder an idea is compared by words, and says so", async () => {
  const broken: Embedder = { ...embedder, embed: () => Promise.reject(new Error("no such host")) };
  expect(await proposeIdea(withEmbedder(broken), session, idea("Open an office in Madrid"))).toMatchObject({
    comparedBy: "words",
  });
  const waits: number[] = [];
  const clock = {
    ...it.deps.clock,
    after: (ms: number, run: () => void) => {
      waits.push(ms);
      const timer = setImmediate(run);
      return () => clearImmediate(timer);
    },
  };
  const silent: Embedder = { ...embedder, embed: () => new Promise(() => undefined) };
  const again = await proposeIdea(withEmbedder(silent, { clock }), session, idea("Open offices in Madrid"));
  expect(again).toMatchObject({ status: "merged", comparedBy: "words" });
  expect(waits).toEqual([meaningMsMax]);
});

test("L17 the embedder is asked while no transaction is open, and vectors of another model are left alone", async () => {
  const other: Embedder = {
    model: "another",
    dimensions: 2,
    // A query in here would be refused, or hang, inside the transaction.
    embed: async (texts) => {
      await listIdeas(it.deps);
      return texts.map(() => Float32Array.from([1, 0]));
    },
  };
  const first = await proposeIdea(withEmbedder(other), session, idea("Plant a tree for each order"));
  expect(first).toMatchObject({ comparedBy: "meaning" });
  expect(first.status).not.toBe("merged");
  const next = await proposeIdea(withEmbedder(embedder), session, idea("For every purchase we put a new tree in the ground"));
  expect(next.status).not.toBe("merged");
  const wrong: Embedder = { ...other, model: "lies about its length", dimensions: 3 };
  expect(await proposeIdea(withEmbedder(wrong), session, idea("Interview a customer"))).toMatchObject({ comparedBy: "words" });
});
