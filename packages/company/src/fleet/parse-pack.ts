import { posix } from "node:path";
import { type DataClass, type Fleet, FleetFile, outsideToolsOf } from "@aito/protocol";
import { checkGrants } from "../grants/check-grants.ts";
import { fleetInvalid, type Problem, quote } from "./parse-problem.ts";
import { checkHooks } from "./check-hooks.ts";
import { checkToolServers } from "./check-tool-servers.ts";
import { explainRole } from "./explain-role.ts";
import { readProfile } from "./parse-profile.ts";
import { readYaml, schemaProblems, type YamlFile, type YamlPath } from "./parse-yaml.ts";

/** Names that mean someone else in messages and records. */
const reservedNames = ["all", "head", "clevel", "operator", "human", "system"];

/**
 * A fleet file and the profiles that it names. `read` gives the text of a file, or null where there is none; profiles stand
 * beside the fleet file. Throws AITO_FLEET_INVALID that lists every problem of every file, one a line.
 */
export function parsePack(read: (path: string) => string | null, fleetPath: string): Fleet {
  const text = read(fleetPath);
  if (text === null) throw fleetInvalid([{ file: fleetPath, line: 1, expected: "a fleet file", found: "no such file" }]);
  const yaml = readYaml(fleetPath, text);
  const parsed = yaml.problems.length > 0 ? null : FleetFile.safeParse(yaml.value);
  const problems = [...yaml.problems];
  if (parsed?.error) problems.push(...schemaProblems(fleetPath, yaml, FleetFile, parsed.error));
  if (parsed?.data) problems.push(...crossChecks(parsed.data, fleetPath, yaml));
  const profiles = readProfiles({ read, fleetPath, yaml, problems });
  if (problems.length > 0 || !parsed?.data) throw fleetInvalid(problems);
  const fleet = { file: parsed.data, profiles };
  const long = longProfiles(fleet, fleetPath);
  if (long.length > 0) throw fleetInvalid(long);
  return fleet;
}

/** A role that nobody can explain from one page is too much for one role. */
function longProfiles(fleet: Fleet, fleetPath: string): Problem[] {
  return Object.entries(fleet.profiles).flatMap(([role, { path }]) => {
    const { lines, linesMax } = explainRole(fleet, role)!;
    const file = posix.join(posix.dirname(fleetPath), path);
    const expected = `a role that one page explains (${linesMax} lines): shorten it, or make two roles of it`;
    return lines > linesMax ? [{ file, line: 1, expected, found: `${lines} lines for ${role}` }] : [];
  });
}

interface Reading {
  read: (path: string) => string | null;
  fleetPath: string;
  yaml: YamlFile;
  problems: Problem[];
}

/** Also when the fleet file itself is not right: its author sees everything at once. */
function readProfiles({ read, fleetPath, yaml, problems }: Reading): Fleet["profiles"] {
  const profiles: Fleet["profiles"] = {};
  for (const { name, kind, path, at } of namedProfiles(yaml.value)) {
    const where = { file: fleetPath, ...yaml.at(at) };
    if (path.startsWith("/") || path.includes("\\") || posix.normalize(path).startsWith("..")) {
      problems.push({ ...where, expected: "a Markdown file beside the fleet file", found: quote(path) });
      continue;
    }
    const file = posix.join(posix.dirname(fleetPath), path);
    const markdown = read(file);
    if (markdown === null) {
      problems.push({ ...where, expected: `the profile of ${name} in ${file}`, found: "no such file" });
      continue;
    }
    const result = readProfile({ file, markdown, kind });
    const known = new Set(problems.map((problem) => JSON.stringify(problem)));
    // Two roles may share a file: its faults are listed once.
    problems.push(...result.problems.filter((problem) => !known.has(JSON.stringify(problem))));
    if (result.profile) profiles[name] = { path, markdown, profile: result.profile };
  }
  return profiles;
}

interface NamedProfile {
  name: string;
  kind: "agent" | "worker";
  path: string;
  at: YamlPath;
}

