import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lifecycle, silentLogger, systemClock } from "../../packages/base/src/index.ts";
import { boardView, createTask, loadPack, registerFleet, type CompanyDeps } from "../../packages/company/src/index.ts";
import { type EntryMode, type FileChange, indexTree, judgeChange } from "../../packages/connectors/src/index.ts";
import { type LocalGithub, startLocalGithub, unlimited } from "../../packages/local-github/src/index.ts";
import { waitFor } from "../../packages/testkit/src/index.ts";
import { row, type Row, timed } from "./measure.ts";
import { openCompany } from "./services.ts";

const repository = "acme/board";
const token = "token-of-the-bench";
const mirroredOneByOne = 50;
const syncedWithinMs = 3_600_000;
const shownWithinMs = 60_000;
const pathFiles = 1_000;
const pathRounds = 300;

/**
 * `task to issue`: from the commit of a task to its issue's presence on a local GitHub; the floor is one bare request that makes an issue
 * there. `first sync`: so many tasks without issues, with the gateway ended and started again half way; the floor is as many bare
 * requests. `requests an issue` says what it takes of GitHub's hourly limit. `path check` judges a change of a thousand files; its floor
 * is one regular expression over each of their paths.
 */
export async function benchBoard(options: { issues: number }): Promise<Row[]> {
  // Before anything else runs in this process: it is a matter of microseconds.
  const paths = benchPaths();
  const life = new Lifecycle(silentLogger);
  try {
    const folder = mkdtempSync(join(tmpdir(), "aito-bench-github-"));
    life.onClose("folder", () => rmSync(folder, { recursive: true, force: true }));
    const github = life.add(
      "github",
      await startLocalGithub({
        folder,
        host: "127.0.0.1",
        port: 0,
        tokens: { [token]: "aito-bot" },
        log: silentLogger,
        clock: systemClock,
        limits: unlimited,
        makesRepositories: true,
        checkAnswers: false,
      }),
    );
    const company = await openCompany(life, [], { board: { baseUrl: github.url, token: () => token, writeGapMs: 0 } });
    const sync = await benchFirstSync(company, github, options.issues);
    return [...(await benchOneByOne(company.deps, github)), ...sync, paths];
  } finally {
    await life.close();
  }
}

/** Names the board in the fleet file, as an operator does. */
async function nameBoard(deps: CompanyDeps): Promise<void> {
  const fleet = await loadPack(new URL("../../profiles/aito/fleet.yaml", import.meta.url).pathname);
  const board = { repository, label: "aito", closing: "reopen" as const, pollSeconds: 20 };
  await registerFleet(deps, { ...fleet, file: { ...fleet.file, board } });
}

const post = async (github: LocalGithub, title: string): Promise<void> => {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const body = JSON.stringify({ title, body: "A bare issue." });
  const answer = await fetch(`${github.url}/repos/acme/floor/issues`, { method: "POST", headers, body });
  if (answer.status !== 201) throw new Error(`the floor's issue was not made: ${answer.status}`);
};

async function benchFirstSync(
  { deps, restartGateway }: { deps: CompanyDeps; restartGateway: () => Promise<void> },
  github: LocalGithub,
  count: number,
): Promise<Row[]> {
  for (let at = 0; at < count; at += 1) await createTask(deps, "operator", { title: `Task ${at}`, assignTo: "cmo" });
  const floor = await timed(async () => {
    for (let at = 0; at < count; at += 1) await post(github, `Bare ${at}`);
  });
  const from = github.requests.length;
  let told = 0;
  const mirroredIs = (least: number): Promise<unknown> =>
    waitFor(
      () => boardView(deps),
      ({ mirrored, tasks }) => {
        if (mirrored >= told + 500) console.error(`  ${(told = mirrored)} of ${tasks} tasks have their issue`);
        return mirrored >= least;
      },
      syncedWithinMs,
    );
  const took = await timed(async () => {
    await nameBoard(deps);
    await mirroredIs(Math.floor(count / 2));
    await restartGateway();
    await mirroredIs(count);
  });
  const asked = github.requests.slice(from).filter((request) => request.includes(`/repos/${repository}`));
  const made = asked.filter((request) => request === `POST /repos/${repository}/issues`).length;
  if (made !== count) throw new Error(`${made} issues were made for ${count} tasks`);
  return [
    row(`first sync of ${count} issues, gateway ended half way`, "s", [took / 1_000], [floor / 1_000]),
    row("first sync: requests an issue", "calls", [asked.length / count], [1]),
  ];
}

async function benchOneByOne(deps: CompanyDeps, github: LocalGithub): Promise<Row[]> {
  const ours: number[] = [];
  const floors: number[] = [];
  for (let at = 0; at < mirroredOneByOne; at += 1) {
    floors.push(await timed(() => post(github, `One ${at}`)));
    const made = (): number => github.requests.filter((request) => request === `POST /repos/${repository}/issues`).length;
    const before = made();
    const start = performance.now();
    await createTask(deps, "operator", { title: `One ${at}`, assignTo: "cmo" });
    await waitFor(
      () => Promise.resolve(made()),
      (now) => now > before,
      shownWithinMs,
    );
    ours.push(performance.now() - start);
  }
  return [row("task to issue", "ms", ours, floors)];
}

/** A change of a thousand files in a repository of ten thousand. */
function benchPaths(): Row {
  const pathOf = (at: number): string => `content/part-${at % 50}/page-${at}.md`;
  const entries = new Map<string, EntryMode>(Array.from({ length: 10 * pathFiles }, (_, at) => [pathOf(at), "100644"]));
  const tree = indexTree(entries);
  const changes: FileChange[] = Array.from({ length: pathFiles }, (_, at) => ({ path: pathOf(at * 20), mode: "100644" }));
  const scope = { right: "write" as const, paths: ["content/*", "campaigns/*"] };
  const [ours, floors]: [number[], number[]] = [[], []];
  for (let warm = 0; warm < pathRounds; warm += 1) judgeChange(scope, tree, changes);
  for (let round = 0; round < pathRounds; round += 1) {
    let start = performance.now();
    if (judgeChange(scope, tree, changes) !== null) throw new Error("a change within the scope was refused");
    ours.push(performance.now() - start);
    start = performance.now();
    if (!changes.every(({ path }) => /^content\/.+/.test(path))) throw new Error("a path is not where it was put");
    floors.push(performance.now() - start);
  }
  return row(`path check of ${pathFiles} files`, "ms", ours, floors);
}
