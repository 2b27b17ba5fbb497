import { systemClock } from "@aito/base";
import { expect, test } from "vitest";
import { NoticeConfig, noticeSettings } from "./notice-settings.ts";

const settings = (env: Record<string, string>) => noticeSettings(NoticeConfig.parse(env), systemClock);

test("O16 without settings there is no channel, no quiet hours, and a reminder every four hours", () => {
  expect(settings({ AITO_WEBHOOK_SECRET: "made at the first start" })).toEqual({
    channels: [],
    remindMs: 4 * 3_600_000,
    quietHours: null,
  });
});

test("O16 each channel is configured by its own settings", () => {
  const all = settings({
    AITO_WEBHOOK_URL: "https://acme.example/hook",
    AITO_WEBHOOK_SECRET: "0123456789abcdef",
    AITO_WEBHOOK_SECRET_OLD: "fedcba9876543210",
    AITO_SMTP_URL: "smtp://mail.acme.example",
    AITO_MAIL_FROM: "aito@acme.example",
    AITO_MAIL_TO: "owner@acme.example",
    AITO_TELEGRAM_TOKEN: "123456:token",
    AITO_TELEGRAM_CHAT: "1",
    AITO_QUIET_HOURS: "22:00-07:00 Europe/Berlin",
    AITO_REMIND_HOURS: "0.5",
  });
  expect(all.channels.map((channel) => channel.name)).toEqual(["webhook", "email", "telegram"]);
  expect(all).toMatchObject({ remindMs: 1_800_000, quietHours: { from: 1_320, to: 420, timeZone: "Europe/Berlin" } });
});

test.each([
  [{ AITO_WEBHOOK_URL: "https://acme.example/hook" }, "AITO_WEBHOOK_SECRET"],
  [{ AITO_SMTP_URL: "smtp://mail.acme.example" }, "AITO_MAIL_FROM"],
  [{ AITO_SMTP_URL: "smtp://mail.acme.example", AITO_MAIL_FROM: "a@b.example" }, "AITO_MAIL_TO"],
  [{ AITO_TELEGRAM_TOKEN: "123456:token" }, "AITO_TELEGRAM_CHAT"],
])("O16 half a channel is refused, naming what is missing (%#)", (env, missing) => {
  expect(() => settings(env as unknown as Record<string, string>)).toThrowError(
    expect.objectContaining({ code: "AITO_CONFIG_INVALID", message: expect.stringContaining(missing) }),
  );
});
