import { createHash } from "node:crypto";
import type { AppRegistration, AppTokens } from "./app-tokens.ts";
import type { Asked, Handler, Told } from "./asked.ts";
import { githubTime } from "./asked.ts";
import { GithubProblem, notFound } from "./github-problem.ts";
import { BareRepository, GitProblem } from "./git/bare-repository.ts";
import type { GithubState, User } from "./github-state.ts";
import { describedOperations } from "./openapi/operations.ts";
import { allHandlers } from "./operations/all-handlers.ts";
import type { RateLimits } from "./rate-limits.ts";

export interface RawRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  body: unknown;
  ifNoneMatch: string | null;
  baseUrl: string;
  user: User;
  app: AppRegistration | null;
  account: string | null;
  now: Date;
}

export interface RawAnswer {
  status: number;
  body: unknown;
  headers: Record<string, string>;
}

export interface Answering {
  state: GithubState;
  limits: RateLimits;
  apps: AppTokens;
  /** Answers that are not as the official description says are refused: 500 with what is wrong. */
  checkAnswers: boolean;
  tell(told: Told, asked: Asked): void;
}

const perPageUsual = 30;
const perPageMax = 100;

/** Finds the operation, checks the request and the answer against the official description, cuts lists into pages. */
export function makeAnswer(tools: Answering): (request: RawRequest) => Promise<RawAnswer> {
  // Read when the first request comes: a company starts sooner.
  let operations: ReturnType<typeof describedOperations> | null = null;
  const repositories = new Map<string, BareRepository>();
  const handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
    ...allHandlers,
    ["rate-limit/get", ({ user }) => ({ body: { resources: { core: view(user), search: view(user) }, rate: view(user) } })],
  ]);
  const view = (user: User) => tools.limits.view(user.login);
  return async (request) => {
    operations ??= describedOperations();
    const found = operations(request.method, request.path);
    const handler = found && handlers.get(found.operation.id);
    if (!handler) throw notFound();
    const { operation, params } = found;
    const problems = operation.problemsOf({ query: request.query, body: request.body });
    if (problems.length > 0) {
      const errors = problems.map(({ field, message }) => ({ resource: operation.id, field, code: "invalid", message }));
      throw new GithubProblem(422, "Validation Failed", { errors });
    }
    const asked: Asked = {
      state: tools.state,
      user: request.user,
      app: request.app,
      account: request.account,
      apps: tools.apps,
      params,
      query: request.query,
      body: (request.body ?? {}) as Record<string, unknown>,
      now: githubTime(request.now),
      baseUrl: request.baseUrl,
      gitOf: (repository) => {
        const folder = tools.state.folderOf(repository);
        const known = repositories.get(folder) ?? new BareRepository(folder);
        repositories.set(folder, known);
        return known;
      },
      tell: (told) => tools.tell(told, asked),
    };
    const answer = paged(await answered(handler, asked), request);
    if (tools.checkAnswers) {
      const problem = operation.answerProblem(answer.status, answer.body);
      if (problem !== null) throw new GithubProblem(500, `${operation.id} answered otherwise than described: ${problem}`);
    }
    return request.method === "GET" ? conditional(answer, request, tools.limits) : answer;
  };
}

async function answered(
  handler: Handler,
  asked: Asked,
): ReturnType<Handler extends (a: Asked) => infer R ? () => Promise<Awaited<R>> : never> {
  try {
    return await handler(asked);
  } catch (error) {
    if (!(error instanceof GitProblem)) throw error;
    if (error.kind === "missing") throw notFound();
    throw new GithubProblem(error.kind === "conflict" ? 409 : 422, error.message);
  }
}

function paged(answer: Awaited<ReturnType<Handler>>, { query, path, baseUrl }: RawRequest): RawAnswer {
  if (!("list" in answer)) return { status: answer.status ?? 200, body: answer.body, headers: {} };
  const size = Math.min(perPageMax, Math.max(1, Number(query["per_page"] ?? perPageUsual)));
  const page = Math.max(1, Number(query["page"] ?? 1));
  const last = Math.max(1, Math.ceil(answer.list.length / size));
  const items = answer.list.slice((page - 1) * size, page * size);
  const at = (number: number): string =>
    `${baseUrl}${path}?${new URLSearchParams({ ...query, page: String(number) }).toString()}`;
  const links = [
    ...(page > 1 ? [`<${at(page - 1)}>; rel="prev"`, `<${at(1)}>; rel="first"`] : []),
    ...(page < last ? [`<${at(page + 1)}>; rel="next"`, `<${at(last)}>; rel="last"`] : []),
  ];
  return {
    status: 200,
    body: answer.wrap ? answer.wrap(items, answer.list.length) : items,
    headers: links.length > 0 ? { link: links.join(", ") } : {},
  };
}

function conditional(answer: RawAnswer, { ifNoneMatch, user }: RawRequest, limits: RateLimits): RawAnswer {
  const etag = `"${createHash("sha256").update(JSON.stringify(answer.body)).digest("hex")}"`;
  const headers = { ...answer.headers, etag };
  if (ifNoneMatch === null || ifNoneMatch.replace(/^W\//, "") !== etag) return { ...answer, headers };
  limits.giveBack(user.login);
  return { status: 304, body: null, headers };
}
