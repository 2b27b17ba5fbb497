import { AitoError, exitCodes } from "@aito/base";
import { ChannelName, ChannelsView, type ChannelView, ChannelTested, NoticeEntry, operatorApi, pageOf } from "@aito/protocol";
import type { Command } from "commander";
import { short, table } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, wholeNumber } from "./command-kit.ts";

/** `aito channels`: the ways by which a human is told. */
export function addChannels(program: Command, terminal: Terminal): void {
  const group = program.command("channels").description("the ways by which you are told, and a try of each");
  addCommand(
    group,
    {
      usage: "list",
      isDefault: true,
      summary: "which channels are set up, what each tells, its quiet hours, and how it did last",
      json: true,
      detail:
        'JSON: {"items":[{"name","setUp","to","tells","quietHours","quietUntil","lastSentAt","lastFailedAt","lastError","waiting"}],"general"}',
    },
    terminal,
    async (run) => {
      const view = await run.console().get(operatorApi.channels, ChannelsView);
      if (run.json) return jsonLine(terminal, view);
      const header = ["channel", "", "reaches", "tells", "quiet", "last sent", "last failed", "waits"];
      line(terminal, table(header, view.items.map(channelRow)));
      for (const { name, lastError } of view.items) if (lastError !== null) line(terminal, `${name} failed last: ${lastError}`);
      if (view.general === null) return line(terminal, "the gateway, which has the settings, does not answer: aito doctor");
      const { quietHours, remindHours } = view.general;
      line(terminal, `all of them: ${timesText(quietHours)}, reminders every ${remindHours} h while nobody has answered`);
    },
  );
  addCommand<BaseOptions>(
    group,
    {
      usage: "test <name>",
      summary: "send one test notice now, and say what happened: email, telegram or webhook",
      json: true,
      detail: 'JSON: {"channel","status","to","error","hint","ms"}; exit code 1 unless it was sent',
    },
    terminal,
    async (run, _options, [name = ""]) => {
      const channel = ChannelName.exclude(["browser"]).safeParse(name);
      if (!channel.success) {
        throw new AitoError("AITO_CLI_USAGE", `there is no channel "${name}" that can be tried from here`, {
          hint: "email, telegram or webhook",
        });
      }
      const tested = await run.console().post(`${operatorApi.channels}/${channel.data}/test`, {}, ChannelTested);
      if (run.json) {
        jsonLine(terminal, tested);
        return tested.status === "sent" ? exitCodes.ok : exitCodes.failed;
      }
      if (tested.status !== "sent") {
        throw new AitoError("AITO_CHANNEL_TEST", `${tested.channel} did not tell ${tested.to}: ${tested.error ?? "no answer"}`, {
          hint: tested.hint ?? "see the settings with: aito channels",
        });
      }
      line(terminal, `sent to ${tested.to} in ${tested.ms} ms; did it arrive?`);
    },
  );
}

/** `aito notices`: what was told. */
export function addNotices(program: Command, terminal: Terminal): void {
  addCommand<BaseOptions & { limit: number; channel?: string }>(
    program,
    {
      usage: "notices",
      summary: "what you were told, by which channel, and how that ended, newest first",
      json: true,
      detail: 'JSON: [{"id","about","subject","title","channel","number","status","attempts","lastError","dueAt","sentAt",…}]',
      build: (command) =>
        command
          .option("--channel <name>", "by this channel: email, telegram or webhook")
          .option("--limit <n>", "at most this many", wholeNumber(1, 200), 50),
    },
    terminal,
    async (run, { limit, channel }) => {
      const { items } = await run.console().get(operatorApi.notices, pageOf(NoticeEntry), { limit, channel });
      if (run.json) return jsonLine(terminal, items);
      if (items.length === 0) return line(terminal, "nothing was told yet; which channels are set up: aito channels");
      const rows = items.map((each) => [
        each.createdAt,
        each.channel,
        `${each.status}${each.attempts > 1 ? ` (${each.attempts} attempts)` : ""}`,
        each.about,
        short(each.title, 60),
        each.lastError === null ? "" : short(each.lastError, 60),
      ]);
      line(terminal, table(["at", "by", "", "about", "what", "error"], rows));
    },
  );
}

const timesText = (times: ChannelView["quietHours"]): string =>
  times === null ? "never quiet" : `quiet ${times.from} to ${times.to} ${times.timeZone}`;

const channelRow = (channel: ChannelView): string[] => [
  channel.name,
  channel.setUp === null ? "unknown" : channel.setUp ? "set up" : "not set up",
  channel.to ?? "",
  channel.tells.join(" "),
  channel.quietHours === null ? "" : `${timesText(channel.quietHours)}${channel.quietUntil ? " (now)" : ""}`,
  channel.lastSentAt ?? "never",
  channel.lastFailedAt ?? "",
  channel.waiting === 0 ? "" : String(channel.waiting),
];
