import { BareRepository } from "./git/bare-repository.ts";
import type { GithubState, Repository } from "./github-state.ts";
import { filesOfPull } from "./operations/pulls.ts";
import type { PullRequest } from "./present/pull.ts";

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const inert = (text: string): string => text.replace(/[&<>"]/g, (sign) => escapes[sign]!);

const style =
  "body{font:15px/1.5 system-ui,sans-serif;max-width:900px;margin:2rem auto;padding:0 1rem;color:#1f2328}" +
  "pre{background:#f6f8fa;padding:1rem;overflow:auto;font-size:13px;white-space:pre-wrap}" +
  ".state{display:inline-block;padding:2px 10px;border-radius:12px;color:#fff;background:#8250df}.open{background:#1a7f37}";

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${inert(title)}</title><style>${style}</style><body>${body}</body></html>`;

/** What a person sees at `/OWNER/NAME` and `/OWNER/NAME/pull/N`; null for any other address. Nothing in it runs. */
export async function showPage(state: GithubState, url: string): Promise<string | null> {
  const [, owner = "", name = "", kind, number] = (url.split("?")[0] ?? "").split("/");
  if (owner === "repos" || name === "") return null;
  const repository = state.repository(owner, name);
  if (!repository) return null;
  if (kind === undefined) return repositoryPage(repository);
  const issue = repository.issues.find((one) => String(one.number) === number);
  if (kind !== "pull" || !issue?.pull) return null;
  return await pullPage(new BareRepository(state.folderOf(repository)), repository, issue as PullRequest);
}

function repositoryPage({ owner, name, issues }: Repository): string {
  const rows = issues.toReversed().map(({ number, title, state, pull }) => {
    const text = `#${number} ${inert(title)} (${pull?.mergedAt ? "merged" : state})`;
    return pull ? `<li><a href="/${owner}/${name}/pull/${number}">${text}</a></li>` : `<li>${text}</li>`;
  });
  return page(`${owner}/${name}`, `<h1>${inert(`${owner}/${name}`)}</h1><ul>${rows.join("")}</ul>`);
}

async function pullPage(git: BareRepository, { owner, name }: Repository, issue: PullRequest): Promise<string> {
  const { pull } = issue;
  const files = await filesOfPull(git, issue);
  const state = pull.mergedAt ? "merged" : issue.state;
  const head = await git.commit(pull.headSha);
  const reviews = pull.reviews.map((one) => `<h3>Review: ${one.state}</h3><pre>${inert(one.body)}</pre>`);
  const lines = pull.comments.map(
    (one) => `<h3>${inert(one.path)}:${one.line}</h3><pre>${inert(one.hunk)}</pre><p>${inert(one.body)}</p>`,
  );
  const diffs = files.map((file) => `<h3>${inert(file.path)} (${file.status})</h3><pre>${inert(file.patch ?? "")}</pre>`);
  const merged = pull.mergeSha === null ? "" : `<p>Merged as <code>${pull.mergeSha}</code> into ${inert(pull.base)}.</p>`;
  return page(
    `${issue.title} #${issue.number}`,
    `<p><a href="/${owner}/${name}">${inert(`${owner}/${name}`)}</a></p><h1>${inert(issue.title)} #${issue.number}</h1>` +
      `<p><span class="state ${state}">${state}</span> ${inert(pull.head)} → ${inert(pull.base)}, by ${inert(head.author.name)}</p>` +
      `${merged}<pre>${inert(issue.body ?? "")}</pre>${reviews.join("")}${lines.join("")}<h2>Files</h2>${diffs.join("")}`,
  );
}
