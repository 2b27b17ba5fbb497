import { afterAll, beforeAll, expect, test } from "vitest";
import { listRecordings, pruneRecordings, readRecording, recordExchange, registerFleet, transact } from "../src/index.ts";
import { openCompany, type TestCompany, testFleet } from "./open-company.ts";

let company: TestCompany;
const record = async (recording?: { days: number; megabytes: number }): Promise<void> => {
  const fleet = testFleet();
  if (recording) fleet.file.recording = recording;
  await registerFleet(company.deps, fleet);
};
beforeAll(async () => {
  company = await openCompany();
  await record({ days: 7, megabytes: 1 });
});
afterAll(() => company.close());

const counts = () =>
  transact(company.deps, async (unit) => {
    const [texts, calls] = await Promise.all(
      ["recording_texts", "recordings"].map((table) => unit.queries.selectFrom(table).selectAll().execute()),
    );
    return [texts!.length, calls!.length];
  });

test("Y08 an exchange is kept without secrets, and equal texts are kept once", async () => {
  const [first, second] = [company.deps.newId(), company.deps.newId()];
  const exchange = { request: '{"key":"sk-ant-very-secret-0123456789"}', response: "data: ümläut 👩‍🚀\n\n", whole: true };
  await recordExchange(company.deps, { id: first, ...exchange });
  await recordExchange(company.deps, { id: second, ...exchange, whole: false });
  const kept = await readRecording(company.deps, first);
  expect(kept).toMatchObject({ ...exchange, request: '{"key":"[redacted key]"}', agent: null, run: null });
  expect(await readRecording(company.deps, second)).toMatchObject({ whole: false });
  await expect(readRecording(company.deps, company.deps.newId())).rejects.toMatchObject({
    code: "AITO_RECORDING_UNKNOWN",
    status: 404,
  });
  const listed = await listRecordings(company.deps, { limit: 10 });
  expect(listed.map(({ id, requestSha256 }) => [id, requestSha256])).toEqual(
    [second, first].map((id) => [id, kept.requestSha256]),
  );
  expect((await listRecordings(company.deps, { limit: 10, before: second })).map(({ id }) => id)).toEqual([first]);
  expect(await listRecordings(company.deps, { limit: 10, run: first })).toEqual([]);
  expect(await counts()).toEqual([2, 2]);
});

test("Y08 recordings end by age and by size, the oldest first, and all of them when the fleet file keeps none", async () => {
  company.clock.advance(8 * 86_400_000);
  await pruneRecordings(company.deps);
  expect(await counts()).toEqual([0, 0]);
  const { randomBytes } = await import("node:crypto");
  const ids: string[] = [];
  for (let index = 0; index < 4; index += 1) {
    const id = company.deps.newId();
    // Random text does not compress below three quarters.
    await recordExchange(company.deps, {
      id,
      request: randomBytes(300_000).toString("base64"),
      response: `${index}`,
      whole: true,
    });
    ids.push(id);
    company.clock.advance(120_000);
  }
  await pruneRecordings(company.deps);
  expect(
    await Promise.all(
      ids.map((id) =>
        readRecording(company.deps, id).then(
          () => true,
          () => false,
        ),
      ),
    ),
  ).toEqual([false, true, true, true]);
  await record();
  company.clock.advance(120_000);
  await pruneRecordings(company.deps);
  expect(await counts()).toEqual([0, 0]);
});
