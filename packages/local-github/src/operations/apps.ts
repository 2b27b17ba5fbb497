import { githubTime, type Handler } from "../asked.ts";
import { GithubProblem, notFound } from "../github-problem.ts";
import { nodeId, presentAccount } from "../present/account.ts";

const permissions = { contents: "write", issues: "write", metadata: "read", pull_requests: "write" };

export const appHandlers: Record<string, Handler> = {
  "apps/get-authenticated": ({ app, state, baseUrl, now }) => {
    if (!app) throw new GithubProblem(401, "A JSON web token could not be decoded");
    return {
      body: {
        id: app.id,
        slug: app.slug,
        node_id: nodeId("App", String(app.id)),
        owner: presentAccount(state.account(app.owner, "Organization"), baseUrl),
        name: app.slug,
        description: null,
        external_url: baseUrl,
        html_url: `${baseUrl}/apps/${app.slug}`,
        created_at: now,
        updated_at: now,
        permissions,
        events: [],
        installations_count: app.installations.length,
      },
    };
  },
  "apps/create-installation-access-token": ({ app, apps, params }) => {
    if (!app) throw new GithubProblem(401, "A JSON web token could not be decoded");
    const issued = apps.issue(app, Number(params["installation_id"]));
    if (!issued) throw notFound();
    const { token, expiresAt } = issued;
    return { status: 201, body: { token, expires_at: githubTime(expiresAt), permissions, repository_selection: "all" } };
  },
};
