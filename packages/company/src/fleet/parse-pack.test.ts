import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isAitoError } from "@aito/base";
import { expect, test } from "vitest";
import { startedBy } from "../grants/shield.ts";
import { loadPack } from "./load-pack.ts";
import { parsePack } from "./parse-pack.ts";

const folder = fileURLToPath(new URL("../../../../profiles/aito/", import.meta.url));
const fleetPath = join(folder, "fleet.yaml");
const fleetText = readFileSync(fleetPath, "utf8");

function failure(run: () => unknown): string[] {
  try {
    run();
  } catch (error) {
    if (!isAitoError(error, "AITO_FLEET_INVALID")) throw error;
    expect(error.fate).toBe("human");
    return error.message.split("\n");
  }
  return expect.unreachable();
}

const withFleet =
  (yaml: string) =>
  (path: string): string | null => {
    if (path === "pack/fleet.yaml") return yaml;
    try {
      return readFileSync(join(folder, path.replace(/^pack\//, "")), "utf8");
    } catch {
      return null;
    }
  };
const problemsOf = (yaml: string): string[] => failure(() => parsePack(withFleet(yaml), "pack/fleet.yaml"));

test("P01 the company's pack loads with its seven roles, four worker types and the seed's intervals", async () => {
  const fleet = await loadPack(fleetPath);
  const hours = Object.keys(fleet.file.roles).map((role) => [role, fleet.profiles[role]!.profile.loop.intervalSeconds / 3_600]);
  expect(Object.fromEntries(hours)).toEqual({ ceo: 1, dao: 1, cmo: 4, cto: 1, cfo: 6, coo: 2, cco: 24 });
  expect(Object.keys(fleet.file.workers)).toEqual(["content-writer", "code-reviewer", "analyst", "support-bot"]);
  expect(fleet.file.kickoff?.goal).toContain("$400");
  const repositories = Object.keys(fleet.profiles).map((name) => [name, fleet.profiles[name]!.profile.git?.repository ?? null]);
  expect(Object.fromEntries(repositories)).toEqual({
    ceo: "og-shibaclassic/*",
    dao: "og-shibaclassic/shiba-dao",
    cmo: "og-shibaclassic/shiba-social",
    cto: "og-shibaclassic/shiba-classic-website",
    cfo: "og-shibaclassic/shiba-treasury",
    coo: "og-shibaclassic/shiba-community",
    cco: "og-shibaclassic/shiba-legal",
    "content-writer": null,
    "code-reviewer": null,
    analyst: null,
    "support-bot": null,
  });
});

test("P04 every profile of the pack names the limits $100 and $1000", async () => {
  const fleet = await loadPack(fleetPath);
  for (const [name, { profile }] of Object.entries(fleet.profiles)) {
    expect([name, profile.authority.majorAboveMicroUsd, profile.authority.criticalAboveMicroUsd]).toEqual([
      name,
      "100000000",
      "1000000000",
    ]);
  }
});

test("P05 every standing role has an action that asks the model at its own pace, so that the company keeps moving", async () => {
  const fleet = await loadPack(fleetPath);
  for (const role of Object.keys(fleet.file.roles)) {
    expect(
      fleet.profiles[role]!.profile.loop.actions.filter((action) => action.creative),
      role,
    ).not.toEqual([]);
  }
});

const upstream = (more: string): string =>
  `  workers: claude-haiku-5-5\n  upstreams: { own: { speaks: chat, baseUrl: "http://127.0.0.1:1/v1", models: [a], ${more} } }`;

const cases: [name: string, from: string | RegExp, to: string, expected: RegExp][] = [
  ["an unknown key", "lead: ceo", "leader: ceo", /:\d+:1: expected one of the keys version, .*found the unknown key "leader"/],
  [
    "an unknown key inside",
    "deadlineSeconds: 300",
    "deadline: 300",
    /:\d+:36: expected one of the keys everySeconds, deadlineSeconds at statusQuery/,
  ],
  ["a number that is text", "usd: 20000", "usd: a lot", /expected number at budget.usd, found "a lot"/],
  ["a negative budget", "usd: 20000", "usd: -1", /at budget.usd .*found the number -1/],
  ["another version", "version: 1", "version: 2", /:2:1: expected a valid value at version/],
  ["an unknown head", "heads: [ceo, dao]", "heads: [ceo, doa]", /:\d+:14: expected one of the roles .* in heads, found "doa"/],
  [
    "an unknown council member",
    "council: [cmo, cto,",
    "council: [cmo, cti,",
    /:\d+:16: expected one of the roles .* in council, found "cti"/,
  ],
  ["a head in the council", "council: [cmo,", "council: [dao, cmo,", /expected a role that is not a head/],
  ["a member twice", "council: [cmo,", "council: [cmo, cmo,", /expected each role once in council, found "cmo" a second time/],
  [
    "a lead that is no head",
    "lead: ceo",
    "lead: cmo",
    /expected one of the heads ceo, dao as lead, found "cmo", which is no head/,
  ],
  ["an unknown guardian", "guardian: dao", "guardian: owl", /as guardian, found "owl"/],
  [
    "a missing profile file",
    "profile: cto.md",
    "profile: cto2.md",
    /:\d+:10: expected the profile of cto in pack\/cto2.md, found no such file/,
  ],
  ["a profile outside of the pack", "profile: cto.md", "profile: ../cto.md", /expected a Markdown file beside the fleet file/],
  ["a role name that is no slug", "  cto: {", "  C T O: {", /expected a usable name at roles.C T O \(a slug/],
  ["a reserved name", "  cto: {", "  all: {", /expected a name other than all, head/],
  ["a worker named like a role", "  analyst: {", "  cfo: {", /expected a worker type that is not also a role, found "cfo"/],
  [
    "limits in the wrong order",
    "majorAboveUsd: 100,",
    "majorAboveUsd: 2000,",
    /expected at most limits.criticalAboveUsd, found 2000 above 1000/,
  ],
  ["broken YAML", "heads: [ceo, dao]", "heads: [ceo, dao", /:\d+:\d+: expected readable YAML, found a fault/],
  ["a key twice", "lead: ceo", "lead: ceo\nlead: dao", /expected readable YAML, found a fault: Map keys must be unique/],
  ["an empty file", /[^]*/, "", /:1:1: expected object, found nothing/],
  ["a list instead of a map", /[^]*/, "- a\n", /:1:1: expected object, found a list/],
  ["missing limits", /^limits:.*\n/m, "", /expected object at limits, found nothing/],
  [
    "a price of another model",
    "  workers: claude-haiku-5-5",
    upstream("prices: { source: s, date: 2026-11-01, models: { b: { input: 1, output: 2 } } }"),
    /expected one of its models a at models.upstreams.own.prices.models.b, found "b"|expected one of its models a, found "b"/,
  ],
  [
    "a free upstream with prices",
    "  workers: claude-haiku-5-5",
    upstream("free: true, prices: { source: s, date: 2026-11-01, models: {} }"),
    /expected false where there are prices, found true/,
  ],
  [
    "a price with too many decimals",
    "  workers: claude-haiku-5-5",
    upstream("prices: { source: s, date: 2026-11-01, models: { a: { input: 0.0001, output: 2 } } }"),
    /at most three decimals/,
  ],
  ["prices without a date", "  workers: claude-haiku-5-5", upstream("prices: { source: s, models: {} }"), /prices.date/],
];

test.each(cases)("P02 in a fleet file %s is named with line and column", (_name, from, to, expected) => {
  const yaml = fleetText.replace(from, to);
  expect(yaml).not.toBe(fleetText);
  const problems = problemsOf(yaml);
  expect(problems).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
  for (const line of problems) expect(line).toMatch(/^pack\/fleet\.yaml:\d+:\d+: expected /);
});

test("P02 the line and column are those of the mistake", () => {
  const line = fleetText.split("\n").findIndex((each) => each.startsWith("council:")) + 1;
  expect(problemsOf(fleetText.replace("council: [cmo, cto,", "council: [cmo, cti,"))[0]).toMatch(`pack/fleet.yaml:${line}:16: `);
});

test("P02 problems of the fleet file and of several profiles are listed in one error", () => {
  const read = (path: string): string | null => {
    const text = withFleet(fleetText.replace("lead: ceo", "lead: cmo").replace("usd: 20000", "usd: 0"))(path);
    if (path === "pack/cmo.md") return text!.replace("Every 4 hours", "Now and then");
    return path === "pack/cfo.md" ? text!.replace("## Mission", "## Purpose") : text;
  };
  const problems = failure(() => parsePack(read, "pack/fleet.yaml"));
  expect(problems.map((line) => line.replace(/:.*/, ""))).toEqual([
    "pack/fleet.yaml",
    "pack/cmo.md",
    "pack/cfo.md",
    "pack/cfo.md",
  ]);
});

test("P02 a fleet file that is not there is named", async () => {
  await expect(loadPack("/nowhere/fleet.yaml")).rejects.toMatchObject({
    code: "AITO_FLEET_INVALID",
    message: "/nowhere/fleet.yaml:1: expected a fleet file, found no such file",
  });
});

test("P02 a fleet path that is a folder is a problem of the pack, not a crash", async () => {
  const path = mkdtempSync(join(tmpdir(), "pack-"));
  writeFileSync(join(path, "x"), "");
  await expect(loadPack(path)).rejects.toMatchObject({ code: "AITO_FLEET_INVALID" });
  rmSync(path, { recursive: true });
});

const withRoles = (cfo: string, more = ""): string =>
  fleetText
    .replace("cfo: { profile: cfo.md }", `cfo: { profile: cfo.md, ${cfo} }`)
    .replace("# Seconds for rounds", `${more}\n# Seconds for rounds`);
const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split("\n").length;

test("S18 a role that sees personal or payment data and holds web tools is refused, and both lines are named", () => {
  for (const seen of ["personal", "payment"]) {
    const yaml = fleetText.replace(
      "cfo: { profile: cfo.md }",
      `cfo:\n    profile: cfo.md\n    sees: [${seen}]\n    tools: [internal, web]`,
    );
    const [problem, ...others] = problemsOf(yaml);
    expect(others).toEqual([]);
    expect(problem).toContain(`pack/fleet.yaml:${lineOf(yaml, "web]")}:`);
    expect(problem).toContain(`which sees ${seen} data (pack/fleet.yaml:${lineOf(yaml, `sees: [${seen}`)}:`);
  }
});

test("S18 nobody starts workers, at any depth, that bring the web together with data that it sees, or the other way round", () => {
  const analyst = (more: string) => (yaml: string) =>
    yaml.replace("analyst: { profile: analyst.md,", `analyst: { profile: analyst.md, ${more},`);
  const bot = (more: string) => (yaml: string) =>
    yaml.replace("support-bot: { profile: support-bot.md,", `support-bot: { profile: support-bot.md, ${more},`);
  const web = analyst("tools: [internal, web]");
  const direct = web(withRoles("sees: [payment], workers: [content-writer, analyst]"));
  const [problem, ...others] = problemsOf(direct);
  expect(others).toEqual([]);
  expect(problem).toContain(`pack/fleet.yaml:${lineOf(direct, "workers: [content-writer")}:`);
  expect(problem).toContain(`(analyst, pack/fleet.yaml:${lineOf(direct, "internal, web]")}:`);
  expect(problem).toContain(`below cfo, which sees payment data (pack/fleet.yaml:${lineOf(direct, "sees: [payment]")}:`);
  const below = bot("spawns: [analyst]")(web(withRoles("sees: [personal], workers: [support-bot]")));
  expect(problemsOf(below)[0]).toContain("web tools (analyst, ");
  const back = analyst("sees: [payment]")(withRoles("tools: [internal, web], workers: [analyst]"));
  expect(problemsOf(back)[0]).toContain("that see payment data (analyst, ");
  const among = bot("sees: [personal], spawns: [analyst]")(web(fleetText));
  expect(problemsOf(among)[0]).toContain("below support-bot, which sees personal data");
  // A role that names no workers has those that do not.
  const { file } = parsePack(withFleet(web(withRoles("sees: [payment]"))), "pack/fleet.yaml");
  expect(startedBy(file, "cfo")).toEqual(["content-writer", "code-reviewer", "support-bot"]);
  expect(startedBy(file, "cmo")).toEqual(["content-writer", "code-reviewer", "analyst", "support-bot"]);
});

test("J17 a second holder of what one role holds alone is refused, with both lines; the one holder is not", () => {
  const exclusive = "exclusive: { web: [coo] }";
  const yaml = withRoles("tools: [internal, web]", exclusive);
  const [problem] = problemsOf(yaml);
  expect(problem).toContain(`pack/fleet.yaml:${lineOf(yaml, "cfo.md, tools")}:`);
  expect(problem).toContain(`coo alone (pack/fleet.yaml:${lineOf(yaml, "web: [coo]")}:`);
  expect(() =>
    parsePack(withFleet(withRoles("tools: [internal, web]", "exclusive: { web: [cfo] }")), "pack/fleet.yaml"),
  ).not.toThrow();
});

test("S18 grants name tools and classes that exist, and holders that exist", () => {
  expect(problemsOf(withRoles("tools: [publish_txt]"))[0]).toContain("a tool's name or one of public, internal");
  expect(problemsOf(withRoles("tools: []", "exclusive: { web: [scout] }"))[0]).toContain("a role or worker type");
  expect(problemsOf(withRoles("tools: []", "rates: { publish_txt: { times: 1 } }"))[0]).toContain("a tool's name");
});

test("S21 X12 what a decision may release is a dangerous tool, or an outside one of the fleet file that does more than read", () => {
  const servers = 'toolServers: { crm: { url: "https://crm.example.com/mcp", tools: { find: { risk: read }, send: {} } } }';
  const releasing = (name: string): string => withRoles(`tools: [internal], releases: [${name}]`, servers);
  expect(() => parsePack(withFleet(releasing("crm__send")), "pack/fleet.yaml")).not.toThrow();
  expect(problemsOf(releasing("crm__find"))[0]).toContain("a tool of toolServers that does more than read");
  expect(problemsOf(releasing("crm__lose"))[0]).toContain("a tool of toolServers that does more than read");
  expect(problemsOf(releasing("publish_txt"))[0]).toContain("publish_text");
});

test("S18 X12 outside tools are granted by name and shielded by class; no secret goes over a network in clear text", () => {
  const servers = (server: string): string => `toolServers: { crm: { ${server} } }`;
  const tools = "tools: { find: { risk: read, dataClass: web } }";
  const good = servers(`url: "https://crm.example.com/mcp", secret: crm, ${tools}`);
  expect(() => parsePack(withFleet(withRoles("tools: [crm__find]", good)), "pack/fleet.yaml")).not.toThrow();
  expect(problemsOf(withRoles("tools: [crm__lose]", good))[0]).toContain("a tool's name");
  expect(problemsOf(withRoles("sees: [payment], tools: [crm__find]", good))[0]).toContain("which sees payment data");
  const wrong: [string, string][] = [
    [`url: "http://crm.example.com/mcp", secret: crm, ${tools}`, "https where a secret is sent"],
    [`url: "https://a:b@crm.example.com/mcp", ${tools}`, "an address without a password"],
    [tools, "either url or unix"],
    [`url: "https://crm.example.com/mcp", unix: /run/crm.sock, ${tools}`, "either url or unix"],
    [`url: "https://crm.example.com/mcp", tools: { ${"f".repeat(60)}: {} }`, "a name of at most 64 characters"],
  ];
  for (const [server, expected] of wrong)
    expect(problemsOf(withRoles("tools: [internal]", servers(server)))[0]).toContain(expected);
});

test("O21 a hook's rule does exactly one thing, for a role that there is, and its faults are told where they stand", () => {
  const hooks = (rule: string, scheme = "github"): string =>
    `${fleetText}\nhooks: { gh: { scheme: ${scheme}, rules: [{ event: issues, ${rule} }] } }\n`;
  const good = hooks("task: { title: Look, assignTo: cmo }");
  expect(() => parsePack(withFleet(good), "pack/fleet.yaml")).not.toThrow();
  const wrong: [string, string][] = [
    [hooks("action: opened"), "exactly one of task, wake and board"],
    [hooks("wake: cmo, task: { title: Look, assignTo: cmo }"), "task and wake"],
    [hooks("wake: nobody"), "one of the roles"],
    [hooks("task: { title: Look, assignTo: nobody }"), "one of the roles"],
    [hooks("board: true"), "a section board beside it"],
    [hooks("wake: cmo", "sha1"), "scheme"],
    [hooks("wake: cmo, then: more"), "then"],
  ];
  for (const [text, expected] of wrong) expect(problemsOf(text).join("; ")).toContain(expected);
});
