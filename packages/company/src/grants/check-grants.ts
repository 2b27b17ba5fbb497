import {
  agentTools,
  type DataClass,
  DataClass as DataClasses,
  dataClassOf,
  type FleetFile,
  repositoryTools,
} from "@aito/protocol";
import { type Problem, quote } from "../fleet/parse-problem.ts";
import type { YamlPath } from "../fleet/parse-yaml.ts";
import { checkShield, placeIn, seenBy, webOf, type Whole } from "./check-shield.ts";

/** Where a key or value of the fleet file stands. */
export interface Places {
  file: string;
  at(path: YamlPath): { line: number; column: number };
}

export interface Member {
  name: string;
  path: YamlPath;
  tools: readonly string[];
  sees: readonly DataClass[];
}

/** What is granted by name, with its class and where that stands. */
export interface Held {
  dataClass: DataClass;
  path: YamlPath;
}

/**
 * What no fleet file may say: a tool that nobody knows, a role that sees personal or payment data and reads the web, a second holder of
 * what one role holds alone. `classes`: tools beside the fleet's own.
 */
export function checkGrants(file: FleetFile, { file: path, at }: Places, classes: ReadonlyMap<string, DataClass>): Problem[] {
  const problems: Problem[] = [];
  const report = (where: YamlPath, expected: string, found: string): void =>
    void problems.push({ file: path, ...at(where), expected, found });
  const members = membersOf(file);
  const known = new Map<string, DataClass>([
    ...[...agentTools, ...repositoryTools].map(({ name }): [string, DataClass] => [name, dataClassOf(name)]),
    ...classes,
  ]);
  const classOf = (entry: string): DataClass | undefined => DataClasses.safeParse(entry).data ?? known.get(entry);
  const lists: [YamlPath, readonly string[]][] = [
    [["tools"], file.tools ?? []],
    ...members.map(({ path: of, tools }): [YamlPath, readonly string[]] => [[...of, "tools"], tools]),
    ...Object.entries(file.clients ?? {}).map(([slug, { tools = [] }]): [YamlPath, readonly string[]] => [
      ["clients", slug, "tools"],
      tools,
    ]),
  ];
  for (const [list, entries] of lists) {
    for (const [index, entry] of entries.entries()) {
      if (!classOf(entry)) report([...list, index], `a tool's name or one of ${DataClasses.options.join(", ")}`, quote(entry));
    }
  }
  for (const name of Object.keys(file.rates ?? {})) {
    if (!known.has(name)) report(["rates", name], "a tool's name", quote(name));
  }
  const place = placeIn({ file: path, at });
  const whole = members.map((member): Whole => ({ ...member, held: heldBy(member, classOf) }));
  for (const member of whole) {
    const [web, seen] = [webOf(member), seenBy(member)];
    if (web && seen) {
      report(
        web.path,
        `no web tools for ${member.name}, which sees ${seen.dataClass} data (${place(seen.path)})`,
        quote(String(valueOf(file, web.path))),
      );
    }
    for (const { dataClass, path: where } of member.held) {
      const holders = file.exclusive?.[dataClass];
      if (!holders || holders.includes(member.name)) continue;
      report(
        where,
        `${dataClass} tools for ${holders.join(", ")} alone (${place(["exclusive", dataClass])})`,
        `them for ${quote(member.name)}, too`,
      );
    }
  }
  problems.push(...checkShield(file, { file: path, at }, whole));
  for (const [dataClass, holders] of Object.entries(file.exclusive ?? {})) {
    for (const [index, holder] of holders.entries()) {
      if (!members.some(({ name }) => name === holder))
        report(["exclusive", dataClass, index], "a role or worker type", quote(holder));
    }
  }
  return problems;
}

const membersOf = (file: FleetFile): Member[] =>
  (["roles", "workers"] as const).flatMap((group) =>
    Object.entries(file[group]).map(([name, { tools = [], sees = [] }]) => ({ name, path: [group, name], tools, sees })),
  );

function heldBy({ path, tools, sees }: Member, classOf: (entry: string) => DataClass | undefined): Held[] {
  const held = (list: readonly string[], key: string): Held[] =>
    list.flatMap((entry, index) => {
      const dataClass = classOf(entry);
      return dataClass ? [{ dataClass, path: [...path, key, index] }] : [];
    });
  return [...held(tools, "tools"), ...held(sees, "sees")];
}

function valueOf(value: unknown, path: YamlPath): unknown {
  let here = value;
  for (const step of path) here = (here as Record<PropertyKey, unknown>)[step];
  return here;
}
