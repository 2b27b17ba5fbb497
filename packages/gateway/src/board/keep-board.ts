import { randomUUID } from "node:crypto";
import { errorText, isAitoError, togetherMs } from "@aito/base";
import {
  type AskedTool,
  beginCreate,
  boardLeaseMs,
  type BoardSession,
  endBoardJob,
  leaveBoard,
  nextBoardJob,
  recordNote,
  recordProgress,
  recordReceiptIn,
  recordTold,
  settleIssue,
  takeBoardFor,
  takeComments,
  waitingNotes,
} from "@aito/company";
import { GithubIssues, GithubLimit, type GithubPlace } from "@aito/connectors";
import { channels, readConsoleBell } from "@aito/protocol";
import type { GatewayContext } from "../gateway-context.ts";
import { versionOf } from "../mcp/gated-call.ts";
import { approvalNeeded } from "../mcp/run-gated.ts";
import { openWhenPossible } from "../open-when-possible.ts";
import { restUntilRung } from "../rest-until-rung.ts";
import { showOnBoardTool } from "./show-on-board.ts";
import { type BoardRecords, type IssueBoard, pullIssues, pushOne, type SyncSetup } from "./sync-board.ts";

export interface BoardAccess extends GithubPlace {
  /** Between two writes, once the first few are through: GitHub asks its clients for a second. */
  writeGapMs: number;
}

const lookEveryMs = 2_000;
/** The same while the fleet file names no board: a new revision of it rings. */
const noBoardMs = 60_000;
const newFleet = '"fleet.';
const restMs = 100;
const troubleMs = 15_000;
/** Writes that need not wait for each other, after a quiet while. */
const burst = 10;

/**
 * Mirrors tasks as GitHub issues, both ways, while the fleet file names a board. One gateway at a time does it; it rests until a task
 * changes, GitHub is due to be asked, or a webhook says so. What goes wrong is shown with the board and tried again.
 */
export async function keepBoard(context: GatewayContext, access: BoardAccess): Promise<{ close(): Promise<void> }> {
  const { bus, log, signal, deps } = context;
  const holder = randomUUID();
  const keeper = new Keeper(context, access, holder);
  let wake = (): void => undefined;
  const bell = await openWhenPossible("board's bell", context, () =>
    bus.subscribe([channels.console, channels.board], (_channel, body) => {
      if (keeper.hasBoard ? !readConsoleBell(body).isHint : body.includes(newFleet)) wake();
    }),
  );
  const loop = (async (): Promise<void> => {
    while (!signal.aborted) {
      const rung = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const restAt = await keeper.pass().catch((error: unknown) => {
        log.warn({ error: errorText(error) }, "the board could not be mirrored");
        return lookEveryMs;
      });
      await restUntilRung(context, restMs, null);
      await restUntilRung(context, togetherMs(restAt), rung);
    }
    await leaveBoard(deps, { holder }).catch(() => undefined);
  })();
  return {
    close: async () => {
      await bell.close();
      await loop;
    },
  };
}

class Keeper {
  readonly #context: GatewayContext;
  readonly #access: BoardAccess;
  readonly #holder: string;
  readonly #pace: () => Promise<void>;
  /** Whether the fleet file names a board, as it was when it was read last. */
  hasBoard = true;
  #login: { token: string; repository: string; name: string; issues: GithubIssues } | null = null;

  constructor(context: GatewayContext, access: BoardAccess, holder: string) {
    this.#context = context;
    this.#access = access;
    this.#holder = holder;
    this.#pace = pacer(context, access.writeGapMs);
  }

  /** Everything that is due now; how long there is nothing to do, at most. */
  async pass(): Promise<number> {
    const { deps, clock, signal, log } = this.#context;
    const held = await takeBoardFor(deps, this.#holder);
    this.hasBoard = held !== "none";
    if (held === "none") return noBoardMs;
    if (!held) return lookEveryMs;
    const { board, row } = held;
    if (row.paused_until && row.paused_until > clock.now()) return lookEveryMs;
    try {
      const { name: login, issues } = await this.#account(board.repository);
      const session: BoardSession = { holder: this.#holder, board, login };
      const setup = this.#setup(session, issues);
      const heldUntil = clock.now().getTime() + boardLeaseMs / 2;
      if (row.poll_at <= clock.now()) await pullIssues(setup, { readTo: row.read_to, etag: row.etag }, board.pollSeconds);
      // A human's words are read at their time also while a long first sync goes on.
      const until = Math.min(heldUntil, clock.now().getTime() + board.pollSeconds * 1_000);
      while (!signal.aborted && clock.now().getTime() < until && (await pushOne(setup)));
      await recordProgress(deps, session, { error: null, pausedUntil: null });
      return lookEveryMs;
    } catch (error) {
      if (signal.aborted || isAitoError(error, "AITO_BOARD_LEASE")) return lookEveryMs;
      const waitMs = error instanceof GithubLimit ? error.waitMs : troubleMs;
      log.warn({ error: errorText(error), waitMs }, "the board waits");
      const pausedUntil = new Date(clock.now().getTime() + waitMs);
      await recordProgress(deps, { holder: this.#holder }, { error: errorText(error).slice(0, 500), pausedUntil });
      return lookEveryMs;
    }
  }

  async #account(repository: string): Promise<{ name: string; issues: GithubIssues }> {
    const issues =
      this.#login?.repository === repository
        ? this.#login.issues
        : new GithubIssues({ ...this.#access, repository, clock: this.#context.clock });
    // An app stays itself however often its token changes.
    const token = this.#access.login ? "" : await issues.token();
    if (this.#login?.token !== token || this.#login.repository !== repository) {
      this.#login = { token, repository, issues, name: await issues.login() };
    }
    return this.#login;
  }

  /** Nobody called it: its receipt is evidence of no work. */
  readonly #asked: AskedTool["receipt"] = async (unit, row) => {
    const { agent_id: agentId, agent, epoch, task_id: taskId, receipt_id, tool, call_digest: argumentsDigest } = row;
    const result = approvalNeeded(row, row.reason);
    const caller = { agentId, agent, epoch, taskId };
    const receipt = {
      id: receipt_id!,
      tool,
      argumentsDigest,
      ok: false,
      status: "refused" as const,
      result,
      durationMs: 0,
      run: null,
    };
    await recordReceiptIn(unit, caller, receipt, this.#context.receiptSigner);
  };

  #setup(session: BoardSession, issues: IssueBoard): SyncSetup {
    const { deps, clock } = this.#context;
    const records: BoardRecords = {
      settle: (issue, options) => settleIssue(deps, session, issue, options),
      nextJob: () => nextBoardJob(deps, session, { ...versionOf(showOnBoardTool), receipt: this.#asked }),
      beginCreate: (job) => beginCreate(deps, session, job),
      endJob: (job, end) => endBoardJob(deps, session, job, end),
      waitingNotes: (taskId) => waitingNotes(deps, taskId),
      told: (told) => recordTold(deps, told),
      recordNote: (note) => recordNote(deps, session, note),
      takeComments: (input) => takeComments(deps, session, input),
      progress: (progress) => recordProgress(deps, session, progress),
    };
    const { label } = session.board;
    return { records, issues, label, login: session.login, clock, pace: this.#pace };
  }
}

/** A few writes at once, then one in each gap. */
function pacer({ clock, signal }: GatewayContext, gapMs: number): () => Promise<void> {
  let free = 0;
  return async () => {
    if (gapMs === 0) return;
    const now = clock.now().getTime();
    free = Math.max(free, now - burst * gapMs) + gapMs;
    if (free > now) await clock.sleep(free - now, signal);
  };
}
