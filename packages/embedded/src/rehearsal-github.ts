import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Clock, type Lifecycle, type Logger, newToken } from "@aito/base";
import type { GatewayOptions } from "@aito/gateway";
import { type LocalGithub, startLocalGithub, unlimited } from "@aito/local-github";

/**
 * A rehearsal's GitHub, on this machine alone: repositories in the company's folder, made when they are first asked for. It keeps its
 * port, so that yesterday's links still open.
 */
export async function startRehearsalGithub(
  options: { folder: string; clock: Clock; log: Logger },
  life: Lifecycle,
): Promise<NonNullable<GatewayOptions["github"]>> {
  const folder = join(options.folder, "github");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const portFile = join(folder, "port");
  const token = newToken("github");
  const start = (port: number): Promise<LocalGithub> =>
    startLocalGithub({
      folder,
      host: "127.0.0.1",
      port,
      tokens: { [token]: "aito" },
      log: options.log,
      clock: options.clock,
      limits: unlimited,
      makesRepositories: true,
      checkAnswers: false,
    });
  const github = life.add("rehearsal GitHub", await start(portIn(portFile)).catch(() => start(0)));
  writeFileSync(portFile, new URL(github.url).port);
  return { baseUrl: github.url, token: () => token, throttled: false };
}

function portIn(file: string): number {
  try {
    return Number(readFileSync(file, "utf8")) || 0;
  } catch {
    return 0;
  }
}
