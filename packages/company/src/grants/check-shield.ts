import { type FleetFile, shieldedClasses } from "@aito/protocol";
import { type Problem, quote } from "../fleet/parse-problem.ts";
import type { YamlPath } from "../fleet/parse-yaml.ts";
import type { Held, Member, Places } from "./check-grants.ts";
import { reachOf } from "./shield.ts";

export interface Whole extends Member {
  held: readonly Held[];
}

export const webOf = ({ held }: Whole): Held | undefined => held.find(({ dataClass }) => dataClass === "web");
export const seenBy = ({ held }: Whole): Held | undefined => held.find(({ dataClass }) => shieldedClasses.includes(dataClass));
export const placeIn =
  ({ file, at }: Places) =>
  (where: YamlPath): string =>
    `${file}:${at(where).line}:${at(where).column}`;

/** Who may start workers that see what it must not bring together with what it reads, and the other way round: both lines are named. */
export function checkShield(file: FleetFile, { file: path, at }: Places, members: readonly Whole[]): Problem[] {
  const of = new Map(members.map((member) => [member.name, member]));
  const place = placeIn({ file: path, at });
  const problems: Problem[] = [];
  for (const member of members) {
    const [group, name] = member.path as [string, string];
    const key = group === "roles" ? "workers" : "spawns";
    const types = (group === "roles" ? file.roles[name]?.workers : file.workers[name]?.spawns) ?? [];
    const [web, seen] = [webOf(member), seenBy(member)];
    for (const [index, type] of types.entries()) {
      for (const below of reachOf(file, type).flatMap((each) => of.get(each) ?? [])) {
        const [itsWeb, itsSeen] = [webOf(below), seenBy(below)];
        const expected =
          seen && itsWeb
            ? `no workers with web tools (${below.name}, ${place(itsWeb.path)}) below ${name}, which sees ${seen.dataClass} data (${place(seen.path)})`
            : web && itsSeen
              ? `no workers that see ${itsSeen.dataClass} data (${below.name}, ${place(itsSeen.path)}) below ${name}, which holds web tools (${place(web.path)})`
              : null;
        if (expected === null) continue;
        problems.push({ file: path, ...at([...member.path, key, index]), expected, found: quote(type) });
        break;
      }
    }
  }
  return problems;
}
