import { AitoError, inSpan } from "@aito/base";
import {
  type AgentSession,
  type CompanyDeps,
  type NewReceipt,
  type ReadyReceipt,
  readyReceipt,
  type ReceiptSigner,
  recordReceipt,
  recordReceipts,
  sessionStands,
} from "@aito/company";

const batchMax = 100;
const agentsMax = 2_000;

/** Writes receipts, each before its call is answered. */
export interface ReceiptWriter {
  /**
   * Errors: AITO_AGENT_STALE, AITO_STOPPED, where `deps` speak for an incarnation; AITO_AGENT_DOUBT where nobody asked about the session
   * and it is not as it was.
   */
  write(deps: CompanyDeps, session: AgentSession, receipt: NewReceipt): Promise<void>;
}

interface Waiting {
  ready: ReadyReceipt;
  heard(written: boolean): void;
}

/**
 * What an agent's calls leave while a commit is under way goes out together with the next one: they hold the same row, and each by
 * itself would wait for all commits before it. Agents do not wait for each other.
 */
export function makeReceiptWriter(signer: ReceiptSigner): ReceiptWriter {
  const queues = new Map<string, Waiting[]>();
  const work = async (deps: CompanyDeps, agentId: string, queue: Waiting[]): Promise<void> => {
    while (queue.length > 0) {
      const batch = queue.splice(0, batchMax);
      // Whatever is the matter, each is tried by itself and says so.
      const written = await recordReceipts(
        deps,
        batch.map(({ ready }) => ready),
      ).catch(() => []);
      for (const [at, { heard }] of batch.entries()) heard(written[at] === true);
    }
    queues.delete(agentId);
  };
  const together = (deps: CompanyDeps, ready: ReadyReceipt): Promise<boolean> =>
    new Promise((heard) => {
      const { agentId } = ready.row;
      const queue = queues.get(agentId);
      if (queue) return void queue.push({ ready, heard });
      if (queues.size >= agentsMax) return heard(false);
      const begun = [{ ready, heard }];
      queues.set(agentId, begun);
      void work(deps, agentId, begun);
    });
  return {
    write: async (deps, session, receipt) => {
      const ready = await readyReceipt(deps, session, receipt, signer);
      if (ready && (await inSpan("company.transaction", {}, () => together(deps, ready)))) return;
      if (session.unasked && !(await sessionStands(deps, session.unasked))) throw doubt(session);
      await recordReceipt(deps, session, receipt, signer);
    },
  };
}

const doubt = ({ agent }: AgentSession): AitoError =>
  new AitoError("AITO_AGENT_DOUBT", `the session of ${agent} is not as it was: it must be asked about anew`, {
    fate: "retry",
    status: 503,
  });
