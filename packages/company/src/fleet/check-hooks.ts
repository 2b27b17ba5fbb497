import type { FleetFile } from "@aito/protocol";
import { quote } from "./parse-problem.ts";
import type { YamlPath } from "./parse-yaml.ts";

/** What no rule of a hook may say: nothing to do or two things, somebody who is no role, a board that is not there. */
export function checkHooks(file: FleetFile, report: (path: YamlPath, expected: string, found: string) => void): void {
  const roles = Object.keys(file.roles);
  for (const [name, { scheme, rules }] of Object.entries(file.hooks ?? {})) {
    rules.forEach((rule, at) => {
      const path = ["hooks", name, "rules", at];
      const said = (["task", "wake", "board"] as const).filter((key) => rule[key] !== undefined);
      if (said.length !== 1) report(path, "exactly one of task, wake and board", said.join(" and ") || "none of them");
      const named: [YamlPath, string | undefined][] = [
        [[...path, "task", "assignTo"], rule.task?.assignTo],
        [[...path, "wake"], rule.wake],
      ];
      for (const [where, agent] of named) {
        if (agent !== undefined && !roles.includes(agent)) report(where, `one of the roles ${roles.join(", ")}`, quote(agent));
      }
      if (rule.board && (file.board === undefined || scheme !== "github")) {
        report([...path, "board"], "a section board beside it, and the scheme github", file.board ? scheme : "no board");
      }
    });
  }
}
