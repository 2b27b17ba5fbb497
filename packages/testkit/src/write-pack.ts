import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const profiles = fileURLToPath(new URL("../../../profiles/aito", import.meta.url));

/** A company of that size: two heads, and as many members of no council as asked for, all with short profiles of the seed's pack. */
export function writePack(folder: string, options: { slug: string; agents: number; extra?: string }): string {
  const { slug, agents } = options;
  mkdirSync(folder, { recursive: true });
  const roles = ["ceo", "dao", ...Array.from({ length: Math.max(0, agents - 2) }, (_, at) => `member-${at + 1}`)].slice(
    0,
    agents,
  );
  for (const role of ["ceo", "dao", "coo"]) copyFileSync(join(profiles, `${role}.md`), join(folder, `${role}.md`));
  const lines = [
    "version: 1",
    `company: ${slug}`,
    `name: ${slug}`,
    "heads: [ceo, dao]",
    "guardian: dao",
    "lead: ceo",
    "council: []",
    "roles:",
    ...roles.map((role) => `  ${role}: { profile: ${role.startsWith("member") ? "coo" : role}.md }`),
    "models: { agents: claude-sonnet-5-5, workers: claude-haiku-5-5 }",
    "budget: { usd: 1000, period: month }",
    "limits: { majorAboveUsd: 100, criticalAboveUsd: 1000 }",
    ...(options.extra ? [options.extra] : []),
  ];
  const file = join(folder, "fleet.yaml");
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}
