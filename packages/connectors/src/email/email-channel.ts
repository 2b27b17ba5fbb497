import { Readable } from "node:stream";
import { AitoError, errorText } from "@aito/base";
import { createTransport } from "nodemailer";
import type { NoticeChannel } from "../notice-channel.ts";
import { noticeSubject, noticeText } from "../notice-text.ts";

const connectMsMax = 8_000;
const answerMsMax = 15_000;
const loopback = new Set(["localhost", "127.0.0.1", "::1", "[::1]"]);

export interface EmailOptions {
  /** `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`. */
  smtpUrl: string;
  from: string;
  /** One address, or several separated by commas. */
  to: string;
}

/**
 * Notices by e-mail over SMTP, as plain text. A password is only sent over TLS, except to this machine itself. Each attempt at a
 * notice has the same Message-ID. Error at once for an address that cannot be read: AITO_CONFIG_INVALID (fate human).
 */
export function emailChannel(options: EmailOptions): NoticeChannel {
  const transport = createTransport(smtpOptions(options.smtpUrl));
  const domain = /@([\w.-]+)/.exec(options.from)?.[1] ?? "aito.invalid";
  return {
    name: "email",
    to: options.to,
    send: async (message) => {
      // The body is first read when the server has said that it takes the message: until then nothing can have arrived.
      let handedOver = false;
      const body = Readable.from(
        (function* () {
          handedOver = true;
          yield noticeText(message);
        })(),
      );
      try {
        await transport.sendMail({
          from: options.from,
          to: options.to,
          subject: noticeSubject(message),
          text: body,
          messageId: `<${message.id}@${domain}>`,
          headers: { "x-aito-event-id": message.id, "auto-submitted": "auto-generated" },
          disableFileAccess: true,
          disableUrlAccess: true,
        });
        return { ok: true };
      } catch (error) {
        const code = (error as { responseCode?: unknown }).responseCode;
        const refused = typeof code === "number";
        return {
          ok: false,
          arrived: handedOver && !refused ? "unknown" : "no",
          error: refused ? `the mail server answered ${code}` : mailError(error, options.smtpUrl),
        };
      } finally {
        body.destroy();
      }
    },
  };
}

function smtpOptions(text: string) {
  const url = URL.parse(text);
  if (!url || !["smtp:", "smtps:"].includes(url.protocol) || url.hostname === "") {
    throw new AitoError("AITO_CONFIG_INVALID", "AITO_SMTP_URL is not an smtp:// or smtps:// address", {
      hint: "write it as smtp://user:password@host:587",
      fate: "human",
    });
  }
  const secure = url.protocol === "smtps:";
  const user = decodeURIComponent(url.username);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    ...(user === "" ? {} : { auth: { user, pass: decodeURIComponent(url.password) } }),
    requireTLS: !secure && user !== "" && !loopback.has(url.hostname),
    connectionTimeout: connectMsMax,
    greetingTimeout: connectMsMax,
    socketTimeout: answerMsMax,
    dnsTimeout: connectMsMax,
  };
}

/** The library's text without the password, should a server repeat it. */
function mailError(error: unknown, smtpUrl: string): string {
  const { code } = error as { code?: unknown };
  const password = decodeURIComponent(URL.parse(smtpUrl)?.password ?? "");
  const text = errorText(error);
  return `${typeof code === "string" ? `${code}: ` : ""}${password ? text.replaceAll(password, "…") : text}`;
}
