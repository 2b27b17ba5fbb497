import { AitoError, errorText, isAitoError } from "@aito/base";
import { ask, citedProse, isGatewayPass, proseQuestion, proseSystem, searchByOperator } from "@aito/company";
import { type AskAnswer, AskRequest, ChannelToTest, operatorQuestions, SearchMemories } from "@aito/protocol";
import type { FastifyInstance } from "fastify";
import type { z } from "zod";
import type { GatewayContext } from "../gateway-context.ts";
import { commitSigners } from "../git/commit-signers.ts";
import { toolsView } from "../mcp/tools-view.ts";
import type { ModelService } from "../model/model-service.ts";
import type { NoticeSettings } from "../notices/notice-settings.ts";
import { gatewayChannels, testChannel } from "../notices/test-channel.ts";
import { platformCall, platformModel } from "../model/platform-call.ts";

const proseTokensMax = 800;

/**
 * What the console asks here, because the embedder and the models are here: it shows the pass that both programs make from their common
 * key. An agent, whatever its session, gets 401.
 */
export function operatorRoutes(
  app: FastifyInstance,
  context: Pick<GatewayContext, "deps" | "clock" | "log" | "moreTools" | "outside" | "breakers">,
  options: {
    models: ModelService;
    linkKey: string;
    commitSecret: string;
    notices: NoticeSettings | null;
    publicUrl: string;
  },
): void {
  const { deps, log } = context;
  const { models, linkKey, commitSecret, notices: settings, publicUrl } = options;
  void app.register(async (scope) => {
    scope.addHook("onRequest", async (request) => {
      if (isGatewayPass(linkKey, request.headers.authorization)) return;
      throw new AitoError("AITO_OPERATOR_ONLY", "only the console asks here", { status: 401 });
    });
    scope.post(operatorQuestions.ask, async (request) => {
      const { question } = parsed(AskRequest, request.body);
      const answer = await ask(deps, question);
      return answer.told ? await withProse(models, answer, log) : answer;
    });
    scope.post(operatorQuestions.tools, async () => await toolsView(context));
    scope.post(operatorQuestions.signers, async () => await commitSigners(deps, commitSecret));
    scope.post(operatorQuestions.channels, () => gatewayChannels(settings));
    scope.post(operatorQuestions.channelTest, (request) =>
      testChannel(context, { settings, publicUrl }, parsed(ChannelToTest, request.body)),
    );
    scope.post(operatorQuestions.memories, async (request) => await searchByOperator(deps, parsed(SearchMemories, request.body)));
  });
}

function parsed<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new AitoError("AITO_REQUEST_INVALID", `the question cannot be read: ${result.error.issues[0]?.message ?? "invalid"}`, {
    status: 400,
  });
}

/** The same with an answer in sentences, where a real model can be asked; the evidence stands either way. */
export async function withProse(models: ModelService, answer: AskAnswer, log: GatewayContext["log"]): Promise<AskAnswer> {
  const model = await platformModel(models);
  if (model === null) return { ...answer, noProse: "rehearsal: no real model is set, so the evidence stands for itself" };
  try {
    const text = proseQuestion(answer.question, answer.evidence);
    const question = { action: "ask", agentId: null, system: proseSystem, text, maxTokens: proseTokensMax } as const;
    const written = await platformCall(models, model, question);
    const prose = citedProse(written.text, answer.evidence, written.model);
    // The records that were found are near the question, but do not answer it.
    if (prose === null) return { ...answer, told: false, noProse: `${written.model} found no answer in these records` };
    if (prose.sentences.length > 0) return { ...answer, prose };
    return { ...answer, noProse: `what ${written.model} wrote cites no record that exists, and was left out` };
  } catch (error) {
    log.warn({ error: errorText(error) }, "a question was answered without prose");
    return { ...answer, noProse: `the model could not be asked: ${isAitoError(error) ? error.message : "it failed"}` };
  }
}
