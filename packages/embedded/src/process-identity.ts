import { readFileSync } from "node:fs";

/** What tells one process from every other, also after its pid was given to another or the machine restarted. */
export interface ProcessIdentity {
  pid: number;
  /** Changes with each start of the machine; "unknown" where /proc has none. */
  bootId: string;
  /** Clock ticks since boot at which the process began, as text; null when there is no such process or no /proc. */
  startTime: string | null;
}

const readText = (path: string): string | null => {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null;
  }
};

/** Field 22 of /proc/<pid>/stat; the command's name in parentheses may itself hold spaces and parentheses. */
function startTimeOf(pid: number): string | null {
  const stat = readText(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

export const identityOf = (pid: number): ProcessIdentity => ({
  pid,
  bootId: readText("/proc/sys/kernel/random/boot_id") ?? "unknown",
  startTime: startTimeOf(pid),
});

/** Whether the process that wrote down this identity still runs. Without /proc only the pid can be asked. */
export function isAlive(identity: ProcessIdentity): boolean {
  const seen = identityOf(identity.pid);
  if (seen.bootId !== identity.bootId) return false;
  if (seen.startTime !== null && identity.startTime !== null)
    return seen.startTime === identity.startTime && !isZombie(identity.pid);
  try {
    process.kill(identity.pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}

/** A process that ended and whose parent has not noticed yet holds nothing any more. */
function isZombie(pid: number): boolean {
  const stat = readText(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).startsWith("Z") ?? false;
}
