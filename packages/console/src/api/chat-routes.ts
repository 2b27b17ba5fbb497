import { ChatCode, ChatView, Id, operatorApi } from "@aito/protocol";
import { z } from "zod";
import { principalOf } from "../auth/principal.ts";
import type { Api, ApiOptions } from "./app.ts";
import { ownerOf } from "./operator-routes.ts";

/** Chats whose buttons answer for an operator: one's own; an owner sees and ends all. */
export function chatRoutes(app: Api, { records: { accounts } }: ApiOptions): void {
  app.get(operatorApi.chats, { schema: { response: { 200: z.object({ items: z.array(ChatView) }) } } }, async (request) => ({
    items: await accounts.chats(principalOf(request)),
  }));
  app.post(
    `${operatorApi.chats}/codes`,
    { config: { needs: "answer" }, schema: { response: { 201: ChatCode } } },
    async (request, reply) =>
      reply
        .code(201)
        .header("cache-control", "no-store")
        .send(await accounts.newChatCode(ownerOf(principalOf(request)))),
  );
  app.post(
    `${operatorApi.chats}/:id/end`,
    { config: { needs: "read" }, schema: { params: z.object({ id: Id }), response: { 200: ChatView } } },
    (request) => accounts.endChat(request.params.id, ownerOf(principalOf(request))),
  );
}
