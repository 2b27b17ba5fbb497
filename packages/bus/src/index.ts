export {
  type AgentUser,
  type Bus,
  type BusRefusal,
  type Closable,
  commandMsMax,
  hintsMax,
  type JobHandler,
  type JobOptions,
  type OnMessage,
  type TokenAnswer,
} from "./bus.ts";
export { type Bell, bellOver } from "./bell.ts";
export { type BellOptions, connectBell } from "./redis/connect-bell.ts";
export { connectRedisBus } from "./redis/connect-redis-bus.ts";
export { memoryBus } from "./memory/memory-bus.ts";
export { deliverOver } from "./deliver-over.ts";
