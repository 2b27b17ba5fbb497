import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { dist } from "../steps/places.ts";
import { step } from "../steps/step.ts";
import { bundle } from "./bundle.ts";
import { pinnedNode, shareNode } from "./pinned-node.ts";
import { type ImageContent, images } from "./programs.ts";
import { buildWeb, webFolder } from "./web.ts";

/** Makes dist/<image>/ (`node`, `app/`) for the images named, or all. Work whose inputs are unchanged is skipped. */
export async function buildAll(names: string[] = []): Promise<void> {
  const wanted = images.filter((image) => names.length === 0 || names.includes(image.name));
  const node = await step("the pinned Node for the images", pinnedNode, { quiet: true });
  if (wanted.some((image) => image.web)) await buildPages();
  await step("bundles of the programs", (progress) => bundles(wanted, node, progress.note), { quiet: true });
}

/** The console's pages alone: all that an embedded company has of it. */
export async function buildPages(): Promise<void> {
  await step("the console's pages", buildWeb, { quiet: true });
}

async function bundles(wanted: ImageContent[], node: string, note: (line: string) => void): Promise<void> {
  for (const image of wanted) {
    note(image.name);
    const folder = join(dist, image.name);
    const app = join(folder, "app");
    for (const one of image.bundles) await bundle(one, app);
    for (const { from, to } of image.folders) cpFresh(from, join(app, to));
    if (image.web && existsSync(webFolder)) cpFresh(webFolder, join(app, "web"));
    shareNode(node, folder);
  }
}

function cpFresh(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true, preserveTimestamps: true });
}
