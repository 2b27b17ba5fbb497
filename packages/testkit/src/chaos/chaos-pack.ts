import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/**
 * A copy of `profiles/aito` that works hard: another name, no kickoff, `hands` further members, every third of them for a client, and an
 * operator who lets approved decisions publish.
 */
export function writeChaosPack(folder: string, options: { slug: string; hands: number }): string {
  cpSync(join(root, "profiles/aito"), folder, { recursive: true });
  const file = join(folder, "fleet.yaml");
  const hands = Array.from(
    { length: options.hands },
    (_, index) => `  hand-${index + 1}: { profile: coo.md${index % 3 === 0 ? ", client: acme" : ""} }`,
  );
  const text = readFileSync(file, "utf8")
    .replace(/^company: .*$/m, `company: ${options.slug}\nclients: { acme: { name: Acme } }`)
    .replace(/^kickoff:[^]*$/m, "")
    .replace(/^ {2}cco: .*$/m, (line) => [line, ...hands].join("\n"))
    .replace(/^autonomy: .*$/m, "autonomy: autonomous")
    .replace(/^releases: .*$/m, "releases: [publish_text]")
    .replace(/^statusQuery: .*$/m, "statusQuery: { everySeconds: 86400, deadlineSeconds: 300 }");
  writeFileSync(file, text);
  return file;
}
