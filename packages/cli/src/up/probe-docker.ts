import { request } from "node:http";
import { errorText } from "@aito/base";

const answerMsMax = 3_000;

export function dockerSocket(env: Record<string, string | undefined>): string {
  const host = env["DOCKER_HOST"] ?? "";
  return host.startsWith("unix://") ? host.slice("unix://".length) : "/var/run/docker.sock";
}

/** Asks the engine for its version over its socket. Throws with a short reason when none answers within 3 s. */
export async function dockerVersion(socketPath: string): Promise<string> {
  const body = await new Promise<string>((resolve, reject) => {
    const asking = request({ socketPath, path: "/version", timeout: answerMsMax }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("end", () =>
        response.statusCode === 200 ? resolve(text) : reject(new Error(`it answered ${response.statusCode}`)),
      );
    });
    asking.on("timeout", () => asking.destroy(new Error(`no answer within ${answerMsMax / 1_000} s`)));
    asking.on("error", reject);
    asking.end();
  });
  return (JSON.parse(body) as { Version?: string }).Version ?? "unknown";
}

/** Null when an engine answers, else why not, in a few words. */
export async function dockerAway(socketPath: string): Promise<string | null> {
  try {
    await dockerVersion(socketPath);
    return null;
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === "ENOENT") return `there is no socket at ${socketPath}`;
    if (code === "ECONNREFUSED") return `nothing listens at ${socketPath}`;
    if (code === "EACCES") return `${socketPath} may not be opened by this user`;
    return `${socketPath}: ${errorText(error)}`;
  }
}
