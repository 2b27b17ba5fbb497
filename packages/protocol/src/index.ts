export { isTimeZone } from "./time-zone.ts";
export { RecordedCall, RecordingView } from "./recordings.ts";
export { FleetInfra, InfraCosts, InfraCut, InfraRow, Saving, SavingsView, SuggestSaving } from "./infra.ts";
export { BudgetView, CallCut, ModelCall, CostCut, CostForecast, CostRow, SuccessCut, SuccessRow } from "./costs.ts";
export { Id, AgentName, ActorName, MicroUsd, Timestamp } from "./ids.ts";
export {
  CheckedClaim,
  Claim,
  claimsPerReportMax,
  ContradictionReopened,
  ContradictionSettled,
  ContradictionView,
  Fact,
  FiguresView,
  Mark,
  Period,
  ReceiptCheck,
  ReceiptDetail,
  receiptTextDaysDefault,
  ReceiptsReport,
  ReceiptStatus,
  ReceiptView,
  ReopenContradiction,
  SettleContradiction,
  SettlementView,
  NumbersRequest,
  NumbersView,
  StatedNumber,
} from "./evidence.ts";
export { BriefingTime, BriefingView, NeedsHuman } from "./briefing.ts";
export { DiffLine, FleetChange, FleetDiff, FleetDryRun, FleetRevision, FleetTexts } from "./fleet-revisions.ts";
export {
  ChannelName,
  ChannelsView,
  ChannelTested,
  ChannelToTest,
  ChannelView,
  GatewayChannels,
  NoticeEntry,
} from "./channels.ts";
export { ChatCode, ChatView } from "./chats.ts";
export { NoticeItem } from "./briefing.ts";
export { noticeKindOf } from "./notice-kinds.ts";
export { localMinute, type QuietHours, quietHoursOf, quietUntil } from "./quiet-hours.ts";
export { FleetNotices, NoticeKind, NoticeTimes, TaskDigest } from "./fleet-notices.ts";
export {
  AskRequest,
  AskAnswer,
  CitedSentence,
  Evidence,
  ForgetMemories,
  Forgotten,
  FoundMemories,
  MemoryItem,
  MemoryView,
  operatorQuestions,
  Prose,
  SearchMemories,
} from "./memory-api.ts";
export type { Embedder, EmbedKind } from "./embedder.ts";
export { usdToMicro, microToUsd } from "./money.ts";
export {
  AgentStatus,
  AgentKind,
  AgentStatusHash,
  AgentState,
  AgentView,
  AgentWhy,
  OperationsView,
  RunView,
  WorkerView,
} from "./agents.ts";
export {
  MessageType,
  Priority,
  Recipient,
  messagePayloads,
  AgentMessage,
  MessageDetail,
  Replayed,
  TalkCut,
  TalkSpan,
  ThreadView,
  messageBytesMax,
} from "./messages.ts";
export {
  MoveTask,
  SettleTask,
  taskPatchCharactersMax,
  TaskBranch,
  TaskPriority,
  TaskRequest,
  TaskStatus,
  TaskResult,
  TaskView,
} from "./tasks.ts";
export { hasEnded, taskMove, type TaskMove } from "./task-moves.ts";
export { OrgSeat, RoleExplained } from "./role-explained.ts";
export { Lesson } from "./lessons.ts";
export {
  DecisionType,
  DecisionStatus,
  Vote,
  RecordedVote,
  DecisionPhase,
  AttachedTask,
  AttachedAction,
  Proposal,
  VoteView,
  RoundView,
  DecisionView,
  EscalationStatus,
  EscalationView,
  NoticeView,
  EscalationDetail,
  DecisionGrounds,
  ReceiptBehind,
  HumanAnswer,
  OverrideRequest,
  OverrideReport,
} from "./decisions.ts";
export { SwitchScope, SwitchPress, SwitchResume, SwitchView, switchLabel } from "./kill-switches.ts";
export { channels, keys, channelsOf } from "./redis-names.ts";
export { readConsoleBell, type ConsoleBellHeard } from "./console-bells.ts";
export { LoopAction, Authority, TriggerKind, Trigger, EscalationRule, GitRight, Profile } from "./profile.ts";
export { AutonomyMode, DangerousTool, ReleasedTool } from "./autonomy.ts";
export { FleetModels, thinkingModel, UpstreamPrices, workingModel } from "./fleet-models.ts";
export { claudeCodeMemoryMb, Executor, FleetFile, FleetGit, Fleet, MessageLimits, SpawnLimits } from "./fleet.ts";
export {
  agentApi,
  StdinLine,
  HelloRequest,
  HelloResponse,
  HeartbeatRequest,
  HeartbeatResponse,
  WakeKind,
  PollRequest,
  PollResponse,
  ContextRequest,
  RunContext,
  RenewResponse,
  ReportRequest,
  ReportResponse,
  LogRequest,
  Workspace,
  workspaceBytesMax,
  workspaceFilesMax,
  WorkspacePath,
} from "./agent-api.ts";
export { agentTools, dataClassOf, repositoryTools, toolNamesFor, usdArgumentOf } from "./agent-tools.ts";
export {
  ApprovalAnswer,
  ApprovalAnswered,
  approvalDefaults,
  ApprovalStatus,
  ApprovalView,
  ApprovalDetail,
  ArgumentConstraint,
  CallFile,
  DataClass,
  type GrantList,
  EditedCallView,
  NewPermission,
  RollingPeriod,
  PermissionView,
  shieldedClasses,
  ToolRisk,
  usualGrant,
} from "./grants.ts";
export {
  BreakerView,
  outsideToolName,
  outsideToolsOf,
  OutsideFact,
  OutsideToolEntry,
  PinAnswer,
  type PinStatus,
  toolNameCharactersMax,
  ToolPinView,
  ToolServer,
  type ToolServers,
  ToolServerView,
  ToolsView,
  ToolView,
} from "./tool-servers.ts";
export { type MetricDefinition, type MetricSample, metricsOf, metricTable } from "./metric-table.ts";
export {
  operatorApi,
  pageOf,
  type Page,
  pageItemsMax,
  FleetStatus,
  OperatorProposal,
  IdeaView,
  PublicationView,
  Acceptance,
  EventView,
  ChainReport,
  ApiError,
  loginLinkMinutes,
} from "./operator-api.ts";
export { CreatedGatewayKey, GatewayKeyName, GatewayKeyView, NewGatewayKey, RotateGatewayKey } from "./gateway-keys.ts";
export {
  AccountDraft,
  ApiKeyName,
  ApiKeyView,
  CreatedApiKey,
  InvitedOperator,
  LoginLink,
  NewAccount,
  NewApiKey,
  NewLoginLink,
  NewOperator,
  OperatorChange,
  OperatorName,
  OperatorRole,
  OperatorScope,
  OperatorSession,
  OperatorView,
  passwordCharactersMin,
  roleScopes,
  SavedAccount,
  SignInView,
} from "./operators.ts";
export { type FleetHook, FleetHooks, HookAnswer, HookDelivery, HookOutcome, HookRule, HookScheme, HookView } from "./hooks.ts";
export { SignersView } from "./signers.ts";
export { ChangeComment, ChangedFile, ChangeRecord, ChangeSummary } from "./changes.ts";
export { BoardView, FleetBoard, type IssueComment, type IssueSnapshot, type IssueWrite } from "./board.ts";
