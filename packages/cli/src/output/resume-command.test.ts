import { expect, test } from "vitest";
import { resumeCommand } from "./resume-command.ts";

test.each([
  ["company", "", "aito resume company --reason … --yes"],
  ["agent", "cmo", "aito resume agent cmo --reason … --yes"],
  ["department", "Customer Success", "aito resume department 'Customer Success' --reason … --yes"],
  ["department", "Bob's; rm", String.raw`aito resume department 'Bob'\''s; rm' --reason … --yes`],
] as const)("S13 what resumes %s %s is one command that a shell takes as it stands", (scope, target, command) => {
  expect(resumeCommand({ scope, target })).toBe(command);
});
