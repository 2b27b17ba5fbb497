import { constants } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { AitoError, errorText } from "@aito/base";
import { type AgentSession, currentFleet, transact } from "@aito/company";
import { type Workspace, workspaceBytesMax, workspaceFilesMax, WorkspacePath } from "@aito/protocol";
import type { GatewayContext } from "../gateway-context.ts";

/**
 * The files of the workspace that the fleet file gives this worker's type; an empty one where it gives none. Links are left out and
 * never followed, `.git` is left out. Errors: AITO_WORKSPACE_UNKNOWN (the folder is not there), AITO_WORKSPACE_TOO_LARGE.
 */
export async function readWorkspace(context: GatewayContext, session: AgentSession): Promise<Workspace> {
  const { file } = await transact(context.deps, (unit) => currentFleet(unit));
  const name = session.kind === "worker" ? (file.workers[session.role]?.workspace ?? null) : null;
  if (name === null) return { name, files: [] };
  const root = join(context.workspaces ?? "/nonexistent", name);
  const files: Workspace["files"] = [];
  let bytes = 0;
  for (const path of await pathsIn(root, name)) {
    const content = await readRegular(join(root, path));
    if (content === null) continue;
    bytes += content.length;
    if (bytes > workspaceBytesMax || files.length >= workspaceFilesMax) throw tooLarge(name);
    files.push({ path, base64: content.toString("base64") });
  }
  return { name, files };
}

async function pathsIn(root: string, name: string): Promise<string[]> {
  try {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
      .filter((path) => !path.startsWith(".git/") && WorkspacePath.safeParse(path).success)
      .toSorted();
  } catch (error) {
    throw new AitoError("AITO_WORKSPACE_UNKNOWN", `the workspace "${name}" cannot be read: ${errorText(error)}`, {
      hint: `put its files into the gateway's folder for workspaces, under ${name}/`,
      fate: "human",
      status: 404,
      cause: error,
    });
  }
}

/** Null when the file has gone or become something else since it was listed. */
async function readRegular(path: string): Promise<Buffer | null> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => null);
  if (handle === null) return null;
  try {
    const stat = await handle.stat();
    if (!stat.isFile() || stat.size > workspaceBytesMax) return null;
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

const tooLarge = (name: string): AitoError =>
  new AitoError("AITO_WORKSPACE_TOO_LARGE", `the workspace "${name}" has more than ${workspaceFilesMax} files or 16 MB`, {
    hint: "leave out what is built or downloaded",
    fate: "human",
    status: 413,
  });
