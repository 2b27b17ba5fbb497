/** Makes the socket's folder and removes a socket file that nobody listens on any more. Error: AITO_GATEWAY_SOCKET when one does. */
export declare function prepareSocket(path: string): Promise<void>;
/** Agents run as another user, and read-only: they may only connect. */
export declare const openToAgents: (path: string) => Promise<void>;
export declare function pingSocket(path: string): Promise<void>;
