import { AitoError } from "@aito/base";
import { saveState, sendMessage } from "@aito/company";
import { Id, Priority } from "@aito/protocol";
import { z } from "zod";
import { defineTool, type Tool } from "./tool.ts";

/** Types that an agent writes itself; the others are made by the platform when it records what they are about. */
const WritableType = z.enum(["direct", "alert", "broadcast", "status_request"]);

export const messageTools: Tool[] = [
  defineTool({
    name: "send_message",
    description:
      "Send a message to a colleague by name, or to the groups all, head or clevel. direct and alert wake the reader; " +
      "a broadcast is read at the next wake; a status_request is answered from records. With requires_response you are told, too, " +
      "when no answer came in time; agents cannot wait for each other in a circle. Who only writes and changes nothing is stopped.",
    risk: "write",
    kinds: ["agent", "worker"],
    input: z.object({
      to: z.string().min(1).max(60).describe("a colleague's name, or all, head, clevel"),
      type: WritableType.default("direct"),
      text: z.string().min(1).max(20_000),
      priority: Priority.optional(),
      in_reply_to: Id.optional().describe("the id of the message that this answers"),
      requires_response: z.boolean().default(false).describe("direct and alert, to one colleague: you need an answer"),
      answer_minutes: z
        .number()
        .int()
        .min(1)
        .max(7 * 24 * 60)
        .optional()
        .describe("how long you wait for it; an hour if left out"),
    }),
    run: async ({ context, session }, input) => {
      if (session.kind === "worker" && input.to !== session.parentAgent) {
        throw new AitoError("AITO_MESSAGE_NOT_ALLOWED", `a worker writes to whom it works for only: ${session.parentAgent}`, {
          status: 403,
        });
      }
      const message = await sendMessage(context.deps, session, {
        type: input.type,
        to: input.to,
        payload: payloadFor(input.type, input.text),
        priority: input.priority,
        inReplyTo: input.in_reply_to ?? null,
        requiresResponse: input.type === "status_request" || input.requires_response,
        responseDeadline:
          input.answer_minutes === undefined ? null : new Date(context.clock.now().getTime() + input.answer_minutes * 60_000),
      });
      return {
        message_id: message.id,
        to: message.to,
        type: message.type,
        ...(message.response_deadline ? { answer_by: message.response_deadline } : {}),
        ...(message.readLater ? { note: message.readLater } : {}),
      };
    },
  }),
  defineTool({
    name: "save_state",
    evidence: false,
    description: "Store a value under a key in your own persistent memory. It is in your context at every later run.",
    risk: "write",
    kinds: ["agent", "worker"],
    input: z.object({
      key: z.string().min(1).max(255),
      value: z.json(),
      version: z
        .number()
        .int()
        .nonnegative()
        .optional()
        .describe("the version it replaces (stateVersions, or 0 for a new key): refused if another is there"),
    }),
    run: async ({ context, session }, { key, value, version }) => ({
      key,
      version: await saveState(context.deps, session, { key, value, version }),
    }),
  }),
];

function payloadFor(type: z.infer<typeof WritableType>, text: string): Record<string, unknown> {
  switch (type) {
    case "direct":
    case "broadcast":
      return { text };
    case "alert": {
      const title = text.split("\n", 1)[0]!.slice(0, 255);
      return { title, detail: text === title ? "" : text };
    }
    case "status_request":
      return { include: ["metrics", "pending_tasks", "blockers"] };
    default: {
      const never: never = type;
      return never;
    }
  }
}
