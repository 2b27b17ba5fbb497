import { offerAnswers } from "@aito/company";
import { inertLine, type NoticeChannel, type NoticeMessage } from "@aito/connectors";
import type { GatewayContext } from "../gateway-context.ts";

/** What a chat's message holds beside the rest of a notice; a longer call has no button that approves it. */
const shownMax = 2_400;

/** The same message with buttons that answer it, where the channel is a chat that an operator linked. */
export async function withAnswers(
  { deps }: Pick<GatewayContext, "deps">,
  channel: NoticeChannel,
  { message, kind, subject }: { message: NoticeMessage; kind: "approval" | "escalation"; subject: string },
): Promise<NoticeMessage> {
  if (!channel.inbox) return message;
  const { buttons, exact } = await offerAnswers(deps, { chat: channel.inbox.chat, kind, subject });
  const fits = exact === null || inertLine(exact, shownMax + 1).length <= shownMax;
  return fits
    ? { ...message, buttons, exact }
    : { ...message, buttons: buttons.filter(({ text }) => text !== "Approve"), exact: null };
}
