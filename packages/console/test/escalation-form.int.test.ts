import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openFixtureConsole, origin } from "./open-fixture-console.ts";

const host = "127.0.0.1:7700";
let opened: Awaited<ReturnType<typeof openFixtureConsole>>;
beforeEach(async () => {
  opened = await openFixtureConsole();
});
afterEach(() => opened.close());

const get = (token: string) => opened.app.inject({ url: `/e/${token}`, headers: { host, accept: "text/html" } });
/** As Chromium posts the form: no referrer is told, so that the origin is `null`. */
const post = (token: string, fields: Record<string, string>, from = "null") =>
  opened.app.inject({
    method: "POST",
    url: `/e/${token}`,
    headers: {
      host,
      origin: from,
      "sec-fetch-site": "same-origin",
      accept: "text/html",
      "content-type": "application/x-www-form-urlencoded",
    },
    payload: new URLSearchParams(fields).toString(),
  });

describe("V12 the human's form", () => {
  test("GET shows what is asked, every vote with its reason, and what would run; and decides nothing", async () => {
    for (let times = 0; times < 3; times += 1) {
      const answer = await get(opened.token);
      expect(answer.statusCode).toBe(200);
      for (const text of [
        "REHEARSAL",
        "$5,000.00",
        "raised to critical",
        "25 % of what is left",
        "Prepare the booth",
        "content-writer",
        "no answer",
      ]) {
        expect(answer.body).toContain(text);
      }
    }
    expect(opened.calls).toEqual([]);
  });

  test("needs no script and loads nothing from elsewhere", async () => {
    const { body } = await get(opened.token);
    expect(body).not.toMatch(/<script|<[^>]*\s(on\w+|style)=|https?:\/\//i);
  });

  test("what agents wrote is inert, and what would be invisible is shown", async () => {
    const { body } = await get(opened.token);
    expect(body).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    // Whitespace in these is shown as it is: the template must add none.
    expect(body).toContain('<p class="foreign" dir="auto">Book the booth');
    expect(body).not.toMatch(/<img/);
    expect(body).toContain('<span class="hidden-character">U+202E</span>');
    for (const character of ["\u202e", "\u202c", "\u200b", "\u0007"]) expect(body).not.toContain(character);
  });

  test("the first POST decides; a second one is told the result and changes nothing", async () => {
    const first = await post(opened.token, { decision: "approve", comment: "Go, but cap travel." });
    expect(first.statusCode).toBe(200);
    expect(first.body).toContain("The decision was approved.");
    const second = await post(opened.token, { decision: "veto", comment: "" });
    expect(second.statusCode).toBe(409);
    expect(second.body).toContain("The decision was approved.");
    expect(opened.calls).toEqual([{ name: "answerByLink", args: [opened.token, "approve", "Go, but cap travel."] }]);
    expect((await get(opened.token)).statusCode).toBe(410);
  });

  test("two POSTs at the same moment: one decides", async () => {
    const answers = await Promise.all([post(opened.token, { decision: "approve" }), post(opened.token, { decision: "veto" })]);
    expect(answers.map((answer) => answer.statusCode).toSorted((a, b) => a - b)).toEqual([200, 409]);
  });

  test("sending back needs a question; another word is not an answer", async () => {
    expect((await post(opened.token, { decision: "send_back", comment: "  " })).statusCode).toBe(422);
    expect((await post(opened.token, { decision: "maybe" })).statusCode).toBe(422);
    expect((await post(opened.token, { decision: "send_back", comment: "What does a day cost?" })).statusCode).toBe(200);
  });

  test("expired and unknown links are plain pages with their own status", async () => {
    const expired = await get("expired");
    expect([expired.statusCode, expired.body.includes("still waits")]).toEqual([410, true]);
    expect((await post("expired", { decision: "approve" })).statusCode).toBe(410);
    const unknown = await get("aito_esc_nothing");
    expect([unknown.statusCode, unknown.body.includes("leads nowhere")]).toEqual([404, true]);
  });

  test("another site's page cannot post it", async () => {
    expect((await post(opened.token, { decision: "approve" }, "https://evil.example")).statusCode).toBe(403);
    expect((await post(opened.token, { decision: "approve" }, origin)).statusCode).toBe(200);
  });
});
