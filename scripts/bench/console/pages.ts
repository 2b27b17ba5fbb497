import { readFileSync } from "node:fs";
import { timePages } from "../../../packages/testkit/src/index.ts";
import { row, type Row } from "../measure.ts";
import type { RunningProgram } from "./program.ts";
import { newLinkPath } from "./sign-in.ts";

const router = new URL("../../../packages/console/web/src/router.tsx", import.meta.url);
const rounds = 5;

/** From the address to a page that has its content, each list page of the router; none without Chromium. */
export async function benchPages(program: RunningProgram): Promise<Row[]> {
  const paths = [...readFileSync(router, "utf8").matchAll(/\bpath: "([^"$]+)"/g)].map((match) => match[1]!);
  const link = program.url + (await newLinkPath(program));
  const times = await timePages({ url: program.url, link, paths, rounds });
  return [...(times ?? [])].map(([path, each]) => row(`page ${path} usable`, "ms", each, null));
}
