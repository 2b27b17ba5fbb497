import { AitoError, type Clock, errorText, Lifecycle, type Logger } from "@aito/base";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { type AppRegistration, AppTokens } from "./app-tokens.ts";
import { makeAnswer, type RawAnswer } from "./answer-request.ts";
import { githubTime } from "./asked.ts";
import { HookSender } from "./deliver-hooks.ts";
import { type Fault, Faults } from "./faults.ts";
import { GithubProblem } from "./github-problem.ts";
import { BareRepository } from "./git/bare-repository.ts";
import { GithubState, type User } from "./github-state.ts";
import { showPage } from "./pages.ts";
import { presentAccount } from "./present/account.ts";
import { presentRepository } from "./present/repository.ts";
import { type LimitSettings, RateLimits, usualLimits } from "./rate-limits.ts";

export interface LocalGithubOptions {
  /** Holds the bare repositories (`OWNER/NAME.git`) and state.json; made when it is not there. */
  folder: string;
  host: string;
  /** 0 takes a free port. */
  port: number;
  /** Account by token. */
  tokens: Record<string, string>;
  /** GitHub Apps, which get tokens of an hour for the accounts that installed them. */
  apps?: AppRegistration[];
  log: Logger;
  clock: Clock;
  limits?: Partial<LimitSettings>;
  /** A repository that does not exist is made when it is first asked for: a rehearsal needs no list of them. */
  makesRepositories?: boolean;
  /** Whether answers too are held against the official description; they are if nothing is said. */
  checkAnswers?: boolean;
  /** The address in links, where it is not the one that it is asked by. */
  publicUrl?: string;
}

export interface NewRepository {
  owner: string;
  name: string;
  private?: boolean;
  /** Path and text of the files that its first commit holds. */
  files?: Record<string, string>;
}

export interface LocalGithub {
  url: string;
  /** Makes a repository with a first commit on `main`; one that is there stays as it is. */
  addRepository(repository: NewRepository): Promise<{ folder: string }>;
  /** Goes wrong with the next requests that match. */
  fault(fault: Fault): void;
  /** Requests since the start, as `METHOD /path`. */
  requests: readonly string[];
  /** Ends every token that an app was given. */
  revokeAppTokens(): void;
  close(): Promise<void>;
}

const bodyBytesMax = 32 * 1024 * 1024;
const requestsKept = 100_000;

interface Server {
  options: LocalGithubOptions;
  state: GithubState;
  faults: Faults;
  limits: RateLimits;
  apps: AppTokens;
  requests: string[];
  answer: ReturnType<typeof makeAnswer>;
  /** Changes are made one after another. */
  turn: Promise<unknown>;
  url: string;
}

/** Serves a part of GitHub's REST API over bare git repositories on disk. Error: AITO_LOCAL_GITHUB_PORT. */
export async function startLocalGithub(options: LocalGithubOptions): Promise<LocalGithub> {
  const { log, clock } = options;
  const life = new Lifecycle(log);
  const state = await GithubState.open(options.folder);
  const hooks = life.add("hooks", new HookSender({ log, clock }));
  const limits = new RateLimits(clock, { ...usualLimits, ...options.limits });
  const apps = new AppTokens(clock, options.apps ?? []);
  const answer = makeAnswer({
    state,
    limits,
    apps,
    checkAnswers: options.checkAnswers ?? true,
    tell: (told, asked) => hooks.send(told, presentAccount(asked.user, asked.baseUrl), presentRepository(told.repository, asked)),
  });
  const server: Server = {
    options,
    state,
    limits,
    apps,
    answer,
    faults: new Faults(),
    requests: [],
    turn: Promise.resolve(),
    url: "",
  };
  // Whose line was cut at the end may still be at work.
  life.onClose("changes", async () => void (await server.turn));
  const app = Fastify({ bodyLimit: bodyBytesMax, forceCloseConnections: true, routerOptions: { maxParamLength: 2_000 } });
  routes(app, server);
  life.add("server", app);
  try {
    server.url = await app.listen({ host: options.host, port: options.port });
  } catch (error) {
    await life.close();
    throw new AitoError("AITO_LOCAL_GITHUB_PORT", `cannot listen on ${options.host}:${options.port}: ${errorText(error)}`, {
      hint: "choose another port",
      fate: "human",
      cause: error,
    });
  }
  server.url = options.publicUrl ?? server.url;
  for (const login of Object.values(options.tokens)) state.account(login, "Bot");
  log.info({ url: server.url }, "a local GitHub listens: nothing leaves this machine");
  return {
    url: server.url,
    requests: server.requests,
    addRepository: (repository) => addRepository(server, repository),
    fault: (fault) => server.faults.add(fault),
    revokeAppTokens: () => apps.revokeAll(),
    close: () => life.close(),
  };
}

async function addRepository(
  { state, options }: Server,
  { owner, name, files = {}, ...given }: NewRepository,
): Promise<{ folder: string }> {
  const folder = state.folderOf({ owner, name });
  if (state.repository(owner, name)) return { folder };
  const now = githubTime(options.clock.now());
  state.account(owner, "Organization");
  const git = new BareRepository(folder);
  await git.init("main");
  const entries = new Map<string, { mode: string; sha: string }>();
  const first = { "README.md": `# ${name}\n`, ...files };
  for (const [path, text] of Object.entries(first)) {
    entries.set(path, { mode: "100644", sha: await git.writeBlob(Buffer.from(text, "utf8")) });
  }
  const by = { name: owner, email: `${owner}@users.noreply.localhost`, date: now };
  const tree = await git.writeTree(entries);
  await git.setRef(
    "refs/heads/main",
    await git.writeCommit({ tree, parents: [], message: "First commit\n", author: by, committer: by }),
  );
  state.addRepository({
    id: state.nextId(),
    owner,
    name,
    private: given.private ?? true,
    defaultBranch: "main",
    createdAt: now,
    pushedAt: now,
    issues: [],
    labels: [],
    statuses: [],
    checkRuns: [],
    hooks: [],
  });
  await state.save();
  return { folder };
}

