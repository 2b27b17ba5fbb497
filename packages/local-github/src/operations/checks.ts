import type { Asked, Handler } from "../asked.ts";
import { GithubProblem } from "../github-problem.ts";
import type { Check } from "../github-state.ts";
import { presentCheckRun, presentHook, presentStatus } from "../present/check.ts";
import { presentRepository, repositoryUrl } from "../present/repository.ts";
import { repositoryIn } from "./found.ts";

async function shaIn(asked: Asked, name: string): Promise<string> {
  const sha = await repositoryIn(asked).git.commitOf(name);
  if (sha === null) throw new GithubProblem(422, `No commit found for SHA: ${name}`);
  return sha;
}

/** The newest of each name. */
const newest = (checks: readonly Check[], sha: string): Check[] => [
  ...new Map(checks.filter((check) => check.sha === sha).map((check) => [check.name, check])).values(),
];

async function combined(asked: Asked) {
  const { repository } = repositoryIn(asked);
  const sha = await shaIn(asked, asked.params["ref"]!);
  const statuses = newest(repository.statuses, sha);
  const has = (...states: string[]): boolean => statuses.some(({ state }) => states.includes(state));
  const state = has("failure", "error") ? "failure" : statuses.length === 0 || has("pending") ? "pending" : "success";
  const url = `${repositoryUrl(repository, asked.baseUrl)}/commits/${sha}`;
  return {
    body: {
      state,
      sha,
      total_count: statuses.length,
      statuses: statuses.map((status) => presentStatus(status, repository, asked)),
      repository: presentRepository(repository, asked),
      commit_url: url,
      url: `${url}/status`,
    },
  };
}

export const checkHandlers: Record<string, Handler> = {
  "repos/create-commit-status": async (asked) => {
    const { repository } = repositoryIn(asked);
    const { state, context = "default", description } = asked.body as { state: string; context?: string; description?: string };
    const status: Check = {
      id: asked.state.nextId(),
      sha: await shaIn(asked, asked.params["sha"]!),
      name: context,
      state,
      conclusion: null,
      description: description ?? null,
      user: asked.user.login,
      createdAt: asked.now,
    };
    repository.statuses.push(status);
    const shown = presentStatus(status, repository, asked);
    asked.tell({ repository, event: "status", payload: { sha: status.sha, state, context } });
    return { status: 201, body: shown };
  },
  "repos/get-combined-status-for-ref": combined,
  "checks/create": async (asked) => {
    const { repository } = repositoryIn(asked);
    const {
      name,
      head_sha: head,
      status,
      conclusion,
    } = asked.body as {
      name: string;
      head_sha: string;
      status?: string;
      conclusion?: string;
    };
    const run: Check = {
      id: asked.state.nextId(),
      sha: await shaIn(asked, head),
      name,
      state: conclusion === undefined ? (status ?? "queued") : "completed",
      conclusion: conclusion ?? null,
      description: null,
      user: asked.user.login,
      createdAt: asked.now,
    };
    repository.checkRuns.push(run);
    return { status: 201, body: presentCheckRun(run, repository, asked) };
  },
  "checks/list-for-ref": async (asked) => {
    const { repository } = repositoryIn(asked);
    const sha = await shaIn(asked, asked.params["ref"]!);
    return {
      list: newest(repository.checkRuns, sha).map((run) => presentCheckRun(run, repository, asked)),
      wrap: (page, total) => ({ total_count: total, check_runs: page }),
    };
  },
  "repos/create-webhook": (asked) => {
    const { repository } = repositoryIn(asked);
    const {
      config,
      events = ["push"],
      active = true,
    } = asked.body as {
      config?: { url?: string; secret?: string };
      events?: string[];
      active?: boolean;
    };
    if (!config?.url)
      throw new GithubProblem(422, "Validation Failed", { errors: [{ resource: "Hook", code: "custom", field: "url" }] });
    const hook = {
      id: asked.state.nextId(),
      url: config.url,
      secret: config.secret ?? null,
      events,
      active,
      createdAt: asked.now,
    };
    repository.hooks.push(hook);
    return { status: 201, body: presentHook(hook, repository, asked) };
  },
  "repos/list-webhooks": (asked) => {
    const { repository } = repositoryIn(asked);
    return { list: repository.hooks.map((hook) => presentHook(hook, repository, asked)) };
  },
};
