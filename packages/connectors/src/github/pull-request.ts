import type { Octokit } from "@octokit/rest";
import { type Place, placeOf } from "./git-repository.ts";
import type { GithubClient } from "./github-client.ts";
import { statusOf } from "./github-errors.ts";

export interface PullFile {
  path: string;
  /** Where a renamed file was. */
  from: string | null;
  status: string;
  /** Unified hunks; null for what is not text. */
  patch: string | null;
}

export interface PullState {
  number: number;
  url: string;
  title: string;
  open: boolean;
  mergeSha: string | null;
  headSha: string;
  base: string;
  author: string;
  mergeable: boolean | null;
  files: PullFile[];
  checks: { state: "none" | "green" | "pending" | "red"; failing: string[] };
}

const filesMax = 3_000;

/** The one pull request of a branch, made when there is none; a merged or closed one is not made again. */
export async function ensurePull(
  github: GithubClient,
  repository: string,
  wanted: { branch: string; base: string; title: string; body: string },
): Promise<{ number: number; url: string; headSha: string; open: boolean }> {
  const place = placeOf(repository);
  const { branch, base, title, body } = wanted;
  return await github.call(`the pull request of ${branch} in ${repository}`, async (octokit) => {
    const known = await pullOfBranch(octokit, place, wanted);
    if (known) {
      return { number: known.number, url: known.html_url, headSha: known.head.sha, open: known.state === "open" };
    }
    const { data } = await octokit.pulls.create({ ...place, head: branch, base, title, body });
    return { number: data.number, url: data.html_url, headSha: data.head.sha, open: true };
  });
}

/** The pull request of a branch; null where there is none. */
export async function findPull(
  github: GithubClient,
  repository: string,
  of: { branch: string; base: string },
): Promise<{ number: number; url: string } | null> {
  return await github.call(`the pull request of ${of.branch} in ${repository}`, async (octokit) => {
    const known = await pullOfBranch(octokit, placeOf(repository), of);
    return known ? { number: known.number, url: known.html_url } : null;
  });
}

const pullOfBranch = async (octokit: Octokit, place: Place, { branch, base }: { branch: string; base: string }) =>
  (await octokit.pulls.list({ ...place, head: `${place.owner}:${branch}`, base, state: "all" })).data[0];

export async function readPull(github: GithubClient, repository: string, number: number): Promise<PullState> {
  const place = { ...placeOf(repository), pull_number: number };
  return await github.call(`${repository} #${number}`, async (octokit) => {
    const { data } = await octokit.pulls.get(place);
    const files = await octokit.paginate(octokit.pulls.listFiles, { ...place, per_page: 100 }, ({ data: page }, done) => {
      if (page.length === 0) done();
      return page;
    });
    return {
      number,
      url: data.html_url,
      title: data.title,
      open: data.state === "open",
      mergeSha: data.merged ? data.merge_commit_sha : null,
      headSha: data.head.sha,
      base: data.base.ref,
      author: data.user.login,
      mergeable: data.mergeable,
      files: files.slice(0, filesMax).map(({ filename, previous_filename: from, status, patch }) => ({
        path: filename,
        from: from ?? null,
        status,
        patch: patch ?? null,
      })),
      checks: await checksOf(octokit, repository, data.head.sha),
    };
  });
}

const greenEnds = new Set(["success", "neutral", "skipped"]);

/** Statuses and check runs of a commit together. */
async function checksOf(octokit: Octokit, repository: string, ref: string): Promise<PullState["checks"]> {
  const place = placeOf(repository);
  const { data: status } = await octokit.repos.getCombinedStatusForRef({ ...place, ref, per_page: 100 });
  const { data: runs } = await octokit.checks.listForRef({ ...place, ref, per_page: 100 });
  const ends = [
    ...status.statuses.map(({ context, state }) => ({ name: context, state: state === "error" ? "failure" : state })),
    ...runs.check_runs.map(({ name, status: at, conclusion }) => ({
      name,
      state: at !== "completed" ? "pending" : greenEnds.has(conclusion ?? "") ? "success" : "failure",
    })),
  ];
  const failing = ends.filter(({ state }) => state === "failure").map(({ name }) => name);
  if (failing.length > 0) return { state: "red", failing };
  if (ends.some(({ state }) => state === "pending")) return { state: "pending", failing };
  return { state: ends.length === 0 ? "none" : "green", failing };
}

export interface NewReview {
  headSha: string;
  verdict: "approve" | "request_changes" | "comment";
  body: string;
  comments: readonly { path: string; line: number; body: string }[];
  /** The same whenever it is the same review: found again in its text. */
  effectKey: string;
}

/** GitHub does not let an account judge its own pull request: all of the company's agents may be one account to it. */
const events = { approve: "APPROVE", request_changes: "REQUEST_CHANGES", comment: "COMMENT" } as const;

const markerOf = (effectKey: string): string => `<!-- aito:${effectKey} -->`;

/** Whether the review with this key stands. */
export async function hasReview(
  github: GithubClient,
  repository: string,
  { number, effectKey }: { number: number; effectKey: string },
): Promise<boolean> {
  const place = { ...placeOf(repository), pull_number: number };
  return await github.call(`the reviews of ${repository} #${number}`, async (octokit) => {
    const written = await octokit.paginate(octokit.pulls.listReviews, { ...place, per_page: 100 });
    return written.some(({ body }) => body.includes(markerOf(effectKey)));
  });
}

/** Writes a review with its comments on lines, once. Where the account is the author's own, the verdict stands in its text only. */
export async function writeReview(github: GithubClient, repository: string, number: number, review: NewReview): Promise<void> {
  const place = { ...placeOf(repository), pull_number: number };
  const marker = markerOf(review.effectKey);
  await github.call(`a review of ${repository} #${number}`, async (octokit) => {
    const written = await octokit.paginate(octokit.pulls.listReviews, { ...place, per_page: 100 });
    if (written.some(({ body }) => body.includes(marker))) return;
    const comments = review.comments.map(({ path, line, body }) => ({ path, line, side: "RIGHT", body }));
    const send = async (event: (typeof events)[keyof typeof events]) => {
      const body = `${review.body}\n\n${marker}`;
      await octokit.pulls.createReview({ ...place, commit_id: review.headSha, event, body, comments });
    };
    try {
      await send(events[review.verdict]);
    } catch (error) {
      const own =
        statusOf(error) === 422 && /your own pull request/i.test(JSON.stringify((error as { response?: unknown }).response));
      if (!own) throw error;
      await send("COMMENT");
    }
  });
}

/** Merges exactly this head, once; a merge that was made before is told. Error: AITO_GITHUB_CONFLICT. */
export async function mergePull(
  github: GithubClient,
  repository: string,
  number: number,
  merge: { headSha: string; title: string; message: string },
): Promise<{ sha: string; already: boolean }> {
  const place = { ...placeOf(repository), pull_number: number };
  return await github.call(`the merge of ${repository} #${number}`, async (octokit) => {
    const { data } = await octokit.pulls.get(place);
    if (data.merged) return { sha: data.merge_commit_sha!, already: true };
    const { data: merged } = await octokit.pulls.merge({
      ...place,
      sha: merge.headSha,
      merge_method: "merge",
      commit_title: merge.title,
      commit_message: merge.message,
    });
    return { sha: merged.sha, already: false };
  });
}
