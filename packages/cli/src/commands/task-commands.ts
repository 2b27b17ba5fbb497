import { AitoError } from "@aito/base";
import { type Mark, operatorApi, pageOf, TaskStatus, TaskView, WorkerView } from "@aito/protocol";
import { type Command, Option } from "commander";
import { z } from "zod";
import { taskDocument } from "../output/documents.ts";
import { short, table } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addSettle } from "./settle-command.ts";
import { addCommand, type BaseOptions, idOf, wholeNumber } from "./command-kit.ts";

export function addTasks(program: Command, terminal: Terminal): void {
  const group = program.command("tasks").description("the company's work and what came of it");
  addCommand<BaseOptions & { status?: string; limit: number }>(
    group,
    {
      usage: "list",
      isDefault: true,
      summary: "tasks, newest first",
      json: true,
      detail: 'JSON: [{"id","title","status","assignedTo","result"}]',
      build: (command) =>
        command
          .addOption(new Option("--status <status>", "only these").choices(TaskStatus.options))
          .option("--limit <n>", "at most this many", wholeNumber(1, 200), 50),
    },
    terminal,
    async (run, { status, limit }) => {
      const page = await run.console().get(operatorApi.tasks, pageOf(TaskView), { status, limit });
      if (run.json) return jsonLine(terminal, page.items.map(taskDocument));
      if (page.items.length === 0) return line(terminal, "no tasks yet");
      const rows = page.items.map((task) => [
        task.id,
        task.status,
        task.assignedTo ?? "-",
        task.workerAgent ?? task.workerType ?? "-",
        short(task.title, 60),
      ]);
      line(terminal, table(["id", "status", "assigned to", "worker", "title"], rows));
    },
  );
  addCommand(
    group,
    {
      usage: "show <id>",
      summary: "one task with its whole result",
      json: true,
      detail:
        'JSON: {"id","title","description","status","priority","assignedTo","createdBy","workerType","workerAgent","decisionId","result",…}',
    },
    terminal,
    async (run, _options, [id]) => {
      const task = await run.console().get(`${operatorApi.tasks}/${idOf(id!, "a task")}`, TaskView);
      if (run.json) return jsonLine(terminal, task);
      line(
        terminal,
        `${short(task.title, 255)}\n  ${task.id}\n  ${task.status}, assigned to ${task.assignedTo ?? "nobody"}, created by ${task.createdBy}`,
      );
      showQuarantine(terminal, task);
      if (task.description) line(terminal, `\n${task.description}`);
      if (task.result) showResult(terminal, task.result);
    },
  );
  addRequest(group, terminal);
  addSettle(group, terminal);
  addRelease(group, terminal);
  addPatch(group, terminal);
}

function addPatch(group: Command, terminal: Terminal): void {
  addCommand(
    group,
    {
      usage: "patch <id>",
      summary: "print what a task changed in its workspace, for: aito tasks patch <id> | git apply",
      json: true,
      detail: 'JSON: {"id","patch"}',
    },
    terminal,
    async (run, _options, [id]) => {
      const task = await run.console().get(`${operatorApi.tasks}/${idOf(id!, "a task")}`, TaskView);
      const patch = task.result?.patch ?? null;
      if (run.json) return jsonLine(terminal, { id: task.id, patch });
      if (patch === null)
        throw new AitoError("AITO_TASK_NO_PATCH", `the task "${short(task.title, 80)}" (${task.status}) left no patch`);
      terminal.out(patch);
    },
  );
}

function showQuarantine(terminal: Terminal, { id, quarantine }: TaskView): void {
  if (!quarantine) return;
  const { since, why } = quarantine;
  line(terminal, `  quarantined since ${since}: ${short(why, 500)}\n  waits for your word: aito tasks settle ${id}`);
}

