import {
  AskAnswer,
  AskRequest,
  ForgetMemories,
  Forgotten,
  FoundMemories,
  MemoryView,
  operatorApi,
  SearchMemories,
} from "@aito/protocol";
import { principalOf } from "../auth/principal.ts";
import type { Api, ApiOptions } from "./app.ts";

/** Questions to the records, and what agents remember. */
export function memoryRoutes(app: Api, { records }: ApiOptions): void {
  app.post(
    operatorApi.ask,
    { config: { needs: "read" }, schema: { body: AskRequest, response: { 200: AskAnswer } } },
    (request) => records.ask(request.body.question),
  );

  app.post(
    `${operatorApi.memory}/search`,
    { config: { needs: "read" }, schema: { body: SearchMemories, response: { 200: FoundMemories } } },
    (request) => records.searchMemories(request.body),
  );

  app.get(operatorApi.memory, { schema: { response: { 200: MemoryView } } }, () => records.memory());

  app.post(`${operatorApi.memory}/forget`, { schema: { body: ForgetMemories, response: { 200: Forgotten } } }, (request) =>
    records.forgetMemories(request.body, principalOf(request).operator),
  );
}
