import type { ChangeRecord } from "@aito/protocol";
import { hostileText, id, start } from "./fixture-data.ts";

const at = (minutes: number): string => new Date(start - 60_000 * (60 - minutes)).toISOString();
const first = "a".repeat(40);
const second = "b".repeat(40);

/** A change with everything that the page shows, and hostile text wherever an agent may write. */
export const change = (): ChangeRecord => ({
  id: id(0x601),
  repository: "og-shibaclassic/shiba-social",
  branch: "aito/content-writer-3f2a/000000000302",
  base: "main",
  title: "Launch announcement",
  status: "merged",
  number: 7,
  url: "https://github.example/og-shibaclassic/shiba-social/pull/7",
  owner: "cmo",
  by: "content-writer-3f2a",
  task: { id: id(0x302), title: "Launch announcement", status: "done" },
  decision: { id: id(0x103), title: "Announce shared workspaces", status: "approved" },
  mergeSha: "c".repeat(40),
  mergedBy: "cmo",
  createdAt: at(1),
  updatedAt: at(30),
  commits: [
    { sha: first, title: "Launch announcement", by: "content-writer-3f2a", at: at(2) },
    { sha: second, title: hostileText, by: "content-writer-3f2a", at: at(12) },
  ],
  files: [
    { path: "content/launch.md", status: "added", diff: `@@ -0,0 +1,2 @@\n+# Launch\n+${hostileText}`, whole: true },
    { path: "content/logo.png", status: "added", diff: null, whole: true },
  ],
  reviews: [
    {
      by: "cco",
      verdict: "request_changes",
      body: hostileText,
      commit: first,
      comments: [{ path: "content/launch.md", line: 2, body: "Say who speaks." }],
      at: at(6),
    },
    { by: "cco", verdict: "approve", body: "Good.", commit: second, comments: [], at: at(20) },
  ],
});
