import { operatorApi, PinAnswer, SignersView, ToolPinView, ToolsView } from "@aito/protocol";
import { z } from "zod";
import { principalOf } from "../auth/principal.ts";
import type { Api, ApiOptions } from "./app.ts";

/** The tools as the gateway has them, and what outside ones say of themselves, which an operator approves. */
export function toolRoutes(app: Api, { records }: ApiOptions): void {
  app.get(operatorApi.tools, { schema: { response: { 200: ToolsView } } }, () => records.tools());

  app.get(operatorApi.signers, { schema: { response: { 200: SignersView } } }, () => records.signers());

  app.get(operatorApi.toolPins, { schema: { response: { 200: z.object({ items: z.array(ToolPinView) }) } } }, async () => ({
    items: await records.toolPins(),
  }));

  app.post(
    `${operatorApi.toolPins}/:tool/answer`,
    { schema: { params: z.object({ tool: z.string().min(1).max(130) }), body: PinAnswer, response: { 200: ToolPinView } } },
    (request) => records.answerToolPin(request.params.tool, principalOf(request).operator, request.body),
  );
}
