import { createServer } from "node:net";
import { AitoError, errorText } from "@aito/base";

/** Refuses a port that cannot be listened on, before anything else is started. Port 0 (any) is always fine. */
export async function checkPort(host: string, port: number): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host, port, exclusive: true }, resolve);
    });
  } catch (error) {
    const inUse = (error as { code?: string }).code === "EADDRINUSE";
    const what = inUse ? "is in use by another program" : `cannot be listened on: ${errorText(error)}`;
    throw new AitoError("AITO_PORT_IN_USE", `port ${port} on ${host} ${what}`, {
      hint: "choose another with --port, or stop that program",
      fate: "human",
      cause: error,
    });
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}
