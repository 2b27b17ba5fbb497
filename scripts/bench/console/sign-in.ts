import { operatorApi } from "../../../packages/protocol/src/index.ts";
import { makeAsker } from "./ask.ts";
import type { RunningProgram } from "./program.ts";

/** The path of a one-time link of this company's. */
export async function newLinkPath({ url, key }: RunningProgram): Promise<string> {
  const asker = makeAsker(url, { authorization: `Bearer ${key}` });
  try {
    const link = JSON.parse(await asker.post(operatorApi.loginLinks, {})) as { url: string };
    return new URL(link.url).pathname;
  } finally {
    asker.close();
  }
}

/** A session's cookie, as a browser gets it by a link. */
export async function signIn(program: RunningProgram): Promise<string> {
  const answer = await fetch(program.url + (await newLinkPath(program)), {
    method: "POST",
    headers: { origin: program.url },
    redirect: "manual",
  });
  const cookie = answer.headers.get("set-cookie")?.split(";")[0];
  if (!cookie) throw new Error(`signing in answered ${answer.status}`);
  return cookie;
}
