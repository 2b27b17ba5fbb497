export { boardAccess } from "./board/board-settings.ts";
export { GithubConfig, githubFor } from "./git/github-for.ts";
export { type GatewayOptions, startGateway } from "./start-gateway.ts";
export { NoticeConfig, noticeSettings, type NoticeSettings } from "./notices/notice-settings.ts";
export { toolSecrets } from "./upstream-for.ts";
export type { Upstream } from "./gateway-context.ts";
export { fleetTools } from "./mcp/routes.ts";
export { makeRefusalKeeper } from "./agents/bus-users.ts";
