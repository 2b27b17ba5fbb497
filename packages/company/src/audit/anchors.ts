import { closeSync, existsSync, fstatSync, fsyncSync, mkdirSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";

/** What the chain was at a moment, kept where the owner of its table cannot write. */
export const Anchor = z.object({
  v: z.literal(1),
  company: z.string(),
  at: z.iso.datetime(),
  count: z.string().regex(/^\d+$/),
  head: z.string(),
});
export type Anchor = z.infer<typeof Anchor>;

/** Where anchors are kept: outside the database, added to and never changed. */
export interface AnchorStore {
  add(anchor: Anchor): Promise<void>;
  /** All anchors of a company, in the order in which they were added. */
  read(company: string): Promise<Anchor[]>;
  /** The one that was added last, at a cost that does not grow with their number. */
  last(company: string): Promise<Anchor | null>;
}

/** Holds some hundred lines. */
const tailBytes = 64 * 1024;

/** A line of JSON an anchor. A line that a crash cut short is passed over: the next one begins on a new line. */
export function fileAnchors(path: string): AnchorStore {
  const text = (): string => (existsSync(path) ? readFileSync(path, "utf8") : "");
  return {
    add: async (anchor) => {
      mkdirSync(dirname(path), { recursive: true });
      const before = tailOf(path, 1);
      const cut = before !== "" && before !== "\n";
      const file = openSync(path, "a", 0o644);
      try {
        writeSync(file, `${cut ? "\n" : ""}${JSON.stringify(anchor)}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      return await Promise.resolve();
    },
    read: (company) => Promise.resolve(parseAnchors(text()).filter((anchor) => anchor.company === company)),
    // A file that several companies share may hold none of this one near its end.
    last: (company) => Promise.resolve(lastOf(tailOf(path, tailBytes), company) ?? lastOf(text(), company)),
  };
}

function tailOf(path: string, bytes: number): string {
  if (!existsSync(path)) return "";
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const tail = Buffer.alloc(Math.min(bytes, size));
    readSync(file, tail, 0, tail.length, size - tail.length);
    return tail.toString("utf8");
  } finally {
    closeSync(file);
  }
}

function lastOf(text: string, company: string): Anchor | null {
  for (const line of text.split("\n").toReversed()) {
    const anchor = parseAnchor(line);
    if (anchor?.company === company) return anchor;
  }
  return null;
}

function parseAnchor(line: string): Anchor | null {
  try {
    return Anchor.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/** Anchors as they stand in a file, a line each; what is no anchor is passed over. */
export const parseAnchors = (text: string): Anchor[] =>
  text
    .split("\n")
    .map(parseAnchor)
    .filter((anchor) => anchor !== null);