function showResult(terminal: Terminal, result: NonNullable<TaskView["result"]>): void {
  const { summary, text, claims = [], marks, receipts } = result;
  const shown = marked(summary, marks?.summary ?? []);
  line(terminal, `\nresult: ${shown}${text ? `\n\n${marked(text, marks?.text ?? [])}` : ""}`);
  for (const { metric, value, unit, verified, why, receipts: cited } of claims)
    line(terminal, `claim: ${metric} ${value} ${unit}, ${verified ? `receipts ${cited.join(", ")}` : `unverified: ${why}`}`);
  if (receipts.length > 0) line(terminal, `receipts: ${receipts.join(", ")} (aito receipts show ID)`);
}

/** The text with its numbers that nothing backs in [?…?]. */
const marked = (text: string, marks: readonly Mark[]): string =>
  marks
    .toReversed()
    .reduce((shown, { start, end }) => `${shown.slice(0, start)}[?${shown.slice(start, end)}?]${shown.slice(end)}`, text);

function addRequest(group: Command, terminal: Terminal): void {
  addCommand<
    BaseOptions & {
      to: string;
      description?: string;
      priority?: number;
      due?: string;
      worker?: string;
      client?: string;
      key?: string;
    }
  >(
    group,
    {
      usage: "add <title>",
      summary: "give an agent a task",
      json: true,
      detail: 'JSON: {"id","status","assignedTo"}',
      build: (command) =>
        command
          .requiredOption("--to <agent>", "who answers for it")
          .option("--description <text>", "what is to be done")
          .option("--priority <n>", "1 (whenever) to 10 (now)", wholeNumber(1, 10))
          .option("--due <time>", "until when, as 2030-01-31T12:00:00Z")
          .option("--worker <type>", "start a worker of this type for it")
          .option("--client <slug>", "for whom")
          .option("--key <text>", "asked again with the same key, it is the same task"),
    },
    terminal,
    async (run, { to, description, priority, due, worker, client, key }, [title]) => {
      const request = {
        title: title!,
        assignTo: to,
        ...(description === undefined ? {} : { description }),
        ...(priority === undefined ? {} : { priority }),
        ...(due === undefined ? {} : { dueDate: due }),
        ...(worker === undefined ? {} : { workerType: worker }),
        ...(client === undefined ? {} : { client }),
        ...(key === undefined ? {} : { key }),
      };
      const task = await run.console().post(operatorApi.tasks, request, TaskView);
      if (run.json) return jsonLine(terminal, { id: task.id, status: task.status, assignedTo: task.assignedTo });
      line(terminal, `${short(task.title, 80)}\n  ${task.id}\n  ${task.status}, assigned to ${task.assignedTo}`);
    },
  );
}

function addRelease(group: Command, terminal: Terminal): void {
  addCommand(
    group,
    { usage: "release <id>", summary: "let a quarantined task be tried again", json: true, detail: 'JSON: {"id","status"}' },
    terminal,
    async (run, _options, [id]) => {
      const task = await run.console().post(`${operatorApi.tasks}/${idOf(id!, "a task")}/release`, {}, TaskView);
      if (run.json) return jsonLine(terminal, { id: task.id, status: task.status });
      line(terminal, `the same task may be started again: ${short(task.title, 80)}`);
    },
  );
}

export function addWorkers(program: Command, terminal: Terminal): void {
  addCommand(
    program,
    {
      usage: "workers",
      summary: "workers that run or wait for a place, and why",
      json: true,
      detail: 'JSON: [{"name","type","parent","depth","taskId","title","state","why"}]',
    },
    terminal,
    async (run) => {
      const workers = await run.console().get(operatorApi.workers, z.array(WorkerView));
      if (run.json) return jsonLine(terminal, workers);
      if (workers.length === 0) return line(terminal, "no workers now");
      const rows = workers.map((worker) => [worker.name, worker.parent, worker.state, short(worker.title, 50), worker.why]);
      line(terminal, table(["worker", "for", "state", "task", "why"], rows));
    },
  );
}