function routes(app: FastifyInstance, server: Server): void {
  // GitHub takes JSON by whatever name it is sent, and no body at all.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, text, done) => {
    if (text === "") return done(null, null);
    try {
      done(null, JSON.parse(String(text)));
    } catch {
      done(new GithubProblem(400, "Problems parsing JSON"));
    }
  });
  app.setErrorHandler((error, _request, reply) => sendProblem(error, reply, server));
  app.all("/*", async (request, reply) => {
    const page = request.method === "GET" ? await showPage(server.state, request.url) : null;
    if (page) return reply.type("text/html; charset=utf-8").send(page);
    return await serve(request, reply, server);
  });
}

async function serve(request: FastifyRequest, reply: FastifyReply, server: Server): Promise<FastifyReply> {
  const { clock } = server.options;
  const [path = "/"] = request.url.split("?");
  const named = `${request.method} ${path}`;
  server.requests.push(named);
  if (server.requests.length > requestsKept) server.requests.shift();
  const fault = server.faults.take(named);
  if (fault?.delayMs) await clock.sleep(fault.delayMs);
  await fault?.until;
  const { user, app, account } = authenticate(request, path, server);
  const writes = request.method !== "GET" && request.method !== "HEAD";
  server.limits.take(user.login, writes);
  void reply.headers(server.limits.headers(user.login)).header("x-github-media-type", "github.v3; format=json");
  if (fault && !fault.afterEffect && (fault.status !== undefined || fault.cut)) return fail(reply, fault);
  await makeAsked(server, path);
  const ask = async (): Promise<RawAnswer> =>
    await server.answer({
      method: request.method,
      path,
      query: Object.fromEntries(
        Object.entries(request.query as Record<string, unknown>).map(([key, value]) => [key, String(value)]),
      ),
      body: request.body,
      ifNoneMatch: request.headers["if-none-match"] ?? null,
      baseUrl: server.options.publicUrl ?? `http://${request.host}`,
      user,
      app,
      account,
      now: clock.now(),
    });
  const { status, body, headers } = await (writes ? inTurn(server, ask) : ask());
  if (fault && (fault.status !== undefined || fault.cut)) return fail(reply, fault);
  void reply.status(status).headers({ ...headers, ...server.limits.headers(user.login) });
  return body === null ? reply.send() : reply.type("application/json; charset=utf-8").send(JSON.stringify(body));
}

async function inTurn<Result>(server: Server, act: () => Promise<Result>): Promise<Result> {
  const mine = server.turn.then(async () => {
    const result = await act();
    await server.state.save();
    return result;
  });
  server.turn = mine.catch(() => {});
  return await mine;
}

/** Makes the repository that a request names, where there is none and they are made so. */
async function makeAsked(server: Server, path: string): Promise<void> {
  const [, owner = "", name = ""] = /^\/repos\/([\w-]+)\/([\w.-]+)/.exec(path) ?? [];
  if (server.options.makesRepositories !== true || name === "" || name.startsWith(".")) return;
  if (!server.state.repository(owner, name)) await inTurn(server, () => addRepository(server, { owner, name }));
}

/** By a token of an account, by one of an app's installation, and for `/app` by what the app itself signed. */
function authenticate(
  request: FastifyRequest,
  path: string,
  { options, state, apps }: Server,
): { user: User; app: AppRegistration | null; account: string | null } {
  const token = /^(?:bearer|token)\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (token === undefined) throw new GithubProblem(401, "Bad credentials");
  const botOf = ({ slug }: AppRegistration): User => state.account(`${slug}[bot]`, "Bot");
  if (/^\/app(\/|$)/.test(path)) {
    const app = apps.appOf(token);
    return { user: botOf(app), app, account: null };
  }
  const installed = apps.installedBy(token);
  if (installed) return { user: botOf(installed.app), app: null, account: installed.account };
  const login = Object.hasOwn(options.tokens, token) ? options.tokens[token] : undefined;
  if (login === undefined) throw new GithubProblem(401, "Bad credentials");
  return { user: state.account(login, "Bot"), app: null, account: null };
}

function fail(reply: FastifyReply, { status, headers, message, cut }: Fault): FastifyReply {
  if (!cut)
    return reply
      .status(status ?? 500)
      .headers(headers ?? {})
      .send({ message: message ?? "Server Error" });
  reply.hijack();
  reply.raw.destroy();
  return reply;
}

function sendProblem(error: unknown, reply: FastifyReply, { options }: Server): FastifyReply {
  if (error instanceof GithubProblem) {
    if (error.status >= 500) options.log.error({ error: error.message }, "the local GitHub failed");
    return reply.status(error.status).headers(error.headers).send(error.body);
  }
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (status >= 500) options.log.error({ error: errorText(error) }, "the local GitHub failed");
  return reply.status(status).send({ message: errorText(error) });
}
