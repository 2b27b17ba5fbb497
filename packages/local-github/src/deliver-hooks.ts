import { createHmac, randomUUID } from "node:crypto";
import { type Clock, errorText, type Logger } from "@aito/base";
import type { Told } from "./asked.ts";

const attemptMsMax = 10_000;

export interface Delivery {
  id: string;
  event: string;
  url: string;
  status: number | null;
}

/** Sends events to the hooks of their repository, signed as GitHub signs, one attempt each; what is lost is lost, as with GitHub. */
export class HookSender {
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #open = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  readonly deliveries: Delivery[] = [];

  constructor(tools: { log: Logger; clock: Clock }) {
    this.#log = tools.log;
    this.#clock = tools.clock;
  }

  send({ repository, event, payload }: Told, sender: unknown, shown: unknown): void {
    for (const hook of repository.hooks) {
      if (!hook.active || !(hook.events.includes(event) || hook.events.includes("*"))) continue;
      const body = JSON.stringify({ ...payload, repository: shown, sender });
      const delivery: Delivery = { id: randomUUID(), event, url: hook.url, status: null };
      this.deliveries.push(delivery);
      if (this.deliveries.length > 1_000) this.deliveries.shift();
      const signature = hook.secret === null ? null : createHmac("sha256", hook.secret).update(body).digest("hex");
      const sent = this.#post(delivery, hook.url, body, signature).finally(() => this.#open.delete(sent));
      this.#open.add(sent);
    }
  }

  async #post(delivery: Delivery, url: string, body: string, signature: string | null): Promise<void> {
    const late = new AbortController();
    const cancel = this.#clock.after(attemptMsMax, () => late.abort());
    try {
      const answer = await fetch(url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "user-agent": "GitHub-Hookshot/local",
          "x-github-event": delivery.event,
          "x-github-delivery": delivery.id,
          ...(signature === null ? {} : { "x-hub-signature-256": `sha256=${signature}` }),
        },
        body,
        redirect: "manual",
        signal: AbortSignal.any([late.signal, this.#stop.signal]),
      });
      delivery.status = answer.status;
      await answer.body?.cancel();
    } catch (error) {
      this.#log.debug({ url, error: errorText(error) }, "a webhook was not delivered");
    } finally {
      cancel();
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#open);
  }
}
