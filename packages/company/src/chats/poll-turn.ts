import { type CompanyDeps, transact } from "../company.ts";
import { advancePoll, releasePoll, takePoll } from "./queries.ts";

/** Takes or keeps the turn to ask the chat program; null while another gateway has it. Answers from which update on. */
export async function takePollTurn(deps: CompanyDeps, turn: { holder: string; leaseMs: number }): Promise<bigint | null> {
  return await transact(deps, (unit) =>
    takePoll(unit, { holder: turn.holder, until: new Date(unit.now.getTime() + turn.leaseMs) }),
  );
}

/** What came before is dealt with and not asked for again. */
export const endPolled = (deps: CompanyDeps, turn: { holder: string; next: bigint }): Promise<void> =>
  transact(deps, (unit) => advancePoll(unit, turn));

export const givePollTurn = (deps: CompanyDeps, holder: string): Promise<void> =>
  transact(deps, (unit) => releasePoll(unit, holder));
