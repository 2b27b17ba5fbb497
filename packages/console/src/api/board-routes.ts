import { BoardView, operatorApi } from "@aito/protocol";
import type { Api, ApiOptions } from "./app.ts";

/** The tasks as GitHub issues: how far they are mirrored, and a request to look at once. */
export function boardRoutes(app: Api, { records }: ApiOptions): void {
  app.get(operatorApi.board, { schema: { response: { 200: BoardView } } }, () => records.board());
  app.post(operatorApi.boardSync, { schema: { response: { 200: BoardView } } }, () => records.syncBoard());
}
