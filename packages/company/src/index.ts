export { type CompanyDeps, transact, type Unit } from "./company.ts";
export { type Ended, inOneTransaction } from "./in-one-transaction.ts";
export type { OutboxRow } from "./outbox/queries.ts";
export { relayOutbox } from "./outbox/relay-outbox.ts";
export { chainStart, sealHash } from "./audit/chain.ts";
export { sealEvents } from "./audit/seal-events.ts";
export { exportEvents } from "./audit/export-events.ts";
export { verifyChain } from "./audit/verify-chain.ts";
export { type Anchor, type AnchorStore, fileAnchors } from "./audit/anchors.ts";
export { anchorChain } from "./audit/anchor-chain.ts";
export type { EventCut } from "./audit/event-cut.ts";
export { chainHead, listEvents, sealedEventsAfter } from "./audit/list-events.ts";
export { registerFleet, sendKickoffIfDue } from "./fleet/register-fleet.ts";
export { deployFleet, dryRunFleet, fleetRevisionDiff, fleetTexts, listFleetRevisions } from "./fleet/revisions.ts";
export { currentFleet } from "./fleet/current-fleet.ts";
export { explainAgent, explainRole } from "./fleet/explain-role.ts";
export { listLessons } from "./lessons/list-lessons.ts";
export { orgChart, seatsOf } from "./fleet/org-chart.ts";
export { agentModels, modelPolicy } from "./fleet/model-policy.ts";
export { loadPack } from "./fleet/load-pack.ts";
export { parsePack } from "./fleet/parse-pack.ts";
export { agentState } from "./agents/agent-state.ts";
export { agentsToRun, type DesiredAgent, listAgents } from "./agents/list-agents.ts";
export { attachContainer, beginIncarnation, incarnationLost, restartAgent, startAll, stopAll } from "./agents/incarnations.ts";
export {
  type AgentSession,
  askSession,
  authenticate,
  heartbeat,
  type Beat,
  beatMany,
  hello,
  type HelloAgent,
  liveRedisUsers,
  renewSession,
  requireCurrent,
  type SessionLife,
  sessionLife,
  type SessionStamp,
  sessionStands,
  speakingFor,
} from "./agents/session.ts";
export { epochsAhead, settleRestored } from "./backup/settle-restored.ts";
export { listSwitches } from "./kill-switches/list-switches.ts";
export { type Presser, pressSwitch, resumeSwitch } from "./kill-switches/press-switch.ts";
export { stoppedError } from "./kill-switches/find-stop.ts";
export { stoppedAgents, stoppedNow } from "./kill-switches/stopped-agents.ts";
export { addWork, type NewWork } from "./work/add-work.ts";
export { assignUrgent, openWork, unassignedWork } from "./work/dispatch.ts";
export { agentRunSeconds, runSeconds } from "./runs/run-limits.ts";
export { releaseExpired } from "./runs/release-expired.ts";
export { type ClaimedRun, claimRun, giveBackRun, whoHasWork } from "./runs/claim-run.ts";
export { runContext } from "./runs/run-context.ts";
export { appendRunLog, finishRun } from "./runs/finish-run.ts";
export { wakeDue, wakeNow } from "./runs/wake-due.ts";
export { requireCompanyRuns } from "./kill-switches/require-company-runs.ts";
export { openRunOf } from "./runs/open-run.ts";
export { listRuns } from "./runs/list-runs.ts";
export { createTask, type NewTask } from "./tasks/create-task.ts";
export { type Chatter, endChat, linkChat, listChats, newChatCode } from "./chats/chats.ts";
export { offerAnswers, type OfferedAnswers } from "./chats/offer-answers.ts";
export { endPolled, givePollTurn, takePollTurn } from "./chats/poll-turn.ts";
export { pressButton, type Pressed } from "./chats/press-button.ts";
export { listChannels, listNotices, recordChannelTest } from "./channels/channels.ts";
export { taskDesk } from "./tasks/task-desk.ts";
export { type AskedTask, type RequestedView, requestTasks } from "./tasks/request-tasks.ts";
export { briefing } from "./briefing/briefing.ts";
export { briefingText } from "./briefing/briefing-text.ts";
export { makeDueBriefing } from "./briefing/due-briefing.ts";
export { companyNumbers } from "./claims/list-claims.ts";
export { listSettlements, reopenContradiction } from "./claims/reopen-contradiction.ts";
export { listContradictions, settleContradiction } from "./claims/settle-contradiction.ts";
export { backNumbers, readNumbers, type TextToRead } from "./claims/back-numbers.ts";
export { type StoredReport, submitReport } from "./claims/submit-report.ts";
export { numberAfter } from "./claims/number-after.ts";
export { saveWork } from "./tasks/save-work.ts";
export { type FinishInput, finishTask } from "./tasks/finish-task.ts";
export { listTasks, taskFamily, taskView } from "./tasks/task-view.ts";
export { taskDigest } from "./tasks/task-digest.ts";
export { makeDueDigests, makeDueSynthesis } from "./notices/due-digests.ts";
export { moveTask, setTaskPriority } from "./tasks/move-task.ts";
export { type PlaceSeeker, type Places, queueForPlaces, waitsForPlace } from "./workers/place-queue.ts";
export { spawnDepth, spawnLimits, spawnableTypes } from "./workers/check-spawn.ts";
export { operations } from "./status/operations.ts";
export { listWorkers } from "./workers/list-workers.ts";
export { releaseTask } from "./workers/quarantine.ts";
export { settleQuarantine } from "./workers/settle-quarantine.ts";
export { messageDetail } from "./messages/message-thread.ts";
export { type NewMessage, sendMessage } from "./messages/send-message.ts";
export { listMessages, listThreads, replayMessages, talkSpan } from "./messages/talk.ts";
export { returnOverdue, ringUnacknowledged } from "./messages/deliveries.ts";
export { answerStatusRequests, closeStatusQueries, openStatusQuery } from "./messages/status-query.ts";
export { saveState } from "./memory/save-state.ts";
export { checkAnomalies } from "./anomalies/check-anomalies.ts";
export { tellBudgets } from "./budgets/tell-budgets.ts";
export { infraCosts } from "./infra/infra-costs.ts";
export { listSavings, suggestSaving, suggestSavings } from "./savings/savings.ts";
export type { SpanEdge } from "./costs/company-day.ts";
export { costForecast, listBudgets, listCalls, listCosts, listSuccess } from "./costs/list-costs.ts";
export { listRecordings, pruneRecordings, readRecording, recordExchange } from "./recordings/record-exchange.ts";
export {
  type BlockingBudget,
  type CallOf,
  type EndedCall,
  leaseRenewMs,
  renewReservations,
  type ReserveAnswer,
  type ReserveCall,
  reserveCalls,
  type SettledBlock,
  settleCalls,
  sweepReservations,
} from "./budgets/ledger.ts";
export { type NewReceipt, recordReceipt, recordReceiptIn } from "./evidence/record-receipt.ts";
export {
  beginCallIn,
  type BegunCall,
  endBegun,
  endLostCalls,
  keepBegun,
  type LookFor,
  type Seen,
  traceApproved,
  traceBegun,
} from "./evidence/begun-calls.ts";
export { type ReadyReceipt, readyReceipt, recordReceipts } from "./evidence/record-receipts.ts";
export { isSignedBy, type ReceiptSigner, receiptSigner } from "./evidence/receipt-signer.ts";
export { type Report, type ReportVerdict, verifyReport } from "./claims/verify-report.ts";
export type { CitedReceipt, ClaimVerdict } from "./claims/check-claim.ts";
export { listReceipts, pruneReceiptTexts, showReceipt, verifyReceipts } from "./evidence/list-receipts.ts";
export {
  listSessions,
  loginLinkWorks,
  newLoginLink,
  operatorSession,
  revokeSession,
  sessionHours,
  useLoginLink,
} from "./operators/login.ts";
export { type Caller, machineOwner, scopesOf, type SessionCaller, type Whence } from "./operators/caller.ts";
export { addOperator, changeRole, disableOperator, listOperators, resetOperator } from "./operators/accounts/operators.ts";
export { draftAccount, saveAccount } from "./operators/accounts/set-up-account.ts";
export { signIn } from "./operators/sign-in/sign-in.ts";
export { apiKeyCaller, createApiKey, listApiKeys, revokeApiKey } from "./operators/api-keys/api-keys.ts";
export { acquireTerm, releaseTerm, renewTerm } from "./terms/leadership.ts";
export { addCommand, type CommandKind, takeCommands } from "./commands/commands.ts";
export { nextDue } from "./due/next-due.ts";
export { fleetStatus } from "./status/fleet-status.ts";
export { companyFigures } from "./status/company-figures.ts";
export { budgetLeft } from "./decisions/budget-left.ts";
export { castVote } from "./decisions/cast-vote.ts";
export { closeDueRounds } from "./decisions/close-due-rounds.ts";
export { decisionView, listDecisions } from "./decisions/decision-view.ts";
export { openDecisionsFor } from "./decisions/open-decisions-for.ts";
export { overrideDecision } from "./decisions/override-decision.ts";
export { propose } from "./decisions/propose.ts";
export { argue, argumentTurnsMax } from "./decisions/argue.ts";
export { withdraw } from "./decisions/withdraw.ts";
export { type Answered, answerEscalation, type AnswerInput } from "./escalations/answer-escalation.ts";
export { escalationByToken, type LinkedEscalation } from "./escalations/escalation-by-token.ts";
export { linkToken, linkUrl } from "./escalations/link-token.ts";
export { type LinkMaker, listEscalations } from "./escalations/list-escalations.ts";
export { parseQuietHours, type QuietHours } from "./notices/quiet-hours.ts";
export { type NoticePolicy, planNotices } from "./notices/plan-notices.ts";
export {
  type AttemptOutcome,
  type ClaimedNotice,
  claimNotice,
  endNoticeAttempt,
  noticeAttemptsMax,
} from "./notices/send-attempt.ts";
export { escalationDetail } from "./notices/escalation-detail.ts";
export { acceptance } from "./ideas/acceptance.ts";
export { likeness, mergeFrom as sameIdeaFrom } from "./ideas/same-idea.ts";
export { meaningMsMax, meaningOf } from "./memory/meaning.ts";
export { embedMemories, memoryProgress, prepareMemoryIndex } from "./memory/embed-memories.ts";
export { ask } from "./ask/ask.ts";
export { citedProse, proseQuestion, proseSystem } from "./ask/cited-prose.ts";
export { gatewayPass, isGatewayPass } from "./operators/gateway-pass.ts";
export { searchByOperator } from "./memory/search/search-by-operator.ts";
export { type Summarizer, sumUpNext } from "./memory/summaries/sum-up.ts";
export { makeSearchStatistics, type SearchStatistics } from "./memory/search/statistics.ts";
export type { MemoryFilter } from "./memory/search/queries.ts";
export { type ForgetRequest, forgetByOperator, forgetMemories } from "./memory/forget-memories.ts";
export { type NewMemory, remember } from "./memory/remember.ts";
export { type Found, type MemoryHit, type MemoryQuestion, searchMemory } from "./memory/search/search-memory.ts";
export { listIdeas, meaningOfIdea, type NewIdea, promoteIdea, proposeIdea } from "./ideas/propose-idea.ts";
export { argumentsDigest, argumentsNestingMax, nestedTooDeep } from "./autonomy/arguments-digest.ts";
export { autonomyOf } from "./autonomy/mode-of.ts";
export { type Effect, type Gated, type GatedCall, type GateOutcome, type Permission, useGate } from "./autonomy/use-gate.ts";
export { decideCall, isOutward, type PolicyCall, type PolicyFacts, type PolicyVerdict } from "./grants/policy.ts";
export { layersOf, withheld } from "./grants/held-tools.ts";
export { addPermission, listPermissions, revokePermission } from "./grants/permissions.ts";
export { type HeldGrants, heldGrants } from "./grants/held-grants.ts";
export { taintFrom, taintOf, taintRun } from "./grants/taint.ts";
export { approvalDigest, type Call, callDigest, canonicalText } from "./approvals/canonical-call.ts";
export {
  approvalOfToken,
  approvalToken,
  approvalUrl,
  approvalView,
  listApprovals,
  toApprovalView,
} from "./approvals/approval-view.ts";
export { answerApproval, answeredView, previewEdit } from "./approvals/answer-approval.ts";
export { endLostApprovals } from "./approvals/end-lost.ts";
export { endOverdue } from "./approvals/end-overdue.ts";
export {
  openApprovals,
  type OutsideResult,
  type Ran,
  type ReadyCall,
  runApproved,
  runBegun,
  type Tools,
} from "./approvals/run-approved.ts";
export { alertFromOpens, type HeldBreaker, heldBreakers, holdBreaker, releaseBreaker } from "./breakers/held-breakers.ts";
export { answerToolPin, listToolPins } from "./tool-pins/answer-pin.ts";
export { approvedWords, type ApprovedWords, recordListing, type ToolWords } from "./tool-pins/record-listing.ts";
export { toolServers } from "./fleet/tool-servers.ts";
export { askedBefore } from "./approvals/asked-before.ts";
export { listPublications, publishIn } from "./publications/publish.ts";
export { recordMetric } from "./metrics/record-metric.ts";
export { type Candidate, type LeadTerm, succeed, type SuccessionStep, type SuccessionView } from "./succession/rules.ts";
export { keepLead } from "./succession/keep-lead.ts";
export { busRefusalsKnownTo, closeOldBusAlerts, recordBusRefusals } from "./alerts/bus-refusals.ts";
export { claimAlertNotice, type ClaimedAlert, endAlertNotice, planAlertNotices } from "./alerts/tell-alerts.ts";
export { type PlannedStep, recordPlans, whyAgent } from "./agents/plans.ts";
export { keepIncarnation, replaceIncarnation } from "./agents/replace-incarnation.ts";
export { checkTriggers } from "./triggers/check-triggers.ts";
export { packWarnings } from "./fleet/parse-trigger.ts";
export { kindsOf } from "./agents/kinds-of.ts";
export {
  createGatewayKey,
  type KeyHolder,
  keyHolder,
  listGatewayKeys,
  revokeGatewayKey,
  rotateGatewayKey,
} from "./keys/gateway-keys.ts";
export { covers, gitRoles, gitScopeOf, type GitScope } from "./changes/git-scope.ts";
export { changeRecord, changeSummaries } from "./changes/change-record.ts";
export { beginChange, type BegunChange, openChange, openChangeIn } from "./changes/propose-change.ts";
export {
  changeView,
  type ChangeView,
  type GivenReview,
  isOwnCommit,
  listChanges,
  recordMerge,
  recordMergeIn,
  reviewChange,
  reviewChangeIn,
  whatMergeLacks,
  wordsTaint,
} from "./changes/review-change.ts";
export {
  beginCreate,
  type BoardJob,
  boardLeaseMs,
  type BoardProgress,
  endBoardJob,
  leaveBoard,
  nextBoardJob,
  recordTold,
  recordNote,
  recordProgress,
  takeBoardFor,
  takeComments,
  waitingNotes,
} from "./board/board-jobs.ts";
export { type AskedTool, releaseToBoard, showOnBoard } from "./board/hold-back.ts";
export { type BoardSession, settleIssue, type Settled } from "./board/settle-issue.ts";
export {
  type BoardFields,
  cleanText,
  cleanTitle,
  commentsAt,
  levelOf,
  levels,
  issueBody,
  issueTitle,
  labelsFor,
  noteBody,
  noteIn,
  taskIdIn,
} from "./board/issue-text.ts";
export { boardView, pokeBoard, syncBoard } from "./board/board-view.ts";
export { listHookDeliveries, listHooks } from "./hooks/list-hooks.ts";
export { receiveHook, refuseHook, type SignedDelivery } from "./hooks/receive-hook.ts";
export { mergeIssue, type Mirror } from "./board/rules.ts";
