export { type Orchestrator, type OrchestratorOptions, startOrchestrator } from "./start-orchestrator.ts";
export { startHealthServer } from "./health-server.ts";
export { containerSpec } from "./apply/container-spec.ts";
export { plan } from "./plan/plan.ts";
export { type Action } from "./plan/action.ts";
export { type PlanAgent, type PlanContainer, type PlanSettings, planSettings } from "./plan/snapshot.ts";
