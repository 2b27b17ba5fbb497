import {
  type ChainReport,
  type DecisionView,
  type EscalationView,
  type FleetStatus,
  microToUsd,
  type OverrideReport,
  type TaskView,
} from "@aito/protocol";

/** The JSON that scripts may rely on: exactly these keys, in this order. Changing one is a breaking change. */

export const statusDocument = (status: FleetStatus) => ({
  fleet: status.fleet,
  engine: status.engine,
  model: status.model,
  agents: status.agents.map(({ role, kind, status: state, epoch, containerId, lastHeartbeat, restarts, statusReason }) => ({
    role,
    kind,
    status: state,
    epoch,
    containerId,
    lastHeartbeat,
    restarts,
    statusReason,
  })),
  switches: status.switches.map(({ scope, target, label, reason, pressedBy, pressedAt }) => ({
    scope,
    target,
    label,
    reason,
    pressedBy,
    pressedAt,
  })),
});

export const proposalDocument = ({ id, type, status }: DecisionView) => ({ id, type, status });

export const decisionDocument = (decision: DecisionView) => ({
  id: decision.id,
  title: decision.title,
  type: decision.type,
  status: decision.status,
  round: decision.round,
  rounds: decision.rounds.map(({ round, votes }) => ({
    round,
    votes: votes.map(({ voter, vote, reason }) => ({ voter, vote, reason })),
  })),
  humanDecision: decision.humanDecision,
});

export const overrideDocument = ({ decision, stopped, ran }: OverrideReport) => ({
  id: decision.id,
  status: decision.status,
  stopped: stopped.map(({ task, title }) => ({ task, title })),
  ran: ran.map(({ what, at, undo }) => ({ what, at, undo })),
});

export const escalationDocument = ({ id, decisionId, url, expiresAt, status }: EscalationView) => ({
  id,
  decisionId,
  url,
  expiresAt,
  status,
});

export const taskDocument = ({ id, title, status, assignedTo, result }: TaskView) => ({ id, title, status, assignedTo, result });

export const chainDocument = ({ ok, count, head }: ChainReport) => ({ ok, count, head });

/** "$400.00" from micro-dollars. */
export const money = (micro: string): string => `$${microToUsd(micro)}`;
