import type { Unit } from "../../../company.ts";
import type { Ask, MemoryFilter } from "../queries.ts";
import { countAllowed, exactRowsMax, type Field, poolOf, type PoolRow, walkIndex } from "./queries.ts";
import { rarestWords, type Term } from "./rarest-words.ts";

/** So many from each list, where no more are asked for. */
const perListMin = 50;
const perListTimes = 2;

interface Gathering {
  terms: readonly Term[];
  total: number;
  limit: number;
  /** Without the index: for measuring. */
  exact: boolean;
}

/**
 * What may answer a question: the best by meaning and by words, and of each day that it names the best of that day. A filter that leaves
 * few rows is answered exactly; otherwise the indexes are walked until enough rows pass it, and if that gave too little after all,
 * exactly: a filter never silently returns less than there is.
 */
export async function gatherPool(unit: Unit, ask: Ask, { terms, total, limit, exact }: Gathering): Promise<PoolRow[]> {
  const perList = Math.max(perListMin, limit * perListTimes);
  const fieldOf = async (filter: MemoryFilter, size: number): Promise<Field> => ({
    filter,
    isNarrow: isOpen(filter, total) ? false : (await countAllowed(unit, filter)) <= exactRowsMax,
    limit: size,
  });
  const fields = [await fieldOf(ask.filter, perList)];
  for (const days of ask.days) fields.push(await fieldOf({ ...ask.filter, days }, perList / 2));
  const tries = ask.words.length > 0 ? rarestWords(terms, total) : [];
  const hasMeaning = ask.meaning !== null;
  if (hasMeaning && !exact && fields.some(({ isNarrow }) => !isNarrow)) await walkIndex(unit);
  // Few rows are ranked all, whatever word they hold.
  const anyWord = tries.at(-1)!;
  const gather = async ({ by, exactly }: { by: string | undefined; exactly: boolean }): Promise<PoolRow[]> =>
    await poolOf(unit, ask, {
      near: hasMeaning ? fields.map((field) => ({ ...field, isNarrow: field.isNarrow || exactly })) : [],
      worded: by === undefined ? [] : fields.map((field) => ({ ...field, any: field.isNarrow ? anyWord : by })),
    });

  let pool = await gather({ by: tries[0], exactly: exact });
  if (hasMeaning && !exact && !fields[0]!.isNarrow && pool.filter(({ near }) => near).length < Math.min(limit, exactRowsMax))
    pool = await gather({ by: tries[0], exactly: true });
  for (const by of tries.slice(1)) {
    // Where meaning finds enough, what holds fewer of the question's words adds nothing.
    if (hasMeaning || fields[0]!.isNarrow || pool.filter(({ worded }) => worded).length >= limit) break;
    pool = await gather({ by, exactly: false });
  }
  return pool;
}

/** Lets nearly all rows through, of which there are many: nothing to count. */
const isOpen = ({ agentIds, clientId, sources, days }: MemoryFilter, total: number): boolean =>
  total > exactRowsMax * 2 && [agentIds, clientId, sources, days].every((each) => each === undefined);
