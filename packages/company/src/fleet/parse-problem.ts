import { AitoError } from "@aito/base";

/** One thing that is wrong in a pack, where it stands, and what would be right. */
export interface Problem {
  file: string;
  line: number;
  column?: number;
  expected: string;
  found: string;
}

export type Report = (line: number, expected: string, found: string) => void;

const quoteCharsMax = 80;

/** Text of a file as it is shown in a problem: on one line, short, in quotes. */
export function quote(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line === "" ? "nothing" : `"${line.length > quoteCharsMax ? `${line.slice(0, quoteCharsMax)}…` : line}"`;
}

/** A key of the file may hold any character, line separators among them. */
const oneLine = (text: string): string => text.replace(/[\r\n\u2028\u2029]+/g, " ");

export const problemLine = (problem: Problem): string =>
  `${problem.file}:${problem.line}${problem.column ? `:${problem.column}` : ""}: expected ${oneLine(problem.expected)}, found ${oneLine(problem.found)}`;

/** AITO_FLEET_INVALID with one line a problem, in the order of files and lines. */
export function fleetInvalid(problems: Problem[]): AitoError {
  const files = [...new Set(problems.map((problem) => problem.file))];
  const sorted = problems.toSorted(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || (a.column ?? 0) - (b.column ?? 0),
  );
  return new AitoError("AITO_FLEET_INVALID", sorted.map(problemLine).join("\n"), {
    hint: "correct the lines named above and start again",
    fate: "human",
  });
}
