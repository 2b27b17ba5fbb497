import { openGateway } from "../open-gateway.ts";

/**
 * A gateway in a process of its own, whose memory is nobody else's: says where it listens and a session, and on each message what it
 * holds once what nobody holds is collected. Ends with its parent.
 */
export interface Listening {
  socketPath: string;
  session: string;
}
export interface Held {
  heapMb: number;
  residentMb: number;
}

const mb = (bytes: number): number => bytes / (1 << 20);
const collect = (globalThis as { gc?: () => void }).gc!;
const it = await openGateway();
const { session } = await it.enter("cmo");
process.on("message", () => {
  collect();
  process.send!({ heapMb: mb(process.memoryUsage().heapUsed), residentMb: mb(process.memoryUsage.rss()) } satisfies Held);
});
process.once("disconnect", () => void it.close().finally(() => process.exit(0)));
process.send!({ socketPath: it.socketPath, session } satisfies Listening);
