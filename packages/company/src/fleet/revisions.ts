import { AitoError, isAitoError } from "@aito/base";
import type { Fleet, FleetChange, FleetDiff, FleetDryRun, FleetRevision, FleetTexts } from "@aito/protocol";
import { selectAgents, setDesired } from "../agents/queries.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { insertCommand } from "../commands/queries.ts";
import { diffLines } from "./diff-lines.ts";
import { parsePack } from "./parse-pack.ts";
import { type FleetRow, latestFleet, latestRevision, lockFleets, selectFleet, selectFleets } from "./queries.ts";
import { placeFleet } from "./register-fleet.ts";

const fileName = "fleet.json";
/**
 * What only the fleet file itself can change. The orchestrator reads some of it when it starts; and which secret is sent to which address
 * is decided by who holds the secrets, not by who signs in to the console.
 */
const ofTheFile: Record<string, (file: Fleet["file"]) => unknown> = {
  company: ({ company }) => company,
  container: ({ container }) => container,
  spawning: ({ spawning }) => spawning,
  "workers: executor, memoryMb": ({ workers }) =>
    Object.entries(workers).flatMap(([type, { executor, memoryMb }]) =>
      executor || memoryMb ? [{ type, executor, memoryMb }] : [],
    ),
  "toolServers: url, unix, secret, secretHeader": ({ toolServers }) =>
    Object.entries(toolServers ?? {}).map(([server, { url, unix, secret, secretHeader }]) => ({
      server,
      url,
      unix,
      secret,
      secretHeader,
    })),
  "models.upstreams: baseUrl": ({ models }) => Object.entries(models.upstreams).map(([name, { baseUrl }]) => ({ name, baseUrl })),
};
const inAnyOrder = (value: unknown): string =>
  JSON.stringify(Array.isArray(value) ? value.map((each) => JSON.stringify(inOrder(each))).toSorted() : inOrder(value));

const fleetOf = (row: FleetRow): Fleet => row.document.fleet as Fleet;
/** The database keeps keys in an order of its own: texts are compared in one that is always the same. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, inOrder(each)]),
  );
}
const textOf = (fleet: Fleet): string => JSON.stringify(inOrder(fleet.file), null, 2);

/** Newest first. */
export async function listFleetRevisions(deps: CompanyDeps, page: { limit: number; before?: number }): Promise<FleetRevision[]> {
  const [rows, latest] = await transact(
    deps,
    async (unit) => [await selectFleets(unit, page), await latestRevision(unit)] as const,
  );
  return rows.map(({ revision, source, made_by, comment, created_at }) => ({
    revision,
    source,
    by: made_by,
    comment,
    at: created_at.toISOString(),
    current: revision === latest,
  }));
}

/** One revision's texts; the newest one where none is named. Error: AITO_FLEET_REVISION. */
export async function fleetTexts(deps: CompanyDeps, revision?: number): Promise<FleetTexts> {
  const row = await readRow(deps, revision);
  const { profiles } = fleetOf(row);
  return {
    revision: row.revision,
    file: textOf(fleetOf(row)),
    profiles: Object.fromEntries(Object.entries(profiles).map(([role, { path, markdown }]) => [role, { path, markdown }])),
  };
}

/** What a revision changed of the one before it. Error: AITO_FLEET_REVISION. */
export async function fleetRevisionDiff(deps: CompanyDeps, revision: number): Promise<FleetDiff> {
  const after = await readRow(deps, revision);
  if (revision === 1) return { files: [] };
  return diffOf(fleetOf(await readRow(deps, revision - 1)), fleetOf(after));
}

async function readRow(deps: CompanyDeps, revision?: number): Promise<FleetRow> {
  const row = await transact(deps, (unit) => (revision === undefined ? latestFleet(unit) : selectFleet(unit, revision)));
  if (row) return row;
  throw new AitoError("AITO_FLEET_REVISION", `the fleet has no revision ${revision ?? 1}`, { status: 404 });
}

/** Pure: file by file. */
function diffOf(before: Fleet, after: Fleet): FleetDiff {
  const roles = [...new Set([...Object.keys(before.profiles), ...Object.keys(after.profiles)])];
  const texts: [path: string, a: string, b: string][] = [
    [fileName, textOf(before), textOf(after)],
    ...roles.map((role): [string, string, string] => [
      after.profiles[role]?.path ?? before.profiles[role]!.path,
      before.profiles[role]?.markdown ?? "",
      after.profiles[role]?.markdown ?? "",
    ]),
  ];
  const seen = new Set<string>();
  return {
    files: texts.flatMap(([path, a, b]) => {
      const lines = seen.has(path) ? [] : diffLines(a, b);
      seen.add(path);
      return lines.length > 0 ? [{ path, lines }] : [];
    }),
  };
}

