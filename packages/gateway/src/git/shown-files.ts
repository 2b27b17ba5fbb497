import type { PullState } from "@aito/connectors";
import type { ChangedFile } from "@aito/protocol";

const patchCharsMax = 60_000;
const filesShownMax = 500;

/** A change's files as a reader gets them: hunks until the room is used up, then names alone. */
export function shownFiles(files: PullState["files"]): (ChangedFile & { from?: string })[] {
  let room = patchCharsMax;
  return files.slice(0, filesShownMax).map(({ path, from, status, patch }) => {
    const diff = patch === null ? null : patch.slice(0, room);
    room -= diff?.length ?? 0;
    return { path, ...(from === null ? {} : { from }), status, diff, whole: diff === patch };
  });
}