function namedProfiles(value: unknown): NamedProfile[] {
  const groups = [
    { key: "roles", kind: "agent" },
    { key: "workers", kind: "worker" },
  ] as const;
  return groups.flatMap(({ key, kind }) =>
    Object.entries(asRecord(asRecord(value)[key])).flatMap(([name, entry]) => {
      const path = asRecord(entry)["profile"];
      return typeof path === "string" ? [{ name, kind, path, at: [key, name, "profile"] }] : [];
    }),
  );
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

function crossChecks(file: FleetFile, fleetPath: string, yaml: YamlFile): Problem[] {
  const problems: Problem[] = [];
  const report = (path: YamlPath, expected: string, found: string): void =>
    void problems.push({ file: fleetPath, ...yaml.at(path), expected, found });
  const roles = Object.keys(file.roles);
  const known = `one of the roles ${roles.join(", ")}`;

  for (const key of ["heads", "council"] as const) {
    file[key].forEach((role, at) => {
      if (!Object.hasOwn(file.roles, role)) report([key, at], `${known} in ${key}`, quote(role));
      else if (file[key].indexOf(role) < at) report([key, at], `each role once in ${key}`, `${quote(role)} a second time`);
      else if (key === "council" && file.heads.includes(role)) {
        report([key, at], "a role that is not a head (a role is a head or in the council)", quote(role));
      }
    });
  }
  for (const key of ["lead", "guardian"] as const) {
    const role = file[key];
    if (role !== undefined && !file.heads.includes(role)) {
      report(
        [key],
        `one of the heads ${file.heads.join(", ")} as ${key}`,
        Object.hasOwn(file.roles, role) ? `${quote(role)}, which is no head` : quote(role),
      );
    }
  }
  for (const [role, { client }] of Object.entries(file.roles)) {
    if (client !== undefined && !Object.hasOwn(file.clients ?? {}, client)) {
      report(
        ["roles", role, "client"],
        `one of the clients ${Object.keys(file.clients ?? {}).join(", ") || "(none are listed)"}`,
        quote(client),
      );
    }
  }
  for (const key of ["roles", "workers"] as const) {
    for (const name of Object.keys(file[key])) {
      if (reservedNames.includes(name)) report([key, name], `a name other than ${reservedNames.join(", ")}`, quote(name));
    }
  }
  for (const name of Object.keys(file.workers)) {
    if (Object.hasOwn(file.roles, name)) report(["workers", name], "a worker type that is not also a role", quote(name));
  }
  checkSpawning(file, report);
  checkToolServers(file, report);
  checkHooks(file, report);
  const outside = outsideToolsOf(file.toolServers).map(({ name, entry }): [string, DataClass] => [name, entry.dataClass]);
  problems.push(...checkGrants(file, { file: fleetPath, at: yaml.at }, new Map(outside)));
  checkPrices(file, report);
  if (file.limits.majorAboveUsd > file.limits.criticalAboveUsd) {
    report(
      ["limits", "majorAboveUsd"],
      "at most limits.criticalAboveUsd",
      `${file.limits.majorAboveUsd} above ${file.limits.criticalAboveUsd}`,
    );
  }
  return problems;
}

function checkPrices({ models }: FleetFile, report: (path: YamlPath, expected: string, found: string) => void): void {
  for (const [name, { models: listed, prices, free }] of Object.entries(models.upstreams)) {
    if (prices && free) report(["models", "upstreams", name, "free"], "false where there are prices", "true");
    for (const model of Object.keys(prices?.models ?? {})) {
      if (listed.includes(model)) continue;
      report(["models", "upstreams", name, "prices", "models", model], `one of its models ${listed.join(", ")}`, quote(model));
    }
  }
}

function checkSpawning(file: FleetFile, report: (path: YamlPath, expected: string, found: string) => void): void {
  const types = Object.keys(file.workers);
  const named: [YamlPath, string[]][] = [
    ...Object.entries(file.roles).map(([role, { workers = [] }]): [YamlPath, string[]] => [["roles", role, "workers"], workers]),
    ...Object.entries(file.workers).map(([type, { spawns = [] }]): [YamlPath, string[]] => [["workers", type, "spawns"], spawns]),
  ];
  for (const [path, started] of named)
    started.forEach((type, at) => {
      if (!types.includes(type)) report([...path, at], `one of the worker types ${types.join(", ")}`, quote(type));
    });
  if (file.spawning.runningMax < file.spawning.depthMax) {
    // Who waits for its own worker keeps its place: each depth needs one.
    report(["spawning", "runningMax"], "at least spawning.depthMax", String(file.spawning.runningMax));
  }
}
