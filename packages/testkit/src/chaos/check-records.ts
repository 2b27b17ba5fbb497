import { createHash } from "node:crypto";
import type { Entry } from "./ledger.ts";
import type { Records } from "./records.ts";

type Of<K extends Entry["kind"]> = Extract<Entry, { kind: K }>;
const entriesOf = <K extends Entry["kind"]>(entries: Entry[], kind: K): Of<K>[] =>
  entries.filter((entry): entry is Of<K> => entry.kind === kind);

/**
 * Pure: what is wrong, given what the observers saw from outside and what the company's records, the engine and Redis say. Each
 * problem begins with the invariant that it breaks (reliability plan, section 2). Empty: all hold.
 */
export function checkRecords(entries: Entry[], records: Records): string[] {
  return [
    ...entriesOf(entries, "broken").map(({ what }) => what),
    ...nothingLost(entries, records),
    ...nothingTwice(entries, records),
    ...containersAsWanted(records),
    ...oneWriter(entries),
    ...(records.chain.ok ? [] : [`I6: the chain does not verify: ${records.chain.problem}`]),
    ...outboxWhole(records),
    ...nothingStuck(records),
  ];
}

function nothingLost(entries: Entry[], records: Records): string[] {
  const tasks = new Map(records.tasks.map((task) => [task.id, task]));
  const decisions = new Map(records.decisions.map((decision) => [decision.id, decision]));
  const accepted = entriesOf(entries, "accepted").flatMap(({ what, id, title }) => {
    if (what === "decision") {
      const found = decisions.get(id);
      if (!found) return [`I1: decision ${title} was accepted and is not there`];
      return found.status === "escalated" ? [] : [`I1: decision ${title} is ${found.status}, not with a human`];
    }
    const task = tasks.get(id);
    if (!task) return [`I1: task ${title} was accepted and is not there`];
    return task.status === "done" ? [] : [`I1: task ${title} is ${task.status}: ${task.summary ?? "no result"}`];
  });
  const said = entriesOf(entries, "tool")
    .filter(({ tool, ok }) => tool === "complete_task" && ok === true)
    .filter(({ key }) => tasks.get(key)?.status !== "done")
    .map(
      ({ key, agent }) => `I1: ${agent} was told that task ${key} is done, but it is ${tasks.get(key)?.status ?? "not there"}`,
    );
  const arrived = new Set(entriesOf(entries, "effect").map(({ key }) => key));
  const notices = [...records.notices, ...records.alerts]
    .filter(({ id, status }) => status === "sent" && !arrived.has(id))
    .map(({ id }) => `I1: notice ${id} is recorded as sent and never arrived`);
  const shown = new Map<string, Set<string>>();
  for (const { agent, messages } of entriesOf(entries, "asked")) {
    for (const id of messages) shown.set(id, (shown.get(id) ?? new Set()).add(agent));
  }
  const unseen = records.deliveredUnseen
    .filter(({ message, agent }) => !shown.get(message)?.has(agent))
    .map(({ message, agent }) => `I1: message ${message} counts as read by ${agent}, who was never shown it`);
  const letters = new Set(records.letters.map(({ text }) => text));
  const told = records.tasks
    .filter(({ title, status }) => status === "done" && title.startsWith("tell ") && !letters.has(title))
    .map(({ title }) => `I1: the message of task ${title} is not there`);
  const unsure = Map.groupBy(records.tasks, ({ title }) => title);
  const doubled = entriesOf(entries, "unsure")
    .filter(({ what, title }) => what === "task" && (unsure.get(title)?.length ?? 0) > 1)
    .map(({ title }) => `I2: task ${title} was asked for once and is there ${unsure.get(title)!.length} times`);
  return [...accepted, ...said, ...notices, ...unseen, ...told, ...doubled];
}

const digestOf = (value: object): string => createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);

