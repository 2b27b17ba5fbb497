import type { Clock } from "@aito/base";
import type { IssueComment, IssueSnapshot, IssueWrite } from "@aito/protocol";
import type { Octokit, RestEndpointMethodTypes } from "@octokit/rest";
import { statusOf, toGithubError } from "./github-errors.ts";
import { type GithubPlace, octokitByToken } from "./octokit-by-token.ts";

export interface IssueBoardOptions extends GithubPlace {
  /** `owner/name`. */
  repository: string;
  clock: Pick<Clock, "now">;
}

type RawIssue = RestEndpointMethodTypes["issues"]["listForRepo"]["response"]["data"][number];

const pageItems = 100;
const commentPagesMax = 20;

/**
 * The issues of one repository. Each call is one request (comments: a few), bounded in time and not tried again here: after a failed
 * write its caller looks first whether it was made. Errors: AITO_GITHUB_{LIMIT,REFUSED,UNKNOWN,CONFLICT,INVALID,UNAVAILABLE}; a missing issue is null.
 */
export class GithubIssues {
  readonly #options: IssueBoardOptions;
  readonly #place: { owner: string; repo: string };
  readonly #with: ReturnType<typeof octokitByToken>;

  constructor(options: IssueBoardOptions) {
    const [owner, repo] = options.repository.split("/") as [string, string];
    this.#options = options;
    this.#place = { owner, repo };
    this.#with = octokitByToken(options, { throttled: false });
  }

  /** The token of the moment. */
  async token(): Promise<string> {
    return await this.#ask("a token", async () => await this.#options.token());
  }

  /** The account that the token belongs to. */
  async login(): Promise<string> {
    const { login } = this.#options;
    return await this.#ask("who the token belongs to", async (octokit) =>
      login ? await login() : (await octokit.users.getAuthenticated()).data.login,
    );
  }

  async list(input: {
    since: string | null;
    page: number;
    etag: string | null;
  }): Promise<{ issues: IssueSnapshot[]; more: boolean; etag: string | null; unchanged: boolean }> {
    const { since, page, etag } = input;
    return await this.#ask("the issues", async (octokit) => {
      try {
        const found = await octokit.issues.listForRepo({
          ...this.#place,
          state: "all",
          sort: "updated",
          direction: "asc",
          per_page: pageItems,
          page,
          ...(since === null ? {} : { since }),
          ...(etag === null ? {} : { headers: { "if-none-match": etag } }),
        });
        // Pull requests are listed among issues; a page of them alone still has a next one.
        const issues = found.data.filter((issue) => issue.pull_request === undefined).map(snapshot);
        const more = /rel="next"/.test(found.headers.link ?? "");
        // A full page says nothing of what comes after it, and would go on saying so.
        const whole = found.data.length < pageItems;
        return { issues, more, etag: whole ? (found.headers.etag ?? null) : null, unchanged: false };
      } catch (error) {
        if (statusOf(error) === 304) return { issues: [], more: false, etag, unchanged: true };
        throw error;
      }
    });
  }

  async get(number: number): Promise<IssueSnapshot | null> {
    return await this.#ask(`issue ${number}`, async (octokit) => {
      try {
        return snapshot((await octokit.issues.get({ ...this.#place, issue_number: number })).data);
      } catch (error) {
        if ([301, 404, 410].includes(statusOf(error))) return null;
        throw error;
      }
    });
  }

  async create(issue: { title: string; body: string; labels: string[] }): Promise<IssueSnapshot> {
    return await this.#ask("a new issue", async (octokit) =>
      snapshot((await octokit.issues.create({ ...this.#place, ...issue })).data),
    );
  }

  async update(number: number, write: IssueWrite): Promise<IssueSnapshot> {
    const { open, reason, ...rest } = write;
    return await this.#ask(`issue ${number}`, async (octokit) => {
      const changed = await octokit.issues.update({
        ...this.#place,
        issue_number: number,
        ...rest,
        ...(open === undefined ? {} : { state: open ? ("open" as const) : ("closed" as const) }),
        ...(reason === undefined ? {} : { state_reason: reason }),
      });
      return snapshot(changed.data);
    });
  }

  async comments(number: number): Promise<IssueComment[]> {
    return await this.#ask(`the comments of issue ${number}`, async (octokit) => {
      const all: IssueComment[] = [];
      for (let page = 1; page <= commentPagesMax; page += 1) {
        const found = await octokit.issues.listComments({ ...this.#place, issue_number: number, per_page: pageItems, page });
        for (const { id, user, author_association: association, body } of found.data) {
          all.push({ id, author: user?.login ?? "", association: association ?? "NONE", body: body ?? "" });
        }
        if (!/rel="next"/.test(found.headers.link ?? "")) break;
      }
      return all;
    });
  }

  async comment(number: number, body: string): Promise<void> {
    await this.#ask(`a comment on issue ${number}`, (octokit) =>
      octokit.issues.createComment({ ...this.#place, issue_number: number, body }),
    );
  }

  async #ask<T>(about: string, run: (octokit: Octokit) => Promise<T>): Promise<T> {
    const { repository, clock } = this.#options;
    try {
      return await this.#with(run);
    } catch (error) {
      throw toGithubError(error, `${about} of ${repository}`, clock.now());
    }
  }
}

const snapshot = (issue: RawIssue): IssueSnapshot => ({
  number: issue.number,
  title: issue.title,
  body: issue.body ?? "",
  labels: issue.labels.map((label) => (typeof label === "string" ? label : (label.name ?? ""))),
  open: issue.state === "open",
  reason: issue.state_reason ?? null,
  author: issue.user?.login ?? "",
  association: issue.author_association ?? "NONE",
  comments: issue.comments,
  updatedAt: issue.updated_at,
  closedAt: issue.closed_at,
});
