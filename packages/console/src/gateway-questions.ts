import { AitoError, errorText, type Logger } from "@aito/base";
import { gatewayPass } from "@aito/company";
import {
  ApiError,
  AskAnswer,
  ChannelTested,
  type ChannelToTest,
  FoundMemories,
  GatewayChannels,
  operatorQuestions,
  type SearchMemories,
  SignersView,
  ToolsView,
} from "@aito/protocol";
import { Agent } from "undici";
import type { z } from "zod";

const answerMsMax = 150_000;
/** For what it answers from its memory or its database: a gateway that says nothing for so long does not answer. */
const factMsMax = 5_000;
const connectMsMax = 2_000;

/** Questions that need the embedder or a model, which only the gateway has. Null where it does not answer: the caller goes by words. */
export interface GatewayQuestions {
  ask(question: string): Promise<AskAnswer | null>;
  memories(request: SearchMemories): Promise<FoundMemories | null>;
  tools(): Promise<ToolsView | null>;
  signers(): Promise<SignersView | null>;
  channels(): Promise<GatewayChannels | null>;
  testChannel(test: ChannelToTest): Promise<ChannelTested | null>;
  close(): Promise<void>;
}

export function gatewayQuestions(options: { socketPath: string; linkKey: string; log: Logger }): GatewayQuestions {
  const { socketPath, linkKey, log } = options;
  const gateway = new Agent({
    connect: { socketPath, timeout: connectMsMax },
    headersTimeout: answerMsMax,
    bodyTimeout: answerMsMax,
    pipelining: 0,
  });
  const post = async <T>(path: string, body: unknown, schema: z.ZodType<T>, waitMsMax = answerMsMax): Promise<T | null> => {
    let answer: { status: number; json: unknown };
    try {
      const reply = await gateway.request({
        origin: "http://gateway",
        path,
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${gatewayPass(linkKey)}` },
        body: JSON.stringify(body),
        headersTimeout: waitMsMax,
      });
      answer = { status: reply.statusCode, json: await reply.body.json() };
    } catch (error) {
      log.warn({ error: errorText(error) }, "the gateway did not answer an operator's question");
      return null;
    }
    if (answer.status === 200) return schema.parse(answer.json);
    const refusal = ApiError.safeParse(answer.json);
    // Its own failures are no reason to answer nothing; what the question itself has wrong is the operator's to know.
    if (!refusal.success || answer.status >= 500 || answer.status === 401) {
      log.warn({ status: answer.status }, "the gateway refused an operator's question");
      return null;
    }
    const { code, message, hint } = refusal.data.error;
    throw new AitoError(code, message, { status: answer.status, ...(hint ? { hint } : {}) });
  };
  return {
    ask: (question) => post(operatorQuestions.ask, { question }, AskAnswer),
    memories: (request) => post(operatorQuestions.memories, request, FoundMemories),
    tools: () => post(operatorQuestions.tools, {}, ToolsView, factMsMax),
    signers: () => post(operatorQuestions.signers, {}, SignersView, factMsMax),
    channels: () => post(operatorQuestions.channels, {}, GatewayChannels, factMsMax),
    testChannel: (test) => post(operatorQuestions.channelTest, test, ChannelTested),
    close: () => gateway.destroy(),
  };
}