function nothingTwice(entries: Entry[], records: Records): string[] {
  const problems: string[] = [];
  const handedIn = Map.groupBy(
    entriesOf(entries, "tool").filter(({ tool }) => tool === "complete_task"),
    ({ key }) => key,
  );
  for (const task of records.tasks.filter(({ status }) => status === "done")) {
    const times = records.doneEvents.get(task.id) ?? 0;
    if (times !== 1) problems.push(`I2: task ${task.title} was done ${times} times`);
    // What counts is what was handed in first: neither the text of a later run, nor one that nobody handed in.
    const tries = handedIn.get(task.id) ?? [];
    const first = tries.find(({ ok }) => ok === true);
    const stored = digestOf({ task_id: task.id, summary: task.summary, text: task.text });
    const possible = tries.filter(({ sentAt }) => !first || sentAt <= first.at).map(({ digest }) => digest);
    if (!possible.includes(stored)) problems.push(`I2: task ${task.title} holds a result that was not the first handed in`);
  }
  for (const [decision, times] of records.publications) {
    if (times > 1) problems.push(`I2: decision ${decision} released one publication and ${times} are there`);
  }
  const releases = Map.groupBy(records.actions, ({ decision }) => decision);
  for (const [decision, actions] of releases) {
    if (actions.length !== 1 || actions[0]!.released !== 1)
      problems.push(`I6: decision ${decision} has ${actions.length} actions and ${actions[0]!.released} releases`);
    if (records.publications.get(decision) !== 1) problems.push(`I6: decision ${decision} has an action and no publication`);
  }
  const published = new Map(
    records.tasks.filter(({ title, status }) => title.startsWith("publish ") && status === "done").map(({ title }) => [title, 0]),
  );
  const byTitle = new Map(records.decisions.map(({ id, title }) => [title, id]));
  for (const title of published.keys()) {
    const decision = byTitle.get(title);
    if (!decision || records.publications.get(decision) !== 1)
      problems.push(`I2: ${title} is done and published ${decision ? (records.publications.get(decision) ?? 0) : 0} times`);
  }
  for (const [key, arrivals] of Map.groupBy(entriesOf(entries, "effect"), (effect) => effect.key)) {
    if (arrivals.length > 1) problems.push(`I2: the effect ${key} was executed ${arrivals.length} times`);
    if (![...records.notices, ...records.alerts].some(({ id }) => id === key))
      problems.push(`I6: the effect ${key} has no intent in the records`);
  }
  for (const [about, notices] of Map.groupBy(
    records.notices.filter(({ number }) => number === 1),
    ({ decision }) => decision,
  )) {
    if (notices.length > 1) problems.push(`I2: decision ${about} has ${notices.length} first notices`);
  }
  return problems;
}

function containersAsWanted(records: Records): string[] {
  const problems: string[] = [];
  const agents = new Map(records.agents.map((agent) => [agent.name, agent]));
  for (const { agent, epoch, state, id } of records.containers) {
    const known = agents.get(agent);
    if (!known || known.desired !== "running" || known.epoch !== epoch || state !== "running" || known.container !== id)
      problems.push(`I3: a container of ${agent} (epoch ${epoch}, ${state}) is left that nobody wants`);
  }
  for (const { name, epoch, status } of records.agents.filter(({ desired }) => desired === "running")) {
    const own = records.containers.filter(({ agent, state }) => agent === name && state === "running");
    if (own.length !== 1 || status !== "active")
      problems.push(`I3: ${name} (epoch ${epoch}) is ${status} with ${own.length} containers`);
  }
  const live = new Set(records.sessions);
  const users = new Set(records.busUsers);
  for (const user of users) if (!live.has(user)) problems.push(`I3: Redis has the user ${user}, whose session is over`);
  for (const session of live) if (!users.has(session)) problems.push(`I3: Redis has no user for the live session ${session}`);
  return problems;
}

