import { AitoError, wellFormed } from "@aito/base";
import {
  ChannelName,
  type ChannelTested,
  type ChannelView,
  type GatewayChannels,
  Id,
  type NoticeEntry,
  NoticeKind,
} from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { latestFile } from "../fleet/current-fleet.ts";
import { channelQuietUntil, tells } from "../notices/notice-rules.ts";
import { channelStates, selectNotices, waitingByChannel, writeChannelState } from "./queries.ts";

const errorCharactersMax = 500;

/** Every channel with its rules, how it did last and what waits for it. `outside`: what the gateway has; null: it does not answer. */
export async function listChannels(deps: CompanyDeps, outside: GatewayChannels | null): Promise<ChannelView[]> {
  return await transact(deps, async (unit) => {
    const rules = (await latestFile(unit))?.notices;
    const states = new Map((await channelStates(unit)).map((row) => [row.channel, row]));
    const waiting = await waitingByChannel(unit);
    return ChannelName.options.map((name) => {
      const state = states.get(name);
      const own = outside?.channels.find((channel) => channel.name === name);
      const isBrowser = name === "browser";
      return {
        name,
        setUp: isBrowser ? true : outside === null ? null : own !== undefined,
        to: isBrowser ? "browsers that chose so, while the console is open there" : (own?.to ?? null),
        tells: NoticeKind.options.filter((kind) => tells(rules, name, kind)),
        quietHours: rules?.channels[name]?.quietHours ?? null,
        quietUntil: channelQuietUntil(rules, name, unit.now)?.toISOString() ?? null,
        lastSentAt: state?.last_sent_at?.toISOString() ?? null,
        lastFailedAt: state?.last_failed_at?.toISOString() ?? null,
        lastError: state?.last_error ?? null,
        waiting: waiting.get(name) ?? 0,
      };
    });
  });
}

/** Writes down how a test notice ended. `error` must hold no secret. */
export async function recordChannelTest(
  deps: CompanyDeps,
  tested: Pick<ChannelTested, "channel" | "status" | "error"> & { by: string },
): Promise<void> {
  const error = tested.error === null ? null : wellFormed(tested.error).slice(0, errorCharactersMax);
  await transact(deps, async (unit) => {
    await writeChannelState(unit, { channel: tested.channel, error: tested.status === "sent" ? null : (error ?? "no answer") });
    const payload = { channel: tested.channel, status: tested.status, ...(error === null ? {} : { error }) };
    await unit.event({ type: "notice.tested", source: tested.by, target: "human", payload });
  });
}

/** What was told by which channel, newest first; `before`: the id of the last one already seen. Error: AITO_NOTICE_UNKNOWN (404). */
export async function listNotices(
  deps: CompanyDeps,
  page: { limit: number; before?: string | undefined; channel?: string | undefined },
): Promise<NoticeEntry[]> {
  if (page.before !== undefined && !Id.safeParse(page.before).success)
    throw new AitoError("AITO_NOTICE_UNKNOWN", "there is no such notice", { hint: "see them with: aito notices", status: 404 });
  return (await transact(deps, (unit) => selectNotices(unit, page))).map((row) => ({
    id: row.id,
    about: row.about,
    subject: row.subject,
    title: row.title,
    channel: row.channel,
    number: row.number,
    status: row.status,
    attempts: row.attempts,
    lastError: row.last_error,
    dueAt: row.due_at?.toISOString() ?? null,
    sentAt: row.sent_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
  }));
}
