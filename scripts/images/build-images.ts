import { existsSync } from "node:fs";
import { join } from "node:path";
import { docker, mustDocker } from "../engine/docker.ts";
import { claudeCodeContext, claudeCodeVersion } from "../build/claude-code.ts";
import { digest, filesUnder } from "../steps/inputs.ts";
import { dist, imageTag, root } from "../steps/places.ts";
import { minutes } from "../steps/run.ts";
import { step } from "../steps/step.ts";
import { type BaseImages, ensureBaseImages } from "./base-images.ts";

interface Recipe {
  /** Names the image gets; the agent's is the worker's too. */
  names: string[];
  dockerfile: string;
  context: string;
  /** Files whose change makes a new image. */
  inputs: string[];
  base: keyof Omit<BaseImages, "path">;
  program?: string;
}

const imagesFolder = join(root, "images");

function program(name: string, names: string[], dockerfile: string): Recipe {
  const context = join(dist, name);
  const inputs = [join(imagesFolder, dockerfile), join(dist, ".node.version"), ...filesUnder([join(context, "app")])];
  return { names, dockerfile, context, inputs, base: "node", program: name };
}

function service(name: "postgres" | "redis" | "edge"): Recipe {
  const inputs = filesUnder([imagesFolder]).filter((file) => file.includes(`/${name}`));
  return { names: [`aito-${name}`], dockerfile: `${name}.Dockerfile`, context: imagesFolder, inputs, base: name };
}

/** The workers' that run Claude Code; 240 MB, and so built only for a fleet that asks for it. */
async function claudeCode(): Promise<Recipe> {
  const context = await claudeCodeContext();
  const dockerfile = "claude-code.Dockerfile";
  const inputs = [join(imagesFolder, dockerfile), join(dist, ".node.version"), ...filesUnder([join(context, "app")])];
  return { names: ["aito-claude-code"], dockerfile, context, inputs, base: "node", program: claudeCodeVersion };
}

/** Every image of the stack, in the order they are built. */
export function recipes(): Recipe[] {
  return [
    service("postgres"),
    service("redis"),
    program("agent", ["aito-agent", "aito-worker"], "agent.Dockerfile"),
    ...["orchestrator", "gateway", "console", "rehearsal"].map((name) => program(name, [`aito-${name}`], "control.Dockerfile")),
  ];
}

/** The digest that an image with this name was built from; null where there is none. */
async function builtFrom(): Promise<Map<string, string>> {
  const format = "{{.Repository}} {{.ID}}";
  const listed = await mustDocker([
    "images",
    "--format",
    format,
    "--filter",
    "label=aito.inputs",
    "--filter",
    `reference=aito-*:${imageTag()}`,
  ]);
  const rows = listed
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split(" ") as [string, string]);
  if (rows.length === 0) return new Map();
  const labels = await mustDocker([
    "image",
    "inspect",
    "--format",
    '{{index .Config.Labels "aito.inputs"}}',
    ...rows.map(([, id]) => id),
  ]);
  return new Map(
    labels
      .trim()
      .split("\n")
      .map((label, index) => [rows[index]![0], label]),
  );
}

async function buildOne(recipe: Recipe, bases: BaseImages, inputs: string): Promise<void> {
  const args = ["build", "--file", join(imagesFolder, recipe.dockerfile), "--build-arg", `BASE=${bases[recipe.base]}`];
  if (recipe.program) args.push("--build-arg", `PROGRAM=${recipe.program}`);
  args.push("--label", `aito.base=${bases.path}`, "--label", `aito.inputs=${inputs}`);
  for (const name of recipe.names) args.push("--tag", `${name}:${imageTag()}`);
  await step(`image ${recipe.names.join(", ")}`, (progress) =>
    mustDocker([...args, recipe.context], { timeoutMs: minutes(10), progress }),
  );
}

/** Builds what changed of the images named (all by default). The bundles must have been built. */
export async function buildImages(
  names: string[] = [],
  options: { claudeCode?: boolean; edge?: boolean } = {},
): Promise<BaseImages> {
  const bases = await ensureBaseImages(options);
  const wanted = recipes().filter((recipe) => names.length === 0 || recipe.names.some((name) => names.includes(name)));
  if (options.claudeCode) wanted.push(await claudeCode());
  if (options.edge) wanted.push(service("edge"));
  const present = await builtFrom();
  let built = false;
  for (const recipe of wanted) {
    const inputs = digest(recipe.inputs, [bases.path, bases[recipe.base] ?? "", recipe.program ?? ""]);
    if (recipe.names.every((name) => present.get(name) === inputs)) continue;
    if (recipe.program && !existsSync(recipe.context))
      throw new Error(`dist/${recipe.program} is missing: run \`npm run build\` first`);
    await buildOne(recipe, bases, inputs);
    built = true;
  }
  // What a new image replaced has lost its name.
  if (built) await docker(["image", "prune", "--force", "--filter", "label=aito.inputs"]);
  return bases;
}

export interface ImageFacts {
  image: string;
  base: string;
  megabytes: number;
  createdAt: string;
}

/** What is there: each image, which path built its base, and its size. */
export async function imageFacts(): Promise<ImageFacts[]> {
  const facts: ImageFacts[] = [];
  for (const image of recipes().flatMap((recipe) => recipe.names)) {
    const format = '{{index .Config.Labels "aito.base"}} {{.Size}} {{.Created}}';
    const { code, stdout } = await docker(["image", "inspect", "--format", format, `${image}:${imageTag()}`]);
    const [base, size, createdAt] = stdout.trim().split(" ");
    if (code === 0 && base && size && createdAt)
      facts.push({ image, base, megabytes: Math.round(Number(size) / 1e6), createdAt });
  }
  return facts;
}
