import { type AitoError, isAitoError } from "@aito/base";
import type { TaskRequest } from "@aito/protocol";
import type { CompanyDeps } from "../company.ts";
import { type AskedTask, type RequestedView, requestTasks } from "./request-tasks.ts";

/** How many requests one transaction takes. */
const batchMax = 100;

interface Waiting {
  asked: AskedTask;
  answer(view: RequestedView): void;
  refuse(error: unknown): void;
}

/**
 * Takes operators' requests for tasks (`requestTasks`). What is asked for while a commit is under way goes out together with the next one:
 * many at once cost little more than one, and nobody waits for a round that is not full.
 */
export function taskDesk(deps: CompanyDeps): (request: TaskRequest, by: string) => Promise<RequestedView> {
  const waiting: Waiting[] = [];
  let working = false;

  const alone = async ({ asked, answer, refuse }: Waiting): Promise<void> => {
    try {
      const [view] = await requestTasks(deps, [asked]);
      if (isAitoError(view)) refuse(view);
      else answer(view!);
    } catch (error) {
      refuse(error);
    }
  };
  const together = async (batch: Waiting[]): Promise<void> => {
    const answers = await requestTasks(
      deps,
      batch.map(({ asked }) => asked),
    ).catch((): null => null);
    for (const [at, each] of batch.entries()) {
      const answered: RequestedView | AitoError | undefined = answers?.[at];
      // Whatever is the matter, each is tried by itself and says so.
      if (answered === undefined) await alone(each);
      else if (isAitoError(answered)) each.refuse(answered);
      else each.answer(answered);
    }
  };
  const work = async (): Promise<void> => {
    working = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, batchMax);
      await (batch.length === 1 ? alone(batch[0]!) : together(batch));
    }
    working = false;
  };

  return (request, by) =>
    new Promise((answer, refuse) => {
      const asked: AskedTask = { request, by, origin: deps.origin?.() ?? null };
      // What starts a worker writes more than a task's own rows: it is a transaction of its own.
      if (request.workerType !== null) return void alone({ asked, answer, refuse });
      waiting.push({ asked, answer, refuse });
      if (!working) void work();
    });
}
