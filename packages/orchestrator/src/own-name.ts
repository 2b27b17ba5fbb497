import { readFileSync } from "node:fs";
import { createServer } from "node:net";

/** The engine's own name for this container: its writable layer or its folder at the engine; a host name can be given twice. */
const containerId = /(?:upperdir=\S*?|containers)\/([0-9a-f]{64})\//;

/** Which container this is, as the mounts tell; null outside of one. */
export const containerOf = (mounts: string): string | null => containerId.exec(mounts)?.[1] ?? null;

/**
 * The name under which an orchestrator that was restarted in its container goes on at once, instead of waiting for its own earlier
 * lease. Two of one name would both lead, so the name is held: the kernel gives it to one process of the container and takes it
 * back when that process is gone, however it ends. Null outside a container and for a second one in it: they take a name of their own.
 */
export async function ownName(mounts = readMounts()): Promise<{ holder: string; close(): Promise<void> } | null> {
  const id = containerOf(mounts);
  if (id === null) return null;
  const lock = createServer((socket) => socket.destroy());
  const held = await new Promise<boolean>((resolve) => {
    lock.once("error", () => resolve(false));
    // A name without a file: nothing stays behind that a next process would find.
    lock.listen({ path: `\0aito-orchestrator-${id}` }, () => resolve(true));
  });
  if (!held) return null;
  lock.unref();
  return { holder: id, close: () => new Promise((resolve) => lock.close(() => resolve())) };
}

function readMounts(): string {
  try {
    return readFileSync("/proc/self/mountinfo", "utf8");
  } catch {
    return "";
  }
}
