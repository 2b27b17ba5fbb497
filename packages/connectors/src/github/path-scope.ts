/** Right of a role in a repository. `admin` may also change what runs with the repository's own powers: workflows and code owners. */
export type GitRight = "read" | "write" | "admin";

/** What a role may touch: from the "Git Integration" section of its profile. */
export interface PathScope {
  right: GitRight;
  /** Filters as in the profile: `content/*` is everything below `content`, `*.md` a file at the top, `*` everything. */
  paths: string[];
}

/** How git stores an entry: file, executable file, symbolic link, submodule. */
export type EntryMode = "100644" | "100755" | "120000" | "160000";

/** One path of a proposed change. A rename is the old path deleted and the new one written, with `from` naming the old. */
export interface FileChange {
  path: string;
  /** Null deletes it. */
  mode: EntryMode | null;
  from?: string | undefined;
}

/** Why a change may not be written: the rule's name, the path, and a sentence for the agent that proposed it. */
export interface ScopeRefusal {
  rule: "right" | "path" | "filter" | "protected" | "link" | "twin" | "through" | "unknown" | "repeated";
  path: string;
  message: string;
}

const pathCharsMax = 1_000;
const segmentCharsMax = 200;
/** Controls, what reorders or hides text, and what cannot be shown: none of them belongs in a name that people approve. */
const hidden = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\\]/u;
/** Names that git or a file system takes for `.git`, and what changes how git reads a repository. */
const gitName = /^(\.git|git~\d+|\.git(modules|attributes|config)?)$/i;
const runsWithPowers =
  /^(\.github\/(workflows|actions)(\/|$)|(\.github\/|docs\/)?codeowners$|\.github\/(settings|dependabot)\.ya?ml$)/;

/** Most paths are like this, and need none of the slower looks: no odd character, no part that begins or ends with a dot. */
const plain = /^[\w-](?:[\w.-]*[\w-])?(?:\/[\w-](?:[\w.-]*[\w-])?)*$/;
const isPlain = (path: string): boolean => path.length <= segmentCharsMax && plain.test(path);

/** Two names with the same key are one file for people, or on a file system that ignores case or composition. */
const keyOf = (path: string): string =>
  isPlain(path) ? path.toLowerCase() : path.normalize("NFKC").toLowerCase().toUpperCase().toLowerCase();

