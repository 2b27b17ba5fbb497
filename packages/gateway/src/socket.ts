import { chmod, lstat, mkdir, unlink } from "node:fs/promises";
import { connect } from "node:net";
import { dirname } from "node:path";
import { AitoError } from "@aito/base";

const probeMsMax = 500;

/** Makes the socket's folder and removes a socket file that nobody listens on any more. Error: AITO_GATEWAY_SOCKET when one does. */
export async function prepareSocket(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  const found = await lstat(path).catch(() => null);
  if (found === null) return;
  if (!found.isSocket()) {
    throw new AitoError("AITO_GATEWAY_SOCKET", `${path} exists and is no socket`, {
      hint: "set AITO_SOCKET to another path",
      fate: "human",
    });
  }
  if (await answers(path)) {
    throw new AitoError("AITO_GATEWAY_SOCKET", `another gateway listens on ${path}`, {
      hint: "end it, or set AITO_SOCKET",
      fate: "human",
    });
  }
  await unlink(path);
}

/** Agents run as another user, and read-only: they may only connect. */
export const openToAgents = (path: string): Promise<void> => chmod(path, 0o666);

export async function pingSocket(path: string): Promise<void> {
  if (!(await answers(path)))
    throw new AitoError("AITO_GATEWAY_SOCKET", `nothing listens on ${path}`, { fate: "retry", status: 503 });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const finish = (yes: boolean): void => {
      socket.destroy();
      resolve(yes);
    };
    socket.setTimeout(probeMsMax, () => finish(true));
    socket.once("connect", () => finish(true));
    socket.once("error", () => finish(false));
  });
}
