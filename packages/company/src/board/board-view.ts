import { AitoError } from "@aito/base";
import { type BoardView, channels } from "@aito/protocol";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { countBoard, selectBoard, selectProblems, updateBoard } from "./queries.ts";

const problemsMax = 20;

/** How far the board shows the tasks. */
export async function boardView(deps: CompanyDeps): Promise<BoardView> {
  return await transact(deps, async (unit) => {
    const row = await selectBoard(unit);
    const counts = row ? await countBoard(unit) : { tasks: 0, mirrored: 0, waiting: 0 };
    return {
      repository: row?.repository ?? null,
      ...counts,
      problems: row ? await selectProblems(unit, problemsMax) : [],
      syncedAt: row?.synced_at?.toISOString() ?? null,
      pausedUntil: row?.paused_until && row.paused_until > unit.now ? row.paused_until.toISOString() : null,
      lastError: row?.last_error ?? null,
    };
  });
}

/** GitHub is asked for changes at once. False: there is no board. Whoever rings it often changes nothing else. */
export const pokeBoard = (deps: CompanyDeps): Promise<boolean> => transact(deps, pokeBoardIn);

export async function pokeBoardIn(unit: Unit): Promise<boolean> {
  if (!(await selectBoard(unit))) return false;
  await updateBoard(unit, { poll_at: unit.now });
  await unit.ring(channels.board, {});
  return true;
}

/** The same for an operator. Error: AITO_BOARD_NONE. */
export async function syncBoard(deps: CompanyDeps): Promise<BoardView> {
  if (await pokeBoard(deps)) return await boardView(deps);
  throw new AitoError("AITO_BOARD_NONE", "this company has no board", {
    hint: "name one in the fleet file (board: {repository: owner/name}) and give the gateway AITO_GITHUB_TOKEN",
    status: 409,
  });
}
