import type { Handler } from "../asked.ts";
import { GithubProblem } from "../github-problem.ts";
import { presentAccount } from "../present/account.ts";
import { presentRepository } from "../present/repository.ts";

export const accountHandlers: Record<string, Handler> = {
  "users/get-authenticated": ({ user, account, baseUrl, now }) => {
    if (account !== null) throw new GithubProblem(403, "Resource not accessible by integration");
    return {
      body: {
        ...presentAccount(user, baseUrl),
        name: user.login,
        company: null,
        blog: null,
        location: null,
        email: null,
        hireable: null,
        bio: null,
        public_repos: 0,
        public_gists: 0,
        followers: 0,
        following: 0,
        created_at: now,
        updated_at: now,
        private_gists: 0,
        total_private_repos: 0,
        owned_private_repos: 0,
        disk_usage: 0,
        collaborators: 0,
        two_factor_authentication: true,
      },
    };
  },
  "repos/list-for-org": (asked) => ({
    list: asked.state.repositories
      .filter(({ owner }) => owner.toLowerCase() === asked.params["org"]!.toLowerCase())
      .map((repository) => presentRepository(repository, asked)),
  }),
};
