import { structuredPatch } from "diff";
import type { BareRepository, Entry } from "./bare-repository.ts";

export interface TreeChange {
  path: string;
  from: string | null;
  status: "added" | "removed" | "modified" | "renamed";
  sha: string;
  additions: number;
  deletions: number;
  /** Unified hunks as GitHub shows them; null for what is not text or too big. */
  patch: string | null;
}

const patchBytesMax = 1024 * 1024;

/** What differs between two trees, by path; a file that moved unchanged is a rename. */
export async function treeChanges(repository: BareRepository, before: string | null, after: string): Promise<TreeChange[]> {
  const old = before === null ? new Map<string, Entry>() : await repository.files(before);
  const now = await repository.files(after);
  const gone = [...old.values()].filter(({ path }) => !now.has(path));
  const changes: TreeChange[] = [];
  for (const entry of now.values()) {
    const there = old.get(entry.path);
    if (there && there.sha === entry.sha && there.mode === entry.mode) continue;
    const moved = there ? -1 : gone.findIndex(({ sha }) => sha === entry.sha);
    const source = moved === -1 ? there : gone.splice(moved, 1)[0];
    const lines = await patchOf(repository, source ?? null, entry);
    changes.push({
      path: entry.path,
      from: moved === -1 ? null : source!.path,
      status: there ? "modified" : moved === -1 ? "added" : "renamed",
      sha: entry.sha,
      ...lines,
    });
  }
  for (const entry of gone) {
    changes.push({
      path: entry.path,
      from: null,
      status: "removed",
      sha: entry.sha,
      ...(await patchOf(repository, entry, null)),
    });
  }
  return changes.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function patchOf(
  repository: BareRepository,
  before: Entry | null,
  after: Entry | null,
): Promise<Pick<TreeChange, "additions" | "deletions" | "patch">> {
  const [old, now] = await Promise.all([textOf(repository, before), textOf(repository, after)]);
  if (old === null || now === null) return { additions: 0, deletions: 0, patch: null };
  const { hunks } = structuredPatch("a", "b", old, now, undefined, undefined, { context: 3 });
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const patch = hunks
    .map(({ oldStart, oldLines, newStart, newLines, lines: inside }) =>
      // Where a side has no lines, git names the line before.
      [
        `@@ -${oldLines === 0 ? oldStart - 1 : oldStart},${oldLines} +${newLines === 0 ? newStart - 1 : newStart},${newLines} @@`,
        ...inside,
      ].join("\n"),
    )
    .join("\n");
  return {
    additions: lines.filter((line) => line.startsWith("+")).length,
    deletions: lines.filter((line) => line.startsWith("-")).length,
    patch,
  };
}

/** Null for what is not text. */
async function textOf(repository: BareRepository, entry: Entry | null): Promise<string | null> {
  if (entry === null) return "";
  if (entry.type !== "blob") return null;
  const content = await repository.blob(entry.sha);
  return content.byteLength > patchBytesMax || content.includes(0) ? null : content.toString("utf8");
}

/** The lines of the new file that a patch shows, with the hunk that each stands in: where a comment may be put. */
export function commentableLines(patch: string): { side: "LEFT" | "RIGHT"; line: number; hunk: string }[] {
  const found: { side: "LEFT" | "RIGHT"; line: number; hunk: string }[] = [];
  let [left, right, hunk] = [0, 0, ""];
  for (const text of patch.split("\n")) {
    const head = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(text);
    if (head) {
      [left, right, hunk] = [Number(head[1]), Number(head[2]), text];
      continue;
    }
    hunk += `\n${text}`;
    if (!text.startsWith("+")) found.push({ side: "LEFT", line: left++, hunk });
    if (!text.startsWith("-")) found.push({ side: "RIGHT", line: right++, hunk });
  }
  return found;
}
