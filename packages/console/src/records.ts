import type { Answered, CommandKind, EventCut, Presser, SignedDelivery, SpanEdge, TextToRead } from "@aito/company";
import type {
  Acceptance,
  ApprovalAnswer,
  ApprovalAnswered,
  ApprovalStatus,
  ApprovalDetail,
  ApprovalView,
  AgentMessage,
  AgentState,
  AgentView,
  AgentWhy,
  AskAnswer,
  BoardView,
  BriefingView,
  BudgetView,
  ChainReport,
  ChangeRecord,
  ChangeSummary,
  CallCut,
  ChannelName,
  ChannelsView,
  ChannelTested,
  ContradictionReopened,
  ContradictionSettled,
  ContradictionView,
  CostCut,
  CostForecast,
  CostRow,
  DecisionStatus,
  DecisionView,
  EscalationDetail,
  EscalationStatus,
  Lesson,
  EscalationView,
  EventView,
  HookAnswer,
  HookDelivery,
  HookView,
  FiguresView,
  FleetChange,
  FleetDiff,
  FleetDryRun,
  FleetRevision,
  FleetStatus,
  FleetTexts,
  ForgetMemories,
  Forgotten,
  FoundMemories,
  SearchMemories,
  SignersView,
  HumanAnswer,
  IdeaView,
  InfraCosts,
  InfraCut,
  MemoryView,
  MessageDetail,
  ModelCall,
  GatewayKeyView,
  NewGatewayKey,
  NoticeEntry,
  EditedCallView,
  NewPermission,
  PermissionView,
  PinAnswer,
  ToolPinView,
  ToolsView,
  OperationsView,
  OperatorProposal,
  OrgSeat,
  OverrideReport,
  PublicationView,
  RecordedCall,
  RoleExplained,
  RunView,
  RecordingView,
  SavingsView,
  SuggestSaving,
  ReceiptDetail,
  ReceiptsReport,
  ReceiptView,
  Replayed,
  TalkCut,
  TalkSpan,
  ThreadView,
  SuccessCut,
  SuccessRow,
  StatedNumber,
  RotateGatewayKey,
  SwitchPress,
  SwitchResume,
  SwitchView,
  TaskBranch,
  TaskRequest,
  TaskDigest,
  SettleContradiction,
  SettlementView,
  SettleTask,
  TaskStatus,
  TaskView,
  WorkerView,
} from "@aito/protocol";
import type { Accounts } from "./accounts.ts";
import type { ApprovalForm } from "./pages/approval-pages.ts";
import type { EscalationForm } from "./pages/escalation-pages.ts";

/** Which receipts: of a task, a run, an agent, a tool. */
export interface ReceiptCut {
  task?: string | undefined;
  run?: string | undefined;
  agent?: string | undefined;
  tool?: string | undefined;
}

/** Part of a list: at most `limit` items, newest first, older than the item `before`. */
export interface PageRequest {
  limit: number;
  before?: string | undefined;
}

/**
 * Everything that the console reads and changes, already bound to one company. `companyRecords` is the real one; tests and
 * design work run the same server on fixed records. Unknown ids throw AitoError with status 404.
 */
