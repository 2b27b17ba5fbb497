import type { SeededRandom } from "../races/seeded-random.ts";
import type { ChaosStack } from "./chaos-stack.ts";
import { waitFor } from "../wait-for.ts";
import { checkRecords } from "./check-records.ts";
import { readRecords } from "./records.ts";

/** A fault of the product, made by hand in the real data of a run that was in order. `undo` takes it back. */
interface Bug {
  name: string;
  /** What the checker must then say. */
  found: RegExp;
  plant(stack: ChaosStack, random: SeededRandom): Promise<() => Promise<void>>;
}

const inOrderMsMax = 60_000;

const sqlOf =
  (stack: ChaosStack): ((text: string) => Promise<string>) =>
  async (text) =>
    (await stack.postgres.sql(stack.database.name, text)).trim();

/** As the owner, past triggers: what a broken program or a hand in the database would do. */
const past = (text: string): string => `set session_replication_role = replica; ${text}`;

async function pickId(stack: ChaosStack, random: SeededRandom, from: string): Promise<string> {
  const ids = (await sqlOf(stack)(`select id from ${from} order by id`)).split("\n").filter(Boolean);
  if (ids.length === 0) throw new Error(`there is nothing to choose from: ${from}`);
  return random.pick(ids);
}

/** Takes a row away and puts it back. */
const dropRow =
  (table: string, where: string): Bug["plant"] =>
  async (stack, random) => {
    const sql = sqlOf(stack);
    const id = await pickId(stack, random, `${table} where ${where}`);
    const columns = await sql(`select string_agg(quote_ident(column_name), ', ') from information_schema.columns
    where table_name = '${table}' and is_generated = 'NEVER'`);
    const take = `create table planted as select ${columns} from ${table} where id = '${id}'`;
    await sql(past(`${take}; delete from ${table} where id = '${id}'`));
    return async () => void (await sql(past(`insert into ${table} (${columns}) select * from planted; drop table planted`)));
  };

export const bugs: Bug[] = [
  { name: "an outbox row is dropped", found: /outbox/, plant: dropRow("outbox", "body not like '%\"status\"%'") },
  {
    name: "an effect outside is run twice",
    found: /was executed 2 times/,
    plant: async ({ receiver, ledger }, random) => {
      const { headers, body } = random.pick(receiver.taken);
      await fetch(receiver.url, { method: "POST", headers, body, signal: AbortSignal.timeout(5_000) });
      receiver.taken.pop();
      // The agents live on and write behind it.
      const at = ledger.entries.findLastIndex((entry) => entry.kind === "effect" && entry.key === headers["x-aito-event-id"]);
      return async () => void ledger.entries.splice(at, 1);
    },
  },
  {
    name: "a gated tool is run twice",
    found: /released one publication and 2 are there/,
    plant: async (stack, random) => {
      const sql = sqlOf(stack);
      const id = await pickId(stack, random, "publications");
      const copy =
        await sql(`insert into publications select gen_random_uuid(), company_id, title, text, agent_id, decision_id, created_at
        from publications where id = '${id}' returning id`);
      return async () => void (await sql(`delete from publications where id = '${copy}'`));
    },
  },
  {
    name: "a task is done twice, and the second result counts",
    found: /was not the first handed in/,
    plant: async (stack, random) => {
      const sql = sqlOf(stack);
      const id = await pickId(stack, random, "tasks where status = 'done'");
      const before = await sql(`select result from tasks where id = '${id}'`);
      await sql(`update tasks set result = jsonb_set(result, '{text}', '"done once more"') where id = '${id}'`);
      return async () => void (await sql(`update tasks set result = $planted$${before}$planted$ where id = '${id}'`));
    },
  },
  {
    name: "a container is orphaned",
    found: /^I3: a container of ghost/,
    plant: async (stack, random) => {
      const docker = stack.docker();
      const labels = {
        "aito.company": stack.slug,
        "aito.agent": "ghost",
        "aito.kind": "agent",
        "aito.epoch": "1",
        "aito.run": "none",
      };
      const Image = `aito-agent:${process.env["AITO_TAG"] ?? "latest"}`;
      const made = await docker.createContainer({
        Image,
        name: `aito-${stack.slug}-ghost`,
        Labels: labels,
        OpenStdin: true,
        HostConfig: { NetworkMode: "none" },
      });
      // One that was made and never started is left over just as well.
      if (random.chance(0.5)) await made.start();
      return async () => void (await made.remove({ force: true }));
    },
  },
  {
    name: "an audit row is edited",
    found: /^I6: the chain does not verify/,
    plant: async (stack, random) => {
      const sql = sqlOf(stack);
      const id = await pickId(stack, random, "events where seq is not null");
      const before = await sql(`select body from events where id = '${id}'`);
      await sql(past(`update events set body = replace(body, '"source":"', '"source":"x') where id = '${id}'`));
      return async () => void (await sql(past(`update events set body = $planted$${before}$planted$ where id = '${id}'`)));
    },
  },
  { name: "an audit row is deleted", found: /^I6: the chain does not verify/, plant: dropRow("events", "seq is not null") },
  { name: "an accepted task vanishes", found: /^I1: task .* is not there/, plant: dropRow("tasks", "title like 'plain %'") },
];

/**
 * Plants each bug `rounds` times at a place of the seed's choice and asks the checker. Returns where it was not found, and what was
 * wrong without any. The orchestrator is held, as it would put some of it right.
 */
export async function plantBugs(
  stack: ChaosStack,
  options: { rounds: number; random: SeededRandom },
): Promise<{ planted: number; missed: string[] }> {
  const problems = async (): Promise<string[]> => checkRecords(stack.ledger.entries, await readRecords(stack));
  /** The agents live, and may be in the middle of something. */
  const inOrder = async (): Promise<string[]> =>
    await waitFor(problems, (found) => found.length === 0, inOrderMsMax).catch(async () => await problems());
  await stack.orchestrator.hold();
  const before = await inOrder();
  const missed = before.map((problem) => `wrong before anything was planted: ${problem}`);
  let planted = 0;
  for (const bug of bugs) {
    for (let round = 1; round <= options.rounds; round += 1) {
      const undo = await bug.plant(stack, options.random);
      planted += 1;
      const found = await problems();
      if (!found.some((problem) => bug.found.test(problem)))
        missed.push(`${bug.name} (${round}): the checker says ${found[0] ?? "nothing"}`);
      await undo();
    }
  }
  stack.orchestrator.start();
  const after = await inOrder();
  return { planted, missed: [...missed, ...after.map((problem) => `wrong after all was taken back: ${problem}`)] };
}
