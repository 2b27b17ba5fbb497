import { randomUUID } from "node:crypto";
import { errorText } from "@aito/base";
import { endPolled, givePollTurn, linkChat, pressButton, takePollTurn } from "@aito/company";
import { type ChatInbox, type ChatUpdate, inertLine } from "@aito/connectors";
import type { GatewayContext } from "../gateway-context.ts";

/** Of several gateways one asks at a time; another takes over when it has not been heard of for so long. */
const leaseMs = 90_000;
const othersTurnMs = 15_000;
const restMs = 2_000;
const restMsMax = 60_000;
/** Wrong codes that are tried before the chat is told nothing for a while: twelve letters are not guessed this way. */
const wrongCodesMax = 5;
const wrongCodesMs = 15 * 60_000;
const repliedMax = 300;

type Heard = Pick<GatewayContext, "deps" | "clock" | "log" | "signal">;

/**
 * Listens to the company's chat until the gateway closes: presses of buttons answer what waits, and `/link CODE` gives the chat to an
 * operator. What is heard twice (a gateway that died in between) has one effect, because a button and a code work once.
 */
export function hearChat(context: Heard, inbox: ChatInbox): { close(): Promise<void> } {
  const { deps, clock, log, signal } = context;
  const holder = randomUUID();
  const codes = makeCodeLimit(clock.now);
  const once = async (): Promise<number> => {
    const from = await takePollTurn(deps, { holder, leaseMs });
    if (from === null) return othersTurnMs;
    const { updates, next, ignored } = await inbox.poll(from, signal);
    if (ignored > 0) log.warn({ ignored }, "what came from other chats than the company's was left out");
    for (const update of updates) await deal(context, inbox, codes, update);
    if (next !== from) await endPolled(deps, { holder, next });
    return 0;
  };
  const loop = (async (): Promise<void> => {
    let failed = 0;
    while (!signal.aborted) {
      let waitMs: number;
      try {
        waitMs = await once();
        failed = 0;
      } catch (error) {
        if (signal.aborted) break;
        failed += 1;
        waitMs = Math.min(restMs * 2 ** (failed - 1), restMsMax);
        log.warn({ error: errorText(error), failed }, "the chat could not be heard");
      }
      if (waitMs > 0) await clock.sleep(waitMs, signal).catch(() => undefined);
    }
    await givePollTurn(deps, holder).catch(() => undefined);
  })();
  return { close: () => loop };
}

/** One thing that somebody did; what fails of it fails alone, and is not heard again. */
async function deal({ deps, log }: Heard, inbox: ChatInbox, codes: CodeLimit, update: ChatUpdate): Promise<void> {
  const who = { chat: update.chat, account: update.account, accountName: update.accountName };
  try {
    if (update.kind === "press") {
      const pressed = await pressButton(deps, { ...who, token: update.token });
      log.info({ account: who.account, over: pressed.over }, "a button was pressed in the chat");
      return await inbox.answerPress(update, pressed);
    }
    const code = /^\/(?:link|start)(?:@\w+)?\s+(\S{1,40})\s*$/i.exec(update.text)?.[1];
    if (code === undefined || !codes.mayTry()) return;
    const linked = await linkChat(deps, { ...who, code });
    if (!linked) codes.wrong();
    log.info({ account: who.account, linked: linked !== null }, "a code was written in the chat");
    await inbox.say(
      linked
        ? `Linked. ${inertLine(who.accountName, repliedMax)} answers here as ${linked.operator}, with the buttons under what waits.`
        : "This code is unknown, used or too old. Make a new one in the console's settings, or with: aito chats code",
    );
  } catch (error) {
    log.warn({ error: errorText(error), kind: update.kind }, "what was done in the chat could not be followed");
    if (update.kind === "press") {
      await inbox
        .answerPress(update, { told: "That did not work just now. Try again, or answer in the console.", over: false })
        .catch(() => undefined);
    }
  }
}

interface CodeLimit {
  mayTry(): boolean;
  wrong(): void;
}

function makeCodeLimit(now: () => Date): CodeLimit {
  let tried: number[] = [];
  return {
    mayTry: () => {
      tried = tried.filter((at) => now().getTime() - at < wrongCodesMs);
      return tried.length < wrongCodesMax;
    },
    wrong: () => void tried.push(now().getTime()),
  };
}
