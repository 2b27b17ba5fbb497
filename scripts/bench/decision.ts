import { connectTools } from "../../packages/agent/src/mcp-tools.ts";
import { Lifecycle, silentLogger } from "../../packages/base/src/index.ts";
import { listDecisions, propose, transact } from "../../packages/company/src/index.ts";
import { Proposal } from "../../packages/protocol/src/index.ts";
import { startCompany, startPostgres, startRedis, waitFor } from "../../packages/testkit/src/index.ts";
import { row, type Row, timed } from "./measure.ts";
import { enter, openCompany } from "./services.ts";

const votes = 200;
const atOnce = 100;
const allWithinMs = 120_000;

const proposal = (title: string, usd: number): Proposal => Proposal.parse({ title, type: "major", usd });

/**
 * `vote`: from the second head's tool call to its answer, which comes after the tally and the outcome are stored; the floor is one
 * durable transaction. `decisions-at-once`: a hundred decisions proposed together until the last has ended, with the instant model.
 */
export async function benchDecision(): Promise<Row[]> {
  return [await benchVote(), await benchAtOnce()];
}

async function benchVote(): Promise<Row> {
  const life = new Lifecycle(silentLogger);
  try {
    const { deps, socketPath } = await openCompany(life);
    const [ceo, dao] = [await enter(deps, life, socketPath, "ceo"), await enter(deps, life, socketPath, "dao")];
    const toolsOf = async ({ link, hello }: typeof ceo) =>
      life.add(
        "tools",
        await connectTools({ fetch: link.fetch, session: hello.session, run: deps.newId(), signal: life.signal }),
      );
    const [first, second] = [await toolsOf(ceo), await toolsOf(dao)];
    const ours: number[] = [];
    const floors: number[] = [];
    for (let index = 0; index < votes; index += 1) {
      const { id } = await propose(deps, "cto", proposal(`Decision ${index}`, 150));
      const ballot = { decision_id: id, vote: "veto", reason: "not now" };
      await first.call("cast_vote", ballot, life.signal);
      floors.push(
        await timed(() => transact(deps, (unit) => unit.event({ type: "bench.floor", source: "system", payload: {} }))),
      );
      const start = performance.now();
      const answer = await second.call("cast_vote", ballot, life.signal);
      ours.push(performance.now() - start);
      if (!answer.ok || !answer.text.includes("vetoed")) throw new Error(`the vote did not close the round: ${answer.text}`);
    }
    return row("vote", "ms", ours, floors);
  } finally {
    await life.close();
  }
}

async function benchAtOnce(): Promise<Row> {
  const postgres = await startPostgres();
  const redis = await startRedis();
  try {
    const { controlUrl: url } = await postgres.database();
    const company = await startCompany({ postgresUrl: url, redis, change: (fleet) => delete fleet.file.kickoff });
    try {
      const ms = await timed(async () => {
        const proposers = ["cmo", "cto", "cfo", "coo", "cco"];
        const made = Array.from({ length: atOnce }, (_, index) =>
          propose(company.deps, proposers[index % proposers.length]!, proposal(`At once ${index}`, 101 + index)),
        );
        await Promise.all(made);
        // Asked for one that is open: reading all hundred again and again would be most of what is measured.
        await waitFor(
          () => listDecisions(company.deps, { status: "pending", limit: 1 }),
          (open) => open.length === 0,
          allWithinMs,
        );
      });
      const ended = await listDecisions(company.deps, { limit: 200 });
      if (ended.length !== atOnce || ended.some(({ status }) => status === "pending"))
        throw new Error(`of ${atOnce} decisions ${ended.length} are there, and not all have ended`);
      return row(`decisions-at-once (${atOnce})`, "ms", [ms], null);
    } finally {
      await company.close();
    }
  } finally {
    await redis.stop();
    await postgres.stop();
  }
}
