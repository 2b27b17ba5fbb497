import type { ApiKeyView, ChatView, OperatorSession, OperatorView, Page, SignInView } from "@aito/protocol";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { type Act, mayAct } from "../../../src/acts.ts";
import { get } from "./api.ts";

/** Who this browser is. */
export const sessionQuery = queryOptions({ queryKey: ["session"], queryFn: () => get<OperatorSession>("/api/v1/session") });
/** Whether this browser's operator may: what would only be refused is not offered. Nothing may before the session is known. */
export function useMay(): (act: Act) => boolean {
  const scopes = useQuery(sessionQuery).data?.scopes;
  return (act) => scopes !== undefined && mayAct(act, scopes);
}
/** For whom what needs an act waits: for this browser's operator, or for whoever may. */
export function useWhoMay(): (act: Act) => "you" | "an answer" {
  const scopes = useQuery(sessionQuery).data?.scopes;
  return (act) => (scopes === undefined || mayAct(act, scopes) ? "you" : "an answer");
}
/** The same of decisions, and so of what waits in general. */
export const useWaitsFor = (): "you" | "an answer" => useWhoMay()("/api/v1/escalations/:id/answer");
export const operatorsQuery = queryOptions({
  queryKey: ["operators"],
  queryFn: () => get<{ items: OperatorView[] }>("/api/v1/operators"),
});
export const chatsQuery = queryOptions({
  queryKey: ["chats"],
  queryFn: () => get<{ items: ChatView[] }>("/api/v1/chats"),
});
export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: () => get<Page<SignInView>>("/api/v1/sessions", { all: "1", limit: 100 }),
});
export const apiKeysQuery = queryOptions({
  queryKey: ["api-keys"],
  queryFn: () => get<Page<ApiKeyView>>("/api/v1/api-keys", { all: "1", limit: 100 }),
});
