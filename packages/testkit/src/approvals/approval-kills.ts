import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type CompanyDeps, endOverdue, listPublications } from "@aito/company";
import { sql } from "kysely";
import { type ApprovalGround, approvalGround } from "./approval-ground.ts";

const program = new URL("./approval-runner.ts", import.meta.url).pathname;
const publicationsMax = 100_000;

/** Where a process dies that runs an approved call, and what must be true afterwards. `null`: killed at any moment. */
interface Death {
  at: string | null;
  outside: boolean;
  /** Each way that it may end: how the approval stands, and how often it happened. */
  ends: string[];
}

const named: readonly Death[] = [
  { at: "commit.before:1", outside: true, ends: ["done 1"] },
  { at: "commit.after:1", outside: true, ends: ["unknown 0"] },
  { at: "approval.after_journal", outside: true, ends: ["unknown 0"] },
  { at: "approval.after_effect", outside: true, ends: ["unknown 1"] },
  { at: "commit.before:2", outside: true, ends: ["unknown 1"] },
  { at: "commit.after:2", outside: true, ends: ["done 1"] },
  { at: "approval.after_record", outside: true, ends: ["done 1"] },
  { at: "commit.before:1", outside: false, ends: ["done 1"] },
  { at: "commit.after:1", outside: false, ends: ["done 1"] },
  { at: "approval.after_record", outside: false, ends: ["done 1"] },
];
const atAnyMoment = (outside: boolean): Death => ({
  at: null,
  outside,
  ends: outside ? ["done 1", "unknown 0", "unknown 1"] : ["done 1"],
});

export interface ApprovalKills {
  kills: number;
  /** By death and end, how often: "approval.after_effect outside: unknown 1". */
  ends: Record<string, number>;
  /** What was not as promised. */
  problems: string[];
}

interface Ground {
  deps: CompanyDeps;
  databaseUrl: string;
  /** An empty folder of this run. */
  folder: string;
  rounds: number;
  /** Processes at once. */
  jobs: number;
  /** Further deaths of each round at moments that nobody chose; `delay` says after how many milliseconds. */
  random: { count: number; delay: () => number };
  /** Puts the clock of `deps` behind the lease of what was begun. */
  afterLease: () => void;
}

interface Asked {
  id: string;
  death: Death;
  ground: ApprovalGround;
}

/**
 * Kills processes (SIGKILL) that run approved calls, at each named point and at random, and lets two others at once find what they
 * left. Each call is one process. Never twice; what cannot be known is unknown; and each leaves the one receipt that says so.
 */
export async function playApprovalKills(given: Ground): Promise<ApprovalKills> {
  const { deps, folder } = given;
  const ledger = join(folder, "ledger");
  const note = (key: string): void => appendFileSync(ledger, `${key}\n`);
  const grounds = new Map([true, false].map((outside) => [outside, approvalGround(deps, { outside, effect: note })]));
  const agent = await grounds.get(true)!.enter("cmo");
  const report: ApprovalKills = { kills: 0, ends: {}, problems: [] };
  for (let round = 0; round < given.rounds; round += 1) {
    const deaths = [...named, ...Array.from({ length: given.random.count }, (_, at) => atAnyMoment(at % 2 === 0))];
    const asked: Asked[] = [];
    for (const [at, death] of deaths.entries()) {
      const ground = grounds.get(death.outside)!;
      const approval = await ground.ask(agent, ground.callOf({ title: `Round ${round}, ${at}` }));
      await ground.approve(approval);
      asked.push({ id: approval.id, death, ground });
    }
    await inTurns(asked, given.jobs, async ({ id, death }) => {
      const signal = await die(given, { id, death, ledger });
      if (signal === "SIGKILL") report.kills += 1;
      else if (death.at !== null) report.problems.push(`${death.at}: the process was not killed there`);
    });
    // Others find them: two at once, then again when the lease is over, and once more after that.
    const again = async (): Promise<void> =>
      void (await Promise.all(asked.flatMap(({ id, ground }) => [ground.run(id), ground.run(id)])));
    await again();
    given.afterLease();
    await endOverdue(deps, grounds.get(true)!.tools);
    await again();
    await count(report, { deps, asked, ledger });
  }
  return report;
}

async function count(
  report: ApprovalKills,
  { deps, asked, ledger }: { deps: CompanyDeps; asked: readonly Asked[]; ledger: string },
): Promise<void> {
  const lines = existsSync(ledger) ? readFileSync(ledger, "utf8").split("\n") : [];
  const publications = await listPublications(deps, { limit: publicationsMax });
  const receipts = await receiptsByApproval(deps);
  for (const { id, death, ground } of asked) {
    const times = death.outside
      ? lines.filter((key) => key === id).length
      : publications.filter(({ approvalId }) => approvalId === id).length;
    const { status } = await ground.view(id);
    const end = `${status} ${times}`;
    const name = `${death.at ?? "any moment"} ${death.outside ? "outside" : "inside"}`;
    report.ends[`${name}: ${end}`] = (report.ends[`${name}: ${end}`] ?? 0) + 1;
    const said = receipts.get(id) ?? "none";
    if (said !== (status === "done" ? "succeeded" : status)) report.problems.push(`${name}: ${end}, and its receipts: ${said}`);
    if (!death.ends.includes(end)) report.problems.push(`${name}: ${end}, promised: ${death.ends.join(" or ")}`);
  }
}

/** How the receipts of each approval's calls say that they ended. */
async function receiptsByApproval(deps: CompanyDeps): Promise<Map<string, string>> {
  const found = await deps.db.transaction({ companyId: deps.companyId }, (tx) =>
    sql<{ id: string; said: string }>`select a.approval_id as id, string_agg(r.status, ', ') as said
      from actions a join receipts r on r.id = a.receipt_id where a.approval_id is not null group by a.approval_id`.execute(
      tx.queries,
    ),
  );
  return new Map(found.rows.map(({ id, said }) => [id, said]));
}

/** One process that runs the call; ends when it is gone. */
async function die(
  { deps, databaseUrl, random }: Ground,
  { id, death, ledger }: { id: string; death: Death; ledger: string },
): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [program], {
    env: {
      PATH: process.env["PATH"],
      POSTGRES_URL: databaseUrl,
      AITO_COMPANY_ID: deps.companyId,
      AITO_APPROVAL: id,
      AITO_OUTSIDE: death.outside ? "yes" : "no",
      AITO_LEDGER: ledger,
      AITO_CRASH_AT: death.at ?? "",
    },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const { clock } = deps;
  if (death.at === null)
    child.stdout.once(
      "data",
      () =>
        void clock.sleep(random.delay()).then(
          () => child.kill("SIGKILL"),
          () => undefined,
        ),
    );
  return await new Promise((done) => child.once("exit", (_code, signal) => done(signal)));
}

/** Each once, so many at a time. */
async function inTurns<T>(items: readonly T[], jobs: number, one: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) await one(items[at]!);
  };
  await Promise.all(Array.from({ length: jobs }, work));
}
