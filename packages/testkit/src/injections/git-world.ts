import { join } from "node:path";
import { silentLogger, systemClock } from "@aito/base";
import { type LocalGithub, startLocalGithub, unlimited } from "@aito/local-github";
import { fetch } from "undici";

const owner = "og-shibaclassic";
/** Those of the roles that read from outside. */
const names = ["shiba-social", "shiba-community", "shiba-classic-website"];
const place = `/repos/${owner}/${names[0]}`;
const stranger = "token-of-a-stranger";

/** The company's repositories, to which strangers write, too. */
export interface GitWorld {
  baseUrl: string;
  /** Whatever was changed there since `forget`, as `METHOD /path`. */
  writes(): string[];
  forget(): void;
  /** A stranger puts texts by their ids into files of a branch of shiba-social, which is made where it is new. */
  strange(branch: string, texts: ReadonlyMap<string, string>): Promise<void>;
  /** Titles of shiba-social's pull requests. */
  pulls(): Promise<string[]>;
  close(): Promise<void>;
}

/** Where a stranger puts the text with this id. */
export const strangersFile = (id: string): string => `content/inbox/${id}.md`;

export async function gitWorld(folder: string, token: string): Promise<GitWorld> {
  const github: LocalGithub = await startLocalGithub({
    folder: join(folder, "github"),
    host: "127.0.0.1",
    port: 0,
    tokens: { [token]: "aito-bot", [stranger]: "stranger" },
    log: silentLogger,
    clock: systemClock,
    limits: unlimited,
  });
  for (const name of names) await github.addRepository({ owner, name, files: { "content/old.md": "old\n" } });
  const ask = async <T>(method: string, path: string, body?: object): Promise<T | null> => {
    const answer = await fetch(`${github.url}${place}${path}`, {
      method,
      headers: { authorization: `Bearer ${stranger}`, "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const tipOf = async (branch: string): Promise<string | null> =>
    (await ask<{ object: { sha: string } }>("GET", `/git/ref/${encodeURIComponent(`heads/${branch}`)}`))?.object.sha ?? null;
  let seen = 0;
  return {
    baseUrl: github.url,
    writes: () => github.requests.slice(seen).filter((request) => !request.startsWith("GET ")),
    forget: () => {
      seen = github.requests.length;
    },
    strange: async (branch, texts) => {
      const there = await tipOf(branch);
      const parent = there ?? (await tipOf("main"))!;
      const { tree: base } = (await ask<{ tree: { sha: string } }>("GET", `/git/commits/${parent}`))!;
      const files = [...texts].map(([id, content]) => ({ path: strangersFile(id), mode: "100644", type: "blob", content }));
      const tree = (await ask<{ sha: string }>("POST", "/git/trees", { base_tree: base.sha, tree: files }))!.sha;
      const commit = { message: "More texts", tree, parents: [parent] };
      const { sha } = (await ask<{ sha: string }>("POST", "/git/commits", commit))!;
      if (there === null) await ask("POST", "/git/refs", { ref: `refs/heads/${branch}`, sha });
      else await ask("PATCH", `/git/refs/${encodeURIComponent(`heads/${branch}`)}`, { sha });
    },
    pulls: async () => (await ask<{ title: string }[]>("GET", "/pulls?state=all&per_page=100"))!.map(({ title }) => title),
    close: () => github.close(),
  };
}