export interface Records {
  status(): Promise<Omit<FleetStatus, "engine" | "model">>;
  agent(name: string): Promise<AgentView>;
  /** Everything about it. */
  agentState(name: string): Promise<AgentState>;
  /** Why the platform did or did not act for it. */
  why(name: string): Promise<AgentWhy>;
  /** Its last runs with what it wrote, newest first. */
  runs(name: string, limit: number): Promise<RunView[]>;
  /** Its role on one page. */
  explain(name: string): Promise<RoleExplained>;
  /** What went wrong for a role, and what humans refused it, newest first. */
  lessons(name: string): Promise<Lesson[]>;
  org(): Promise<OrgSeat[]>;
  fleetRevisions(page: { limit: number; before?: number }): Promise<FleetRevision[]>;
  fleetTexts(revision: number): Promise<FleetTexts>;
  /** What it changed of the one before. */
  fleetRevisionDiff(revision: number): Promise<FleetDiff>;
  dryRunFleet(change: FleetChange): Promise<FleetDryRun>;
  deployFleet(change: FleetChange, by: string): Promise<FleetRevision>;
  propose(proposal: OperatorProposal): Promise<DecisionView>;
  decisions(page: PageRequest & { status?: DecisionStatus | undefined }): Promise<DecisionView[]>;
  decision(id: string): Promise<DecisionView>;
  /** Sets an open or decided decision aside; what was stopped, and what had been done. */
  override(id: string, operator: string, reason: string): Promise<OverrideReport>;
  escalations(
    page: PageRequest & { status?: EscalationStatus | undefined; decision?: string | undefined },
  ): Promise<EscalationView[]>;
  /** One with every notice of it and its attempts. */
  escalation(id: string): Promise<EscalationDetail>;
  /** What a link leads to; null when no escalation has it. */
  escalationForm(token: string): Promise<EscalationForm | null>;
  answerByLink(token: string, answer: HumanAnswer): Promise<Answered>;
  answerAsOperator(escalationId: string, operator: string, answer: HumanAnswer): Promise<Answered>;
  approvals(page: PageRequest & { status?: ApprovalStatus | undefined }): Promise<ApprovalView[]>;
  approval(id: string): Promise<ApprovalDetail>;
  /** What a link leads to; null when it is not one that we made. */
  approvalForm(token: string): Promise<ApprovalForm | null>;
  /** What a call that waits would be with other arguments. */
  previewEdit(id: string, args: Record<string, unknown>): Promise<EditedCallView>;
  answerApproval(id: string, by: string, answer: ApprovalAnswer): Promise<ApprovalAnswered>;
  permissions(): Promise<PermissionView[]>;
  addPermission(input: NewPermission, by: string): Promise<PermissionView>;
  revokePermission(name: string, by: string): Promise<PermissionView>;
  tools(): Promise<ToolsView>;
  signers(): Promise<SignersView>;
  channels(): Promise<ChannelsView>;
  /** Sends one test notice and says what became of it. */
  testChannel(channel: ChannelName, by: string): Promise<ChannelTested>;
  notices(page: PageRequest & { channel?: string | undefined }): Promise<NoticeEntry[]>;
  toolPins(): Promise<ToolPinView[]>;
  answerToolPin(tool: string, by: string, answer: PinAnswer): Promise<ToolPinView>;
  ideas(page: PageRequest): Promise<IdeaView[]>;
  promoteIdea(id: string): Promise<IdeaView>;
  acceptance(): Promise<Acceptance[]>;
  ask(question: string): Promise<AskAnswer>;
  /** The same from the records alone: no model is asked. */
  askRecords(question: string): Promise<AskAnswer>;
  memory(): Promise<MemoryView>;
  searchMemories(request: SearchMemories): Promise<FoundMemories>;
  forgetMemories(request: ForgetMemories, operator: string): Promise<Forgotten>;
  costForecast(): Promise<CostForecast>;
  costs(cut: { by: CostCut; since?: SpanEdge | undefined; until?: SpanEdge | undefined }): Promise<CostRow[]>;
  infraCosts(cut: { by: InfraCut; since?: SpanEdge | undefined; until?: SpanEdge | undefined }): Promise<InfraCosts>;
  savings(): Promise<SavingsView>;
  /** Makes an idea of one; the idea. */
  suggestSaving(of: SuggestSaving): Promise<IdeaView>;
  calls(page: PageRequest & CallCut & { since?: SpanEdge | undefined }): Promise<ModelCall[]>;
  budgets(): Promise<BudgetView[]>;
  success(cut: { by: SuccessCut; since?: Date | undefined }): Promise<SuccessRow[]>;
  publications(page: PageRequest): Promise<PublicationView[]>;
  recordings(page: PageRequest & { run?: string | undefined }): Promise<RecordingView[]>;
  recording(id: string): Promise<RecordedCall>;
  receipts(page: PageRequest & ReceiptCut): Promise<ReceiptView[]>;
  receipt(id: string): Promise<ReceiptDetail>;
  verifyReceipts(): Promise<ReceiptsReport>;
  briefing(hours: number): Promise<BriefingView>;
  figures(): Promise<FiguresView>;
  /** Open ones, newest first. */
  contradictions(): Promise<ContradictionView[]>;
  /** A human's word on which of the values holds. */
  settleContradiction(id: string, settle: SettleContradiction, by: string): Promise<ContradictionSettled>;
  /** What nobody has taken back, newest first. */
  settlements(): Promise<SettlementView[]>;
  /** Takes a settlement back. */
  reopenContradiction(id: string, reason: string, by: string): Promise<ContradictionReopened>;
  changes(page: PageRequest): Promise<ChangeSummary[]>;
  /** One from its decision to its merge commit. */
  change(id: string): Promise<ChangeRecord>;
  board(): Promise<BoardView>;
  syncBoard(): Promise<BoardView>;
  /** The fleet file's hooks; how many secrets are live is the console's own to say. */
  hooks(): Promise<Omit<HookView, "secrets">[]>;
  hookDeliveries(page: PageRequest & { hook?: string | undefined }): Promise<HookDelivery[]>;
  receiveHook(delivery: SignedDelivery): Promise<HookAnswer>;
  /** Writes down that something was refused at a hook; `unwritten`: how many before it were not. */
  refuseHook(refused: { hook: string; why: string; address: string; unwritten: number }): Promise<void>;
  /** The numbers of each text, with the receipts that they can be followed to. */
  numbers(texts: readonly TextToRead[]): Promise<StatedNumber[][]>;
  keys(): Promise<GatewayKeyView[]>;
  createKey(input: NewGatewayKey, by: string): Promise<{ key: string; view: GatewayKeyView }>;
  rotateKey(input: { name: string } & RotateGatewayKey, by: string): Promise<{ key: string; view: GatewayKeyView }>;
  revokeKey(name: string, by: string): Promise<GatewayKeyView>;
  tasks(page: PageRequest & { status?: TaskStatus | undefined; agent?: string | undefined }): Promise<TaskView[]>;
  task(id: string): Promise<TaskView>;
  /** The tree that it is part of. */
  taskFamily(id: string): Promise<TaskBranch[]>;
  taskDigest(id: string): Promise<TaskDigest>;
  /** Cancelled, or tried again as a new task; the task that it is then. */
  /** `made`: false where the same request had made it before. */
  requestTask(request: TaskRequest, by: string): Promise<{ task: TaskView; made: boolean }>;
  moveTask(id: string, to: TaskStatus, by: string): Promise<TaskView>;
  setTaskPriority(id: string, priority: number, by: string): Promise<TaskView>;
  /** What becomes of a quarantined task; the task that it is then. */
  settleTask(id: string, settle: SettleTask, by: string): Promise<TaskView>;
  /** Ends a task's quarantine. */
  releaseTask(id: string, by: string): Promise<void>;
  workers(): Promise<WorkerView[]>;
  operations(): Promise<OperationsView>;
  messages(page: PageRequest & TalkCut): Promise<AgentMessage[]>;
  threads(page: PageRequest & { with?: string | undefined }): Promise<ThreadView[]>;
  talkSpan(cut: TalkCut): Promise<TalkSpan>;
  /** Oldest first. */
  replay(asked: TalkCut & { limit: number; from?: Date | undefined; after?: string | undefined }): Promise<Replayed>;
  message(id: string): Promise<MessageDetail>;
  events(page: PageRequest & EventCut): Promise<EventView[]>;
  /** Sealed events in order after sequence number `seq`, for streams. */
  eventsAfter(seq: bigint, limit: number): Promise<EventView[]>;
  /** The newest sealed sequence number; 0 when there is none. */
  head(): Promise<bigint>;
  verifyEvents(): Promise<ChainReport>;
  /** The sealed history as lines of JSON, some at a time. */
  exportEvents(): AsyncIterable<string>;
  switches(options: { withResumed: boolean }): Promise<SwitchView[]>;
  pressSwitch(press: SwitchPress, presser: Presser): Promise<SwitchView>;
  resumeSwitch(resume: SwitchResume & { id: string }, presser: Presser): Promise<SwitchView>;
  command(kind: CommandKind, args: Record<string, string>, by: string): Promise<void>;
  accounts: Accounts;
  ping(): Promise<void>;
}
