import type { ChannelName } from "@aito/protocol";

const settings: Record<ChannelName, string> = {
  browser: "allow it in the browser, in the console's settings",
  email: "set AITO_SMTP_URL, AITO_MAIL_FROM and AITO_MAIL_TO",
  telegram: "set AITO_TELEGRAM_TOKEN and AITO_TELEGRAM_CHAT",
  webhook: "set AITO_WEBHOOK_URL and AITO_WEBHOOK_SECRET",
};

/** Pure: which settings make the channel. */
export const setUpHint = (channel: ChannelName): string => `${settings[channel]}, then start the company again with: aito up`;

const address: Record<ChannelName, string> = {
  browser: "",
  email: "AITO_SMTP_URL",
  telegram: "AITO_TELEGRAM_URL, or the way out to api.telegram.org",
  webhook: "AITO_WEBHOOK_URL",
};

/** What an error of a channel is known to come from, the likeliest first. */
const known: { channel: ChannelName; seen: RegExp; step: string }[] = [
  { channel: "telegram", seen: /answered 40[14]/, step: "AITO_TELEGRAM_TOKEN is no bot's: @BotFather shows it" },
  {
    channel: "telegram",
    seen: /chat not found/,
    step: "write to the bot first, then set AITO_TELEGRAM_CHAT to that chat's number",
  },
  { channel: "telegram", seen: /answered 403/, step: "the bot was blocked there or is no member: let it in again" },
  { channel: "telegram", seen: /answered 429/, step: "Telegram asks to wait: try again in a minute" },
  { channel: "email", seen: /answered 53[045]|EAUTH/, step: "the mail server refuses user and password of AITO_SMTP_URL" },
  { channel: "email", seen: /answered 55\d|EENVELOPE/, step: "the mail server refuses AITO_MAIL_FROM or AITO_MAIL_TO" },
  {
    channel: "email",
    seen: /ETLS|certificate/i,
    step: "the mail server offers no TLS that can be trusted: look at AITO_SMTP_URL",
  },
  { channel: "webhook", seen: /answered 40[13]/, step: "the receiver refuses the signature: does it hold AITO_WEBHOOK_SECRET?" },
  { channel: "webhook", seen: /answered 404/, step: "there is nothing at the path of AITO_WEBHOOK_URL" },
  { channel: "webhook", seen: /answered 3\d\d/, step: "redirects are not followed: give AITO_WEBHOOK_URL the last address" },
  { channel: "webhook", seen: /answered 5\d\d/, step: "the receiver failed: its log has the reason" },
];
const unreachable =
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ECONNRESET|ESOCKET|EDNS|timed? ?out|reached/i;

/** Pure: what to do about an error of this channel. */
export function nextStep(channel: ChannelName, error: string): string {
  const found = known.find((each) => each.channel === channel && each.seen.test(error));
  if (found) return found.step;
  if (unreachable.test(error)) return `nobody answered there: look at ${address[channel]}`;
  return `look at the settings: ${settings[channel]}`;
}
