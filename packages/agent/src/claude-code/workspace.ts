import { lstat, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { taskPatchCharactersMax, type Workspace, workspaceBytesMax, workspaceFilesMax } from "@aito/protocol";
import { createTwoFilesPatch } from "diff";

/** What files held, by path. */
export type Snapshot = Map<string, Buffer>;

/** Writes a workspace's files below `folder`. Their paths were checked when it was parsed. */
export async function unpack(workspace: Workspace, folder: string): Promise<Snapshot> {
  const snapshot: Snapshot = new Map();
  await mkdir(folder, { recursive: true });
  for (const { path, base64 } of workspace.files) {
    const content = Buffer.from(base64, "base64");
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    snapshot.set(path, content);
  }
  return snapshot;
}

/** Reads the regular files below `folder`; links and what is over the limits are named in `left`, never followed. */
export async function readBack(folder: string): Promise<{ files: Snapshot; left: string[] }> {
  const files: Snapshot = new Map();
  const left: string[] = [];
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const path = relative(folder, file).split(sep).join("/");
    if (entry.isDirectory() || path.startsWith(".git/")) continue;
    const { size } = await lstat(file);
    if (!entry.isFile() || files.size >= workspaceFilesMax || bytes + size > workspaceBytesMax) {
      left.push(path);
      continue;
    }
    bytes += size;
    files.set(path, await readFile(file));
  }
  return { files, left };
}

const contextLines = 3;

/**
 * The difference as a unified diff that `git apply` takes, files in order of their names. What is not text, or would make the patch
 * longer than a task may keep, is named in `left`.
 */
export function patchOf(before: Snapshot, after: Snapshot): { patch: string | null; left: string[] } {
  const left: string[] = [];
  let patch = "";
  for (const path of [...new Set([...before.keys(), ...after.keys()])].toSorted()) {
    const [old, now] = [before.get(path), after.get(path)];
    if (old && now && old.equals(now)) continue;
    const [oldText, newText] = [textOf(old), textOf(now)];
    if (oldText === null || newText === null) {
      left.push(path);
      continue;
    }
    const names = [old ? `a/${path}` : "/dev/null", now ? `b/${path}` : "/dev/null"] as const;
    const piece = createTwoFilesPatch(...names, oldText, newText, undefined, undefined, { context: contextLines });
    // An empty file that came or went has no lines to show: only git's own header says it.
    const shown = piece.includes("@@") ? piece.slice(piece.indexOf("--- ")) : "";
    const mode = old ? (now ? "" : "deleted file mode 100644\n") : "new file mode 100644\n";
    const whole = `diff --git a/${path} b/${path}\n${mode}${shown}`;
    if (patch.length + whole.length > taskPatchCharactersMax) left.push(path);
    else patch += whole;
  }
  return { patch: patch === "" ? null : patch, left };
}

/** Null for what is no UTF-8 text; empty for a file that is not there. */
function textOf(content: Buffer | undefined): string | null {
  if (content === undefined) return "";
  if (content.includes(0)) return null;
  try {
    return new TextDecoder("utf8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return null;
  }
}
