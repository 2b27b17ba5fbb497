import { type Clock, type Logger } from "@aito/base";
import type { Bus } from "@aito/bus";
import type { CompanyDeps } from "@aito/company";
import type { Fleet } from "@aito/protocol";
import type { Upstream } from "./gateway-context.ts";
export interface GatewayOptions {
    deps: CompanyDeps;
    bus: Bus;
    log: Logger;
    clock: Clock;
    socketPath: string;
    upstream: Upstream;
    /** Where "an escalation waits" goes; null sends none. */
    escalationWebhook: {
        url: string;
        secret: string;
    } | null;
    publicUrl: string;
    linkKey: string;
    receiptKey: string;
    /** Not read: the gateway follows the registered revision, which can change while it runs. */
    companyFleet?: Fleet;
    random?: () => number;
}
export interface Gateway {
    socketPath: string;
    /** Throws unless the socket takes connections. */
    ping(): Promise<void>;
    close(): Promise<void>;
}
/**
 * The gateway on its unix socket, until `close`. Errors: AITO_GATEWAY_SOCKET (fate human) when another gateway has it. What the
 * database or bus cannot do at start is tried again; nothing here needs them to be up already but the first subscription.
 */
export declare function startGateway(options: GatewayOptions): Promise<Gateway>;
