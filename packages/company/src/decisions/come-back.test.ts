import { expect, test } from "vitest";
import { type Content, contentDigest, isSameMatter, judgeComeBack } from "./come-back.ts";

const content: Content = {
  title: "Sponsor the winter conference",
  description: "A booth and two talks in the main hall, with a banner.",
  kind: "Strategic partnerships",
  amountMicroUsd: 5_000_000_000n,
};
const vetoed = (changes: Partial<Content> = {}, at = "2026-03-02T09:00:00Z") => {
  const all = { ...content, ...changes };
  return { ...all, id: "earlier", content_digest: contentDigest(all), resolved_at: new Date(at) };
};
const judge = (changes: Partial<Content>, now: string) =>
  judgeComeBack({ ...content, ...changes }, [vetoed()], { coolOffHours: 24, now: new Date(now) });

test("V13 an unchanged proposal stays vetoed for ever; spelling is no change", () => {
  expect(judge({ title: "SPONSOR the  winter conference!" }, "2027-01-01T00:00:00Z")).toMatchObject({
    code: "AITO_DECISION_UNCHANGED",
    earlier: "earlier",
  });
});

test("V13 a changed one waits for the end of the cool-off", () => {
  const cheaper = { amountMicroUsd: 900_000_000n };
  expect(judge(cheaper, "2026-03-03T08:59:59Z")).toEqual({
    code: "AITO_DECISION_COOL_OFF",
    earlier: "earlier",
    until: new Date("2026-03-03T09:00:00Z"),
  });
  expect(judge(cheaper, "2026-03-03T09:00:00Z")).toBeNull();
});

test("V13 another wording of the same matter is within the cool-off, another matter is not", () => {
  expect(isSameMatter({ ...content, title: "Sponsor a winter conference" }, content)).toBe(true);
  expect(judge({ title: "Sponsor a winter conference" }, "2026-03-02T10:00:00Z")).toMatchObject({
    code: "AITO_DECISION_COOL_OFF",
  });
  expect(judge({ title: "A mailing tool", description: "Letters to new members." }, "2026-03-02T10:00:00Z")).toBeNull();
});

test("V13 kind and amount are part of what is proposed", () => {
  const digests = [content, { ...content, kind: null }, { ...content, amountMicroUsd: 1n }].map(contentDigest);
  expect(new Set(digests).size).toBe(3);
});
