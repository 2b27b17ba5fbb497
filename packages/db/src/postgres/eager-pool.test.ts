import { sql } from "kysely";
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import { expect, test } from "vitest";
import { last, often } from "../together.ts";
import { type Asked, eagerClient } from "./eager-pool.ts";

const compiler = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});
const textOf = (of: string): string => last(sql`insert into ${sql.table(of)} values (${1})`).compile(compiler).sql;

const readOf = (of: string): string => often(sql`select id from ${sql.table(of)}`).compile(compiler).sql;

/** Keeps what is asked, and answers when told to. */
function server() {
  const asked: { text: string; name: string | null; answer(value: unknown): void; fail(error: Error): void }[] = [];
  const client: Asked = {
    release: () => undefined,
    query: (statement) =>
      new Promise((answer, fail) => {
        const { text, name } = typeof statement === "string" ? { text: statement, name: null } : statement;
        asked.push({ text, name, answer, fail });
      }),
  };
  const eager = eagerClient(client);
  const query = (text: string): Promise<unknown> =>
    (eager.query as (text: string, values: unknown[]) => Promise<unknown>)(text, []);
  return { asked, query, texts: () => asked.map(({ text }) => text) };
}

test("a transaction's begin goes with its first statement, and its commit with the last one", async () => {
  const { asked, query, texts } = server();
  await query("begin");
  const first = query("select 1");
  expect(texts()).toEqual(["begin", "select 1"]);
  asked[0]!.answer(null);
  asked[1]!.answer("one");
  expect(await first).toBe("one");
  await query(textOf("a"));
  const commit = query("commit");
  expect(texts().slice(2)).toEqual([textOf("a"), "commit"]);
  asked[2]!.answer(null);
  asked[3]!.answer("done");
  expect(await commit).toBe("done");
});

test("a last statement that fails fails the commit, whatever the server answers to that, and rolling back still works", async () => {
  const { asked, query } = server();
  await query("begin");
  await query(textOf("a"));
  const commit = query("commit");
  asked[0]!.answer(null);
  asked[1]!.fail(Object.assign(new Error("key"), { code: "23505" }));
  asked[2]!.answer({ command: "ROLLBACK" });
  await expect(commit).rejects.toMatchObject({ code: "23505" });
  const back = query("rollback");
  asked[3]!.answer("rolled back");
  expect(await back).toBe("rolled back");
});

test("a begin that fails under a last statement alone fails the commit, too", async () => {
  const { asked, query } = server();
  await query("begin");
  await query(textOf("a"));
  const commit = query("commit");
  asked[0]!.fail(new Error("no begin"));
  asked[1]!.answer(null);
  asked[2]!.answer(null);
  await expect(commit).rejects.toThrow("no begin");
});

test("what is undone after a last statement is undone, whatever that answers", async () => {
  const { asked, query } = server();
  await query("begin");
  await query(textOf("a"));
  const back = query("rollback");
  asked[1]!.fail(new Error("late"));
  asked[2]!.answer("rolled back");
  expect(await back).toBe("rolled back");
});

test("a last statement that comes again and again is prepared, at most ten of them a connection, and none that came a few times", async () => {
  const { asked, query } = server();
  for (let time = 0; time < 5; time += 1) for (let of = 0; of < 12; of += 1) await query(textOf(`t${of}`));
  expect(asked.filter(({ name }) => name !== null)).toHaveLength(10);
  await query(textOf("t0"));
  await query(textOf("t11"));
  const [again, never] = asked.slice(-2);
  expect([again!.name, never!.name]).toEqual([asked[48]!.name, null]);
  expect(new Set(asked.flatMap(({ name }) => name ?? []))).toHaveProperty("size", 10);
});

test("a read that is asked often is prepared from the first time on, at most 24 of them a connection", async () => {
  const { asked, query } = server();
  const told = (text: string): Promise<unknown> => {
    const answer = query(text);
    asked.at(-1)!.answer(null);
    return answer;
  };
  for (let time = 0; time < 2; time += 1) for (let of = 0; of < 25; of += 1) await told(readOf(`t${of}`));
  await told("select id from t0");
  const names = asked.map(({ name }) => name);
  expect(new Set(names.slice(0, 24))).toHaveProperty("size", 24);
  expect(names.slice(25, 49)).toEqual(names.slice(0, 24));
  expect(names.filter((name) => name === null)).toHaveLength(3);
});