/** What is wrong with a path as such, in words; null when nothing is. */
function malformed(path: string): string | null {
  if (isPlain(path)) return null;
  if (path === "" || path.length > pathCharsMax) return `a path has 1 to ${pathCharsMax} characters`;
  if (hidden.test(path)) return "it has a character that cannot be seen, reorders text, or is a backslash";
  if (path.normalize("NFC") !== path) return "it is not in Unicode's composed form (NFC)";
  for (const segment of path.split("/")) {
    if (segment === "" || segment === "." || segment === "..") return 'it has an empty part, "." or ".."';
    if (segment.length > segmentCharsMax) return `a part of it has over ${segmentCharsMax} characters`;
    if (segment !== segment.trim() || segment.endsWith("."))
      return "a part of it begins or ends with a space, or ends with a dot";
    if (/[:*?"<>|]/.test(segment)) return 'it has one of : * ? " < > |, which some file systems do not take';
  }
  return null;
}

/** A filter as a test of paths. `*` stands for anything within one part; at the end, after a slash or alone, for everything below. */
export function filterTest(filter: string): (path: string) => boolean {
  const below = filter === "*" || filter === "**" || filter.endsWith("/*") || filter.endsWith("/**");
  const head = below ? filter.replace(/\*+$/, "") : filter;
  const pattern = head
    .split("/")
    .map((part) => (part === "**" ? ".*" : part.replaceAll(/[.+^${}()|[\]\\?]/g, "\\$&").replaceAll(/\*+/g, "[^/]*")))
    .join("/");
  const whole = new RegExp(`^${pattern}${below ? ".+" : ""}$`, "s");
  return (path) => whole.test(path);
}

/** A branch as it stands, made ready to be asked many times. */
export interface TreeIndex {
  entries: ReadonlyMap<string, EntryMode>;
  folders: ReadonlySet<string>;
  /** How each file and folder is spelt, by its key. */
  spellings: ReadonlyMap<string, string>;
}

export function indexTree(entries: ReadonlyMap<string, EntryMode>): TreeIndex {
  const folders = new Set<string>();
  const spellings = new Map<string, string>();
  for (const path of entries.keys()) {
    spell([spellings], path);
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      const folder = path.slice(0, at);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return { entries, folders, spellings };
}

/**
 * Whether all of a change may be written, judged before anything is sent. The answer is the first refusal in the order of the changes, or
 * null. Nothing is written when one path is refused.
 */
export function judgeChange(scope: PathScope, tree: TreeIndex, changes: readonly FileChange[]): ScopeRefusal | null {
  if (scope.right === "read") {
    return { rule: "right", path: changes[0]?.path ?? "", message: "this role may read the repository, not change it" };
  }
  const gone = new Set(changes.flatMap(({ path, mode }) => (mode === null ? [path] : [])));
  const refusal = judgeAll(scope, { before: tree, after: tree, gone }, changes);
  if (gone.size === 0 || (refusal?.rule !== "twin" && refusal?.rule !== "through")) return refusal;
  // What stands in the way may be deleted by the same change: looked at again without it.
  const after = indexTree(new Map([...tree.entries].filter(([path]) => !gone.has(path))));
  return judgeAll(scope, { before: tree, after, gone }, changes);
}

interface Trees {
  before: TreeIndex;
  /** Without what the change deletes. */
  after: TreeIndex;
  gone: ReadonlySet<string>;
}

function judgeAll(scope: PathScope, trees: Trees, changes: readonly FileChange[]): ScopeRefusal | null {
  const tests = scope.paths.map(filterTest);
  const seen = new Set<string>();
  const added = new Map<string, string>();
  for (const change of changes) {
    const refusal =
      judgePath(scope, tests, change.path) ??
      (change.from === undefined ? null : judgePath(scope, tests, change.from)) ??
      judgeEntry(trees, change) ??
      judgeTwin([added, trees.after.spellings], change);
    if (refusal) return refusal;
    if (seen.has(change.path)) return { rule: "repeated", path: change.path, message: "it stands twice in one change" };
    seen.add(change.path);
  }
  return null;
}

function judgePath({ right, paths }: PathScope, tests: ((path: string) => boolean)[], path: string): ScopeRefusal | null {
  const wrong = malformed(path);
  if (wrong) return { rule: "path", path, message: `the path ${JSON.stringify(path)} is not taken: ${wrong}` };
  if (!isPlain(path) && path.split("/").some((segment) => gitName.test(segment))) {
    return { rule: "protected", path, message: `${path} is git's own and is never written` };
  }
  if (right !== "admin" && runsWithPowers.test(keyOf(path))) {
    return {
      rule: "protected",
      path,
      message: `${path} runs with the repository's own powers: only a role with admin rights changes it`,
    };
  }
  if (!tests.some((test) => test(path))) {
    return { rule: "filter", path, message: `${path} is outside the path filter of this role: ${paths.join(", ")}` };
  }
  return null;
}

function judgeEntry({ before, after, gone }: Trees, change: FileChange): ScopeRefusal | null {
  const { path, mode, from } = change;
  if (mode === "120000" || mode === "160000") {
    return { rule: "link", path, message: `${path} would be a symbolic link or submodule, which can point outside its folder` };
  }
  const there = before.entries.get(path);
  if (there === "120000" || there === "160000") {
    return { rule: "link", path, message: `${path} is a symbolic link or submodule, which is not changed from here` };
  }
  if (mode === null && there === undefined) return { rule: "unknown", path, message: `${path} is not there to delete` };
  if (from !== undefined && (!before.entries.has(from) || !gone.has(from))) {
    return {
      rule: "unknown",
      path: from,
      message: `${from} is renamed and so has to be there and be deleted by the same change`,
    };
  }
  if (mode !== null && after.folders.has(path)) {
    return { rule: "through", path, message: `${path} is a folder: writing a file there would delete what is in it` };
  }
  for (let at = path.indexOf("/"); at !== -1 && mode !== null; at = path.indexOf("/", at + 1)) {
    const above = path.slice(0, at);
    if (after.entries.has(above)) {
      return { rule: "through", path, message: `${above} is no folder: writing ${path} would replace it` };
    }
  }
  return null;
}

/** Writes into the first map how each part of a path is spelt; the other spelling where one of the maps has it. */
function spell(maps: [Map<string, string>, ...ReadonlyMap<string, string>[]], path: string): string | null {
  const key = keyOf(path);
  for (const map of maps) {
    const known = map.get(key);
    if (known !== undefined) return known === path ? null : known;
  }
  const at = path.lastIndexOf("/");
  const other = at === -1 ? null : spell(maps, path.slice(0, at));
  if (other === null) maps[0].set(key, path);
  return other;
}

function judgeTwin(maps: [Map<string, string>, ReadonlyMap<string, string>], { path, mode }: FileChange): ScopeRefusal | null {
  if (mode === null) return null;
  const other = spell(maps, path);
  return other === null
    ? null
    : { rule: "twin", path, message: `${path} is ${other} in another spelling: people would take one for the other` };
}
