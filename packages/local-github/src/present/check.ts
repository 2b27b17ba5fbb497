import type { Asked } from "../asked.ts";
import type { Check, Hook, Repository } from "../github-state.ts";
import { nodeId, presentAccount } from "./account.ts";
import { repositoryUrl } from "./repository.ts";

type Place = Pick<Asked, "state" | "baseUrl">;

export function presentStatus(status: Check, repository: Repository, { state, baseUrl }: Place): Record<string, unknown> {
  return {
    url: `${repositoryUrl(repository, baseUrl)}/statuses/${status.sha}`,
    avatar_url: null,
    id: status.id,
    node_id: nodeId("Status", status.id),
    state: status.state,
    description: status.description,
    target_url: null,
    context: status.name,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator: presentAccount(state.account(status.user), baseUrl),
  };
}

export function presentCheckRun(run: Check, repository: Repository, { baseUrl }: Place): Record<string, unknown> {
  const url = `${repositoryUrl(repository, baseUrl)}/check-runs/${run.id}`;
  return {
    id: run.id,
    node_id: nodeId("CheckRun", run.id),
    head_sha: run.sha,
    external_id: null,
    name: run.name,
    url,
    html_url: null,
    details_url: null,
    status: run.state,
    conclusion: run.conclusion,
    started_at: run.createdAt,
    completed_at: run.state === "completed" ? run.createdAt : null,
    check_suite: { id: run.id },
    output: { title: null, summary: run.description, text: null, annotations_count: 0, annotations_url: `${url}/annotations` },
    app: null,
    pull_requests: [],
  };
}

export function presentHook(hook: Hook, repository: Repository, { baseUrl }: Place): Record<string, unknown> {
  const url = `${repositoryUrl(repository, baseUrl)}/hooks/${hook.id}`;
  return {
    type: "Repository",
    id: hook.id,
    name: "web",
    active: hook.active,
    events: hook.events,
    // The secret is never shown again.
    config: { url: hook.url, content_type: "json", insecure_ssl: "0", ...(hook.secret ? { secret: "********" } : {}) },
    updated_at: hook.createdAt,
    created_at: hook.createdAt,
    url,
    test_url: `${url}/tests`,
    ping_url: `${url}/pings`,
    last_response: { code: null, status: "unused", message: null },
  };
}
