import { alsoAbout, errorText, isAitoError, wellFormedDeep, withoutTokens } from "@aito/base";
import { appendRunLog, finishRun, finishTask, runContext, speakingFor } from "@aito/company";
import {
  agentApi,
  ContextRequest,
  HelloRequest,
  LogRequest,
  PollRequest,
  type PollResponse,
  ReportRequest,
} from "@aito/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { GatewayContext } from "../gateway-context.ts";
import { authenticateHook, sessionOf, speakerOf } from "./authenticate.ts";
import type { Bells } from "./bells.ts";
import { clientGone } from "./client-gone.ts";
import { heartbeatRoute } from "./heartbeat-route.ts";
import { noteHandIn } from "./hand-in.ts";
import { sayHello } from "./hello.ts";
import type { OpenRuns } from "./open-runs.ts";
import { renew } from "./renew.ts";
import { makePolls } from "./poll.ts";
import { readWorkspace } from "./workspace.ts";

const bodyOf = (request: FastifyRequest): unknown => wellFormedDeep(request.body);

/** `/agent/*`: what an agent's loop says. Only hello works without a session. */
export function agentRoutes(app: FastifyInstance, context: GatewayContext, parts: { bells: Bells; openRuns: OpenRuns }): void {
  const { openRuns } = parts;
  const speaker = (request: FastifyRequest) => speakerOf(request, context.deps);
  app.post(agentApi.hello, async (request) => await sayHello(context, HelloRequest.parse(bodyOf(request))));

  heartbeatRoute(app, context);
  void app.register(async (known) => {
    known.addHook("onRequest", authenticateHook(context));
    known.post(agentApi.renew, async (request) => await renew(context, speaker(request), request.sessionHash));
    pollRoute(known, context, parts);
    known.post(agentApi.context, async (request) => {
      const { session, deps } = speaker(request);
      const answer = await runContext(deps, session, ContextRequest.parse(bodyOf(request)));
      alsoAbout({ run: answer.run });
      if ((await openRuns.of(session)) !== answer.run) openRuns.ended(session);
      return answer;
    });
    known.post(agentApi.report, async (request) => {
      const { session, deps } = speaker(request);
      const report = ReportRequest.parse(withoutTokens(bodyOf(request)));
      alsoAbout({ run: await openRuns.of(session) });
      // A worker that stopped by itself without a result ends its task with what it had; a failed run is tried again instead.
      if (report.task && report.outcome === "done") {
        const forTask = { session, deps: speakingFor(context.deps, session, { inRun: true, task: report.task.id }) };
        await noteHandIn(context, forTask, report, openRuns).catch(unlessEnded);
        const run = await openRuns.of(session);
        await finishTask(forTask.deps, session, { ...report.task, atRunEnd: true, run }).catch(unlessEnded);
      }
      deps.crashPoint?.("report.before_record");
      const answer = await finishRun(deps, session, report);
      deps.crashPoint?.("report.after_record");
      openRuns.ended(session);
      return answer;
    });
    known.post(agentApi.workspace, async (request) => {
      const { session, deps } = speaker(request);
      return await readWorkspace({ ...context, deps }, session);
    });
    known.post(agentApi.log, async (request) => {
      const { session, deps } = speaker(request);
      await appendRunLog(deps, session, LogRequest.parse(bodyOf(request)));
      return {};
    });
  });
}

/** The task may have ended meanwhile, or been stopped; anything else is thrown, for the agent to report again before its text is lost. */
function unlessEnded(error: unknown): void {
  if (!isAitoError(error) || error.fate === "retry") throw error;
}

function pollRoute(app: FastifyInstance, context: GatewayContext, parts: { bells: Bells; openRuns: OpenRuns }): void {
  const polls = makePolls(context, parts.bells);
  app.post(agentApi.poll, async (request, reply) => {
    const session = sessionOf(request);
    const { waitMs } = PollRequest.parse(bodyOf(request));
    const gone = clientGone(reply);
    const claimed = await polls.wait(session, { waitMs, gone });
    if (gone.aborted && claimed) await polls.giveBack(session, claimed.run.id);
    if (gone.aborted) return reply;
    if (claimed) {
      reply.raw.once("close", () => {
        const done = reply.raw.writableFinished ? polls.delivered(session, claimed) : polls.giveBack(session, claimed.run.id);
        void done.catch((error: unknown) => context.log.warn({ error: errorText(error) }, "after a poll"));
      });
      parts.openRuns.started(session, claimed.run);
      alsoAbout({ run: claimed.run.id });
    }
    const answer: PollResponse = { run: claimed?.run ?? null };
    return answer;
  });
}
