import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../steps/places.ts";

/** A file of the repository: its path from the root, with slashes, and its text. */
export interface SourceFile {
  path: string;
  text: string;
}

/** One rule of the house: its name and what it finds, each problem as `path:line says what`. */
export interface Rule {
  name: string;
  check: (files: SourceFile[]) => string[];
}

const readable = /\.(tsx?|mjs|json|jsonc|ya?ml|md|sql|sh|css|html|Dockerfile)$|(^|\/)(aito|run|LICENSE|\.[a-z.]+)$/;

/** Files that git tracks or would: neither installed nor made. */
export function repositoryFiles(): SourceFile[] {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  return listed
    .split("\0")
    .filter((path) => path !== "" && existsSync(join(root, path)) && lstatSync(join(root, path)).isFile())
    .map((path) => ({ path, text: readable.test(path) ? readFileSync(join(root, path), "utf8") : "" }));
}

export const isTest = (path: string): boolean =>
  /\.(test|prop\.test|int\.test|e2e)\.tsx?$|\/test\/|^packages\/testkit\/|conformance\.ts$/.test(path);
export const isCode = (path: string): boolean => /\.(tsx?|mjs)$/.test(path);
/** The package that a path belongs to, or null. */
export const packageOf = (path: string): string | null => /^packages\/([^/]+)\//.exec(path)?.[1] ?? null;

/** The text with comments blanked and line breaks kept, so that positions stay right. */
export function withoutComments(text: string): string {
  const blank = (match: string): string => match.replace(/[^\n]/g, " ");
  const string = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[^])*`/y;
  let result = "";
  for (let at = 0; at < text.length;) {
    const comment = text.startsWith("//", at) ? /[^\n]*/y : text.startsWith("/*", at) ? /\/\*[^]*?\*\//y : null;
    const pattern = comment ?? string;
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0];
    if (match) result += comment ? blank(match) : match;
    else result += text[at];
    at += match?.length || 1;
  }
  return result;
}

/** `path:line: sentence` for every match of a pattern. */
export function findAll(file: SourceFile, pattern: RegExp, sentence: (match: string) => string, text = file.text): string[] {
  return [...text.matchAll(pattern)].map((match) => {
    const line = text.slice(0, match.index).split("\n").length;
    return `${file.path}:${line}: ${sentence(match[0].trim())}`;
  });
}

/** Module names that a file imports, with whether it is a type-only or a dynamic import. */
export function importsOf(file: SourceFile): { module: string; kind: "value" | "type" | "dynamic"; line: number }[] {
  const text = withoutComments(file.text);
  const found: { module: string; kind: "value" | "type" | "dynamic"; line: number }[] = [];
  const lineAt = (index: number): number => text.slice(0, index).split("\n").length;
  for (const match of text.matchAll(/^\s*(import|export)\s+(type\s+)?(?:[\w*{}\s,$]+\s+from\s+)?["']([^"']+)["']/gm)) {
    found.push({ module: match[3]!, kind: match[2] ? "type" : "value", line: lineAt(match.index) });
  }
  for (const match of text.matchAll(/\bimport\(\s*["']([^"']+)["']/g))
    found.push({ module: match[1]!, kind: "dynamic", line: lineAt(match.index) });
  return found;
}
