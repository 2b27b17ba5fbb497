import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";

/**
 * Cuts GitHub's official OpenAPI description (npm package @octokit/openapi, MIT) to the operations that are served here:
 * `node src/openapi/cut-main.ts FOLDER_OF_THE_PACKAGE` writes github-description.gen.ts. The whole of it is 385 MB.
 */
const served = `repos/get repos/list-for-org repos/list-branches repos/get-branch repos/list-commits repos/get-commit
repos/compare-commits repos/get-content repos/create-commit-status repos/get-combined-status-for-ref repos/create-webhook
repos/list-webhooks git/create-ref git/get-ref git/update-ref git/delete-ref git/list-matching-refs git/create-commit git/get-commit
git/create-tree git/get-tree git/create-blob git/get-blob pulls/list pulls/get pulls/create pulls/update pulls/list-files
pulls/list-commits pulls/list-reviews pulls/create-review pulls/list-review-comments pulls/merge
pulls/check-if-merged issues/list-for-repo issues/create issues/get issues/update issues/list-comments issues/create-comment
issues/add-labels issues/set-labels issues/list-labels-for-repo issues/create-label checks/create checks/list-for-ref rate-limit/get
users/get-authenticated search/code apps/create-installation-access-token apps/get-authenticated`;

type Node = Record<string, unknown>;
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && !Array.isArray(value);
const prose = new Set(["description", "example", "examples", "externalDocs", "summary", "tags", "title"]);

/**
 * Without prose and examples. `nullable` where no type stands, which a validator refuses, goes too; beside an `enum` it means that null
 * is one of the values, as GitHub answers.
 */
function bare(value: unknown, names = false): unknown {
  if (Array.isArray(value)) return value.map((one) => bare(one));
  if (!isNode(value)) return value;
  const kept: Node = {};
  for (const [key, one] of Object.entries(value)) {
    if (names || !(prose.has(key) || key.startsWith("x-"))) kept[key] = bare(one, key === "properties");
  }
  if (!names && kept["nullable"] === true && Array.isArray(kept["enum"])) kept["enum"] = [...new Set([...kept["enum"], null])];
  if (!names && "nullable" in kept && !("type" in kept)) delete kept["nullable"];
  return kept;
}

const folder = argv[2] ?? ".";
const whole = JSON.parse(readFileSync(join(folder, "generated/api.github.com.json"), "utf8")) as {
  openapi: string;
  info: { version: string };
  paths: Record<string, Record<string, Node>>;
  components: Record<string, Record<string, unknown>>;
};
const wanted = new Set(served.split(/\s+/));
const paths: Record<string, Node> = {};
for (const [path, item] of Object.entries(whole.paths)) {
  for (const [method, operation] of Object.entries(item)) {
    if (!wanted.has(String(operation["operationId"]))) continue;
    const kept = bare(operation) as { responses: Record<string, Node> };
    for (const response of Object.values(kept.responses)) delete response["headers"];
    (paths[path] ??= {})[method] = kept;
  }
}

const components: Record<string, Record<string, unknown>> = {};
function bring(value: unknown): void {
  if (Array.isArray(value)) return value.forEach(bring);
  if (!isNode(value)) return;
  const reference = value["$ref"];
  if (typeof reference === "string") {
    const [, , kind = "", name = ""] = reference.split("/");
    const held = (components[kind] ??= {});
    if (!(name in held)) {
      held[name] = bare(whole.components[kind]?.[name]);
      bring(held[name]);
    }
  }
  Object.values(value).forEach(bring);
}
bring(paths);

const text = JSON.stringify({ openapi: whole.openapi, paths, components });
writeFileSync(
  join(import.meta.dirname, "github-description.gen.ts"),
  `// Made by cut-main.ts from @octokit/openapi ${whole.info.version}. MIT License, Copyright (c) 2020 Octokit contributors.\n` +
    `export const githubDescription = ${JSON.stringify(text)};\n`,
);
