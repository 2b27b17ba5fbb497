import { AitoError } from "@aito/base";
import { type AgentSession, type CompanyDeps, covers, type GitScope, gitScopeOf } from "@aito/company";
import { type EntryMode, type FileChange, indexTree, judgeChange, type TreeEntry } from "@aito/connectors";

const noScope = (agent: string): AitoError =>
  new AitoError("AITO_GIT_SCOPE", `${agent} has no repository`, {
    hint: "the operator names one in its profile's Git Integration section",
    status: 403,
  });

export async function scopeOf(deps: CompanyDeps, session: AgentSession): Promise<GitScope> {
  const scope = await gitScopeOf(deps, session);
  if (!scope) throw noScope(session.agent);
  return scope;
}

/** The repository that a call names, or the caller's only one. Error: AITO_GIT_SCOPE. */
export function repositoryOf(scope: GitScope, named: string | undefined): string {
  if (named !== undefined && /^[\w.-]+\/[\w.-]+$/.test(named) && !/(^|\/)\.{1,2}($|\/)/.test(named)) return named;
  if (named === undefined && !scope.repository.endsWith("/*")) return scope.repository;
  throw new AitoError(
    "AITO_GIT_SCOPE",
    `a repository is named as owner/name${named === undefined ? "" : `, not "${named.slice(0, 100)}"`}`,
    {
      hint: `within ${[scope.repository, ...scope.reviews].join(", ")}`,
      status: 422,
    },
  );
}

/** Whether it may look at the repository, and review what is proposed there. Error: AITO_GIT_SCOPE. */
export function mayRead(scope: GitScope, repository: string): void {
  const patterns = [scope.repository, ...scope.reviews];
  if (patterns.some((pattern) => covers(pattern, repository))) return;
  throw outside(scope, repository, patterns);
}

/** Whether it may change anything there at all. Error: AITO_GIT_SCOPE. */
export function mayWrite(scope: GitScope, repository: string): void {
  if (!covers(scope.repository, repository)) throw outside(scope, repository, [scope.repository]);
}

const outside = (scope: GitScope, repository: string, patterns: string[]): AitoError =>
  new AitoError("AITO_GIT_SCOPE", `${repository} is outside what ${scope.owner.name} may touch: ${patterns.join(", ")}`, {
    hint: "ask the colleague whose repository it is",
    status: 403,
  });

/** Every file of a change against the role's rights and path filters. Error: AITO_GIT_REFUSED, which names the rule. */
export function judge(scope: GitScope, entries: ReadonlyMap<string, TreeEntry>, changes: readonly FileChange[]): void {
  const modes = new Map<string, EntryMode>([...entries].map(([path, { mode }]) => [path, mode]));
  const refusal = judgeChange({ right: scope.right, paths: scope.paths }, indexTree(modes), changes);
  if (!refusal) return;
  throw new AitoError("AITO_GIT_REFUSED", `${refusal.message} (rule: ${refusal.rule}); nothing was written`, {
    hint: `${scope.owner.name} may write ${scope.paths.join(", ")} in ${scope.repository}`,
    status: 403,
  });
}