const changedRoles = (before: Fleet, after: Fleet): string[] =>
  Object.keys(after.profiles).filter(
    (role) => role in before.profiles && before.profiles[role]!.markdown !== after.profiles[role]!.markdown,
  );

/** Pure: what deploying it means for who works here. */
function effectsOf(before: Fleet, after: Fleet): string[] {
  const [old, now] = [before.file.roles, after.file.roles];
  return [
    ...Object.keys(now)
      .filter((role) => !(role in old))
      .map((role) => `${role} is started.`),
    ...Object.keys(old)
      .filter((role) => !(role in now))
      .map((role) => `${role} is stopped for good.`),
    ...changedRoles(before, after).map((role) =>
      role in now
        ? `${role} is restarted with its changed profile.`
        : `New workers of the type ${role} work by its changed profile.`,
    ),
    ...(textOf(before) === textOf(after) ? [] : ["The fleet file's changed rules hold at once."]),
  ];
}

/** The pack as it would be; throws AITO_FLEET_INVALID with every problem. */
function changedFleet(current: Fleet, earlier: Fleet | null, change: FleetChange): Fleet {
  const base = earlier ?? current;
  const texts = new Map(Object.values(base.profiles).map(({ path, markdown }) => [path, markdown]));
  for (const [role, markdown] of Object.entries(change.profiles)) {
    const path = base.profiles[role]?.path ?? `${role}.md`;
    texts.set(path, markdown);
  }
  const file = change.file ?? textOf(base);
  const fleet = parsePack((path) => (path === fileName ? file : (texts.get(path) ?? null)), fileName);
  for (const [key, of] of Object.entries(ofTheFile)) {
    if (inAnyOrder(of(fleet.file)) === inAnyOrder(of(current.file))) continue;
    throw new AitoError("AITO_FLEET_INVALID", `${fileName}:1: expected "${key}" as it is, found another one`, {
      hint: "only the fleet file itself changes it, at the company's next start",
      status: 400,
    });
  }
  return fleet;
}

async function prepared(deps: CompanyDeps, change: FleetChange): Promise<{ current: FleetRow; fleet: Fleet }> {
  const current = await readRow(deps);
  const earlier = change.rollbackTo === undefined ? null : fleetOf(await readRow(deps, change.rollbackTo));
  return { current, fleet: changedFleet(fleetOf(current), earlier, change) };
}

/** What is wrong with a change, what it changes, and what that would do. Nothing is done. Error: AITO_FLEET_REVISION. */
export async function dryRunFleet(deps: CompanyDeps, change: FleetChange): Promise<FleetDryRun> {
  try {
    const { current, fleet } = await prepared(deps, change);
    return { problems: [], diff: diffOf(fleetOf(current), fleet), effects: effectsOf(fleetOf(current), fleet) };
  } catch (error) {
    if (!isAitoError(error, "AITO_FLEET_INVALID")) throw error;
    return { problems: error.message.split("\n"), diff: { files: [] }, effects: [] };
  }
}

/**
 * Makes the change the company's newest revision. Errors: AITO_FLEET_INVALID (400), AITO_FLEET_MOVED (409) when another revision was made
 * since its author looked, AITO_FLEET_SAME (409) when it changes nothing, AITO_FLEET_REVISION.
 */
export async function deployFleet(deps: CompanyDeps, change: FleetChange, by: string): Promise<FleetRevision> {
  const { fleet } = await prepared(deps, change).catch((error: unknown) => {
    if (!isAitoError(error, "AITO_FLEET_INVALID")) throw error;
    throw new AitoError("AITO_FLEET_INVALID", error.message, { hint: "correct the lines named above", status: 400 });
  });
  return await transact(deps, async (unit) => {
    await lockFleets(unit);
    const latest = await latestFleet(unit);
    if (latest?.revision !== change.basedOn) {
      throw new AitoError(
        "AITO_FLEET_MOVED",
        `revision ${latest?.revision ?? 0} was made since you looked at ${change.basedOn}`,
        {
          hint: "look at it, and make your change again",
          status: 409,
        },
      );
    }
    const standing = (await selectAgents(unit)).filter(({ kind, desired }) => kind === "agent" && desired !== "gone");
    const stopped = standing.length > 0 && standing.every(({ desired }) => desired === "stopped");
    const { revision, changed } = await placeFleet(unit, fleet, { source: "console", by, comment: change.comment });
    if (!changed) throw new AitoError("AITO_FLEET_SAME", "this changes nothing", { status: 409 });
    // A fleet that an operator stopped stays so.
    if (stopped) await setDesired(unit, "stopped");
    // A running agent got its profile at its hello: the next incarnation works by the new one.
    for (const agent of changedRoles(fleetOf(latest), fleet).filter((role) => role in fleet.file.roles))
      await insertCommand(unit, { id: unit.newId(), kind: "agent.restart", arguments: { agent }, asked_by: by });
    return { revision, source: "console", by, comment: change.comment, at: unit.now.toISOString(), current: true };
  });
}
