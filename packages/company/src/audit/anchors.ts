import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
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
}

/** A line of JSON an anchor. A line that a crash cut short is passed over: the next one begins on a new line. */
export function fileAnchors(path: string): AnchorStore {
  const text = (): string => (existsSync(path) ? readFileSync(path, "utf8") : "");
  return {
    add: async (anchor) => {
      mkdirSync(dirname(path), { recursive: true });
      const before = text();
      const cut = before !== "" && !before.endsWith("\n");
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
  };
}

/** Anchors as they stand in a file, a line each; what is no anchor is passed over. */
export function parseAnchors(text: string): Anchor[] {
  return text.split("\n").flatMap((line) => {
    try {
      return [Anchor.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}
