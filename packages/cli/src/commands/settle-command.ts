import { AitoError } from "@aito/base";
import { operatorApi, type SettleTask, TaskView } from "@aito/protocol";
import type { Command } from "commander";
import { short } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, idOf } from "./command-kit.ts";

interface SettleOptions extends BaseOptions {
  retry?: boolean;
  giveUp?: boolean;
  to?: string;
  /** `--no-worker` is false. */
  worker?: string | boolean;
}

export function addSettle(group: Command, terminal: Terminal): void {
  addCommand<SettleOptions>(
    group,
    {
      usage: "settle <id>",
      summary: "say what becomes of a task that ended every container that it was given",
      json: true,
      detail:
        'One of --retry, --give-up, or --to and --worker.\nJSON: {"id","status","assignedTo","workerType"} of the task that it is then',
      build: (command) =>
        command
          .option("--retry", "the same anew, with containers of its own")
          .option("--give-up", "it stays failed; agents may not start the same for a day")
          .option("--to <agent>", "the same text for this agent instead")
          .option("--worker <type>", "by another kind of worker")
          .option("--no-worker", "without a worker: the agent does it itself"),
    },
    terminal,
    async (run, options, [id]) => {
      const address = `${operatorApi.tasks}/${idOf(id!, "a task")}`;
      const settle = await settleOf(options, () => run.console().get(address, TaskView));
      const task = await run.console().post(`${address}/settle`, settle, TaskView);
      const { status, assignedTo, workerType } = task;
      if (run.json) return jsonLine(terminal, { id: task.id, status, assignedTo, workerType });
      const title = short(task.title, 80);
      if (settle.how === "give_up") return line(terminal, `given up: ${title}`);
      line(terminal, `a new task for ${assignedTo ?? "nobody"}${workerType ? ` by a ${workerType}` : ""}: ${title} (${task.id})`);
    },
  );
}

/** What the options say; what they leave out of a hand-over stays as it was. */
async function settleOf({ retry, giveUp, to, worker }: SettleOptions, before: () => Promise<TaskView>): Promise<SettleTask> {
  const handsOver = to !== undefined || worker !== undefined;
  if ([retry, giveUp, handsOver].filter(Boolean).length !== 1) {
    throw new AitoError("AITO_CLI_USAGE", "say one of --retry, --give-up, or --to and --worker", {
      hint: "see: aito tasks settle --help",
    });
  }
  if (retry) return { how: "retry" };
  if (giveUp) return { how: "give_up" };
  const task = await before();
  const assignTo = to ?? task.assignedTo;
  if (assignTo === null) throw new AitoError("AITO_CLI_USAGE", "the task is nobody's: say whose it is to be with --to");
  return {
    how: "hand_over",
    assignTo,
    workerType: worker === false ? null : typeof worker === "string" ? worker : task.workerType,
  };
}