/** After an incarnation's hello was answered, nothing that an earlier one sends later is taken. */
function oneWriter(entries: Entry[]): string[] {
  const newest = new Map<string, { epoch: number; at: number }[]>();
  const problems: string[] = [];
  for (const entry of entries) {
    if (entry.kind === "hello" && entry.ok) {
      newest.set(entry.agent, [...(newest.get(entry.agent) ?? []), { epoch: entry.epoch, at: entry.at }]);
    } else if ((entry.kind === "tool" && entry.ok === true) || (entry.kind === "call" && entry.status < 300)) {
      const later = newest.get(entry.agent)?.find((hello) => hello.epoch > entry.epoch && hello.at < entry.sentAt);
      if (later) problems.push(`I4: epoch ${entry.epoch} of ${entry.agent} was answered after epoch ${later.epoch} had begun`);
    }
  }
  return problems;
}

const ringOfEvent: Record<string, true> = {
  "agent.active": true,
  "agent.restart_asked": true,
  "worker.spawned": true,
  "worker.retired": true,
  "fleet.stopped": true,
  "fleet.started": true,
  "operator.command": true,
};

/** Every event, work item and message has told of itself in its own transaction: a row of the outbox that is gone is missed. */
function outboxWhole(records: Records): string[] {
  const told = new Set<string>();
  const hints = new Set<string>();
  const rings = new Map<string, number>();
  const count = (key: string): void => void rings.set(key, (rings.get(key) ?? 0) + 1);
  for (const { kind, target, body, at } of records.outbox) {
    const value = JSON.parse(body) as {
      events?: { id: string }[];
      workId?: string;
      work?: string;
      ref?: string | null;
      message?: { id: string };
      again?: string;
    };
    for (const event of value.events ?? []) told.add(event.id);
    if (kind === "hint" && value.workId) hints.add(value.workId);
    if (value.work) count(`work ${target} ${value.work} ${value.ref ?? ""} ${at}`);
    if (value.message) count(`message ${value.message.id}`);
    if (value.again) count(`again ${value.again} ${target}`);
    if (target === "channel:orchestrator") count(`orchestrator ${at}`);
  }
  const wanted = new Map<string, number>();
  const want = (key: string, times = 1): void => void wanted.set(key, (wanted.get(key) ?? 0) + times);
  for (const { agent, kind, ref, at } of records.work) if (agent) want(`work channel:agent:${agent} ${kind} ${ref ?? ""} ${at}`);
  for (const { id } of records.messages) want(`message ${id}`);
  for (const { message, agent, rings: times } of records.rings)
    if (times > 1) want(`again ${message} channel:agent:${agent}`, times - 1);
  for (const { type, at } of records.events) if (ringOfEvent[type]) want(`orchestrator ${at}`);
  return [
    ...records.events
      .filter(({ id }) => !told.has(id))
      .map(({ id, type }) => `I1: nothing in the outbox tells of event ${id} (${type})`),
    ...records.work.filter(({ id }) => !hints.has(id)).map(({ id }) => `I1: nothing in the outbox hints at work ${id}`),
    ...[...wanted]
      .filter(([key, times]) => (rings.get(key) ?? 0) < times)
      .map(([key]) => `I1: a bell is missing in the outbox: ${key}`),
    ...records.outbox
      .filter(({ published }) => !published)
      .map(({ id, target }) => `I1: the bell ${id} for ${target} was never rung`),
  ];
}

function nothingStuck(records: Records): string[] {
  return [
    ...[...records.notices, ...records.alerts]
      .filter(({ status }) => status === "waiting" || status === "sending")
      .map(({ id, status }) => `I8: notice ${id} is ${status}`),
    ...records.openRuns.map((id) => `I8: run ${id} is still open`),
    ...records.openWork.map(({ id, kind, reason }) => `I8: ${kind} work ${id} waits: ${reason}`),
    ...records.letters.filter(({ read }) => !read).map(({ text }) => `I1: the message "${text}" was never read`),
  ];
}
