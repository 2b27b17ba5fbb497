import { readFileSync } from "node:fs";
import { timePages } from "../../packages/testkit/src/index.ts";
import { row, type Row } from "./measure.ts";

const router = new URL("../../packages/console/web/src/router.tsx", import.meta.url);
const rounds = 3;

/** From the address to a page that has its content, each list page of the router; none without Chromium. Needs the built web client. */
export async function benchPages({ url, key }: { url: string; key: string }): Promise<Row[]> {
  const answer = await fetch(`${url}/api/v1/login-links`, { method: "POST", headers: { authorization: `Bearer ${key}` } });
  const { url: login } = (await answer.json()) as { url: string };
  const paths = [...readFileSync(router, "utf8").matchAll(/\bpath: "([^"$]+)"/g)].map((match) => match[1]!);
  const times = await timePages({ url, link: url + new URL(login).pathname, paths, rounds });
  return [...(times ?? [])].map(([path, each]) => row(`page ${path} usable`, "ms", each, null));
}
