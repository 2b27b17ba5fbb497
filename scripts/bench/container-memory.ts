/** As the engine tells a container's memory. */
export interface MemoryStats {
  usage: number;
  stats: Record<string, number> | object;
}

const mb = 1024 * 1024;

/**
 * What a container's programs hold, in MB. `own`: their own pages, which nobody takes from them; what leaks shows there. `used`: with the
 * pages of files that were read lately (a program's code among them), which the machine lets go when it needs room: they grow with what is
 * read on it, and say nothing of the program. By the words of control groups of both versions.
 */
export function containerMemory(memory: MemoryStats): { own: number; used: number } {
  const stats = memory.stats as Record<string, number>;
  const used = memory.usage - (stats["total_inactive_file"] ?? stats["inactive_file"] ?? 0);
  const own = stats["total_rss"] ?? stats["anon"] ?? used;
  return { own: own / mb, used: used / mb };
}
