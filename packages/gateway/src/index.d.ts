export { type GatewayOptions, startGateway } from "./start-gateway.ts";
export type { Upstream } from "./gateway-context.ts";
