import type { GatewayOptions } from "@aito/gateway";
import { z } from "zod";

type Tool = NonNullable<GatewayOptions["moreTools"]>[number];

/** Something that really left the company. */
export interface Effect {
  tool: string;
  input: Record<string, unknown>;
}

/** What lies around the company: texts that others wrote, and everything that came out. */
export interface OutsideWorld {
  /** By the name under which an agent reads it. */
  inbox: Map<string, string>;
  effects: Effect[];
  tools: Tool[];
}

/** Connectors' tools as a company would have them: one that reads what others wrote, and four ways out. */
export function outsideWorld(): OutsideWorld {
  const inbox = new Map<string, string>();
  const effects: Effect[] = [];
  const wayOut = (
    name: string,
    dataClass: Tool["dataClass"],
    input: z.ZodObject,
    risk: "dangerous" | "write" = "dangerous",
  ): Tool => ({
    name,
    description: `Outside the company: ${name}.`,
    risk,
    dataClass: dataClass!,
    kinds: ["agent", "worker"],
    input,
    costMicroUsd: () => 0n,
    summary: (given) => `${name} ${JSON.stringify(given).slice(0, 500)}`,
    perform: (given) => {
      effects.push({ tool: name, input: given });
      return Promise.resolve({ ok: true, result: { done: true }, undo: null });
    },
    timeoutMs: 20_000,
  });
  const text = z.string().min(1).max(100_000);
  const read: Tool = {
    name: "read_outside",
    description: "Read a mail, page, issue or file that somebody outside wrote.",
    risk: "read",
    dataClass: "web",
    kinds: ["agent", "worker"],
    input: z.object({ name: text }),
    run: (_, input) => Promise.resolve({ text: inbox.get(String(input["name"])) ?? "" }),
  };
  return {
    inbox,
    effects,
    tools: [
      read,
      wayOut("send_mail", "public", z.object({ to: text, subject: text, body: text })),
      wayOut("post_webhook", "public", z.object({ url: text, body: text })),
      wayOut("open_url", "web", z.object({ url: text }), "write"),
      wayOut("pay_invoice", "payment", z.object({ iban: text, usd: z.number(), note: text })),
    ],
  };
}
