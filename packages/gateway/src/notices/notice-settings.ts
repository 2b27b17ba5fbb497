import { AitoError, type Clock } from "@aito/base";
import { parseQuietHours, type QuietHours } from "@aito/company";
import { emailChannel, type NoticeChannel, telegramChannel, webhookChannel } from "@aito/connectors";
import { z } from "zod";

/** The settings of the channels that tell a human; secrets can be read from a file with NAME_FILE. */
export const NoticeConfig = z.object({
  AITO_WEBHOOK_URL: z.url().optional(),
  AITO_WEBHOOK_SECRET: z.string().min(16, "at least 16 characters").optional(),
  AITO_WEBHOOK_SECRET_OLD: z.string().min(16, "at least 16 characters").optional(),
  AITO_SMTP_URL: z.string().min(1).optional(),
  AITO_MAIL_FROM: z.string().min(3).optional(),
  AITO_MAIL_TO: z.string().min(3).optional(),
  AITO_TELEGRAM_TOKEN: z.string().min(10, "at least 10 characters").optional(),
  AITO_TELEGRAM_CHAT: z.string().min(1).optional(),
  AITO_TELEGRAM_URL: z.url().optional(),
  AITO_QUIET_HOURS: z.string().optional(),
  AITO_REMIND_HOURS: z.coerce.number().min(0.01).max(8_760).default(4),
});
export type NoticeConfig = z.infer<typeof NoticeConfig>;

export interface NoticeSettings {
  channels: NoticeChannel[];
  remindMs: number;
  quietHours: QuietHours | null;
}

const hourMs = 3_600_000;

/** The configured channels. A channel is configured whole or not at all: half of one is AITO_CONFIG_INVALID (fate human). */
export function noticeSettings(config: NoticeConfig, clock: Clock): NoticeSettings {
  return {
    channels: [webhook(config, clock), email(config), telegram(config)].filter((channel) => channel !== null),
    remindMs: config.AITO_REMIND_HOURS * hourMs,
    quietHours: config.AITO_QUIET_HOURS === undefined ? null : parseQuietHours(config.AITO_QUIET_HOURS),
  };
}

/** A secret alone is no channel: the stack always makes one. An unsigned notice could be anybody's. */
function webhook(config: NoticeConfig, clock: Clock): NoticeChannel | null {
  const { AITO_WEBHOOK_URL: url, AITO_WEBHOOK_SECRET: secret, AITO_WEBHOOK_SECRET_OLD: old } = config;
  if (url === undefined) return null;
  if (secret === undefined) throw half("AITO_WEBHOOK_URL", "AITO_WEBHOOK_SECRET");
  return webhookChannel({ url, secrets: old === undefined ? [secret] : [secret, old], clock });
}

function email(config: NoticeConfig): NoticeChannel | null {
  const { AITO_SMTP_URL: smtpUrl, AITO_MAIL_FROM: from, AITO_MAIL_TO: to } = config;
  if (smtpUrl === undefined) return null;
  if (from === undefined) throw half("AITO_SMTP_URL", "AITO_MAIL_FROM");
  if (to === undefined) throw half("AITO_SMTP_URL", "AITO_MAIL_TO");
  return emailChannel({ smtpUrl, from, to });
}

function telegram(config: NoticeConfig): NoticeChannel | null {
  const { AITO_TELEGRAM_TOKEN: token, AITO_TELEGRAM_CHAT: chat, AITO_TELEGRAM_URL: apiRoot } = config;
  if (token === undefined) return null;
  if (chat === undefined) throw half("AITO_TELEGRAM_TOKEN", "AITO_TELEGRAM_CHAT");
  return telegramChannel({ token, chat, apiRoot });
}

const half = (there: string, missing: string): AitoError =>
  new AitoError("AITO_CONFIG_INVALID", `${there} is set without ${missing}`, {
    hint: `set ${missing} (or ${missing}_FILE), or leave both out`,
    fate: "human",
  });
