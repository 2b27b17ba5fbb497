import { listChanges, taintFrom } from "@aito/company";
import { type GithubClient, readBlob, readBranch, searchFiles } from "@aito/connectors";
import { z } from "zod";
import { defineTool, type OpenTool } from "../mcp/tool.ts";
import { defineGitTool } from "./define-git-tool.ts";
import { proposeChange } from "./propose-change.ts";
import { mayRead, repositoryOf, scopeOf } from "./repository-scope.ts";
import { taintByBranch } from "./taint-by-branch.ts";
import { mergeChange, readChange, reviewChange } from "./review-change.ts";

export interface GitTooling {
  github: GithubClient;
  /** The console's address, for links in pull requests. */
  publicUrl: string;
  /** From which each role's key is made, that signs its commits. */
  commitSecret: string;
}

const pathsShownMax = 1_000;

/** The tools of the company's git repositories; agents whose profile names none do not see them. */
export const gitTools = (tooling: GitTooling): OpenTool[] => [
  readRepository(tooling),
  defineTool({
    name: "list_changes",
    description: "List the newest changes that were proposed in git repositories, with their state and reviews.",
    risk: "read",
    kinds: ["agent"],
    offered: ({ git }) => git !== null,
    input: z.object({}),
    run: async ({ context, session }) => {
      const changes = await listChanges(context.deps);
      const tasks = changes.map(({ task }) => task);
      await taintFrom(context.deps, session, "tasks", tasks);
      return {
        changes: changes.map(({ id, repository, number, title, status, owner, url, reviews }) => ({
          change_id: id,
          repository,
          number,
          title,
          status,
          for: owner,
          url,
          reviews: reviews.map(({ agent, verdict }) => ({ agent, verdict })),
        })),
      };
    },
  }),
  readChange(tooling),
  proposeChange(tooling),
  reviewChange(tooling),
  mergeChange(tooling),
];

const readRepository = (tooling: GitTooling): OpenTool =>
  defineGitTool(tooling.github, {
    name: "read_repository",
    description:
      "Look into your git repository: the paths of its files, one file's text (path), or the files that hold some words (search).",
    risk: "read",
    kinds: ["agent", "worker"],
    offered: ({ git }) => git !== null,
    hint: ({ git }) => `You may read ${[git!.repository, ...git!.reviews].join(", ")}.`,
    input: z.object({
      repository: z.string().max(200).optional().describe("owner/name; your own if left out"),
      branch: z.string().min(1).max(200).optional().describe("the main one if left out"),
      path: z.string().min(1).max(1_000).optional().describe("a file, or a folder to list"),
      search: z.string().trim().min(1).max(200).optional(),
    }),
    run: async (call, asked) => {
      const { context, session, github } = call;
      const scope = await scopeOf(context.deps, session);
      const repository = repositoryOf(scope, asked.repository);
      mayRead(scope, repository);
      if (asked.search !== undefined) return { repository, found: await searchFiles(github, repository, asked.search) };
      const branch = asked.branch ?? scope.branch;
      const found = await readBranch(github, repository, branch);
      if (!found) return { repository, branch, paths: [], there: false };
      await taintByBranch(call, { repository, branch, commit: found.commit, trusted: scope.branch });
      const entry = asked.path === undefined ? undefined : found.entries.get(asked.path);
      if (entry && entry.mode !== "160000") {
        return { repository, branch, path: asked.path, text: await readBlob(github, repository, entry.sha) };
      }
      const below = asked.path === undefined ? "" : `${asked.path.replace(/\/+$/, "")}/`;
      const paths = [...found.entries.keys()].filter((path) => path.startsWith(below));
      return {
        repository,
        branch,
        commit: found.commit,
        paths: paths.slice(0, pathsShownMax),
        more: Math.max(0, paths.length - pathsShownMax),
      };
    },
  });
