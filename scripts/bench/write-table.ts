import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../steps/places.ts";
import type { Row } from "./measure.ts";

/** Puts a benchmark's table into README.md, between the two marks that name it. Throws where they are missing. */
export function writeTable(name: string, rows: Row[], path = join(root, "README.md")): void {
  const text = readFileSync(path, "utf8");
  const [begin, end] = [`<!-- bench:${name} -->\n`, `<!-- /bench:${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${path} has no place for the table of ${name}: ${begin.trim()} … ${end}`);
  writeFileSync(path, `${text.slice(0, from + begin.length)}\n${markdown(rows)}\n${text.slice(to)}`);
}

function markdown(rows: Row[]): string {
  const shown = (value: number | null, unit = ""): string => (value === null ? "-" : `${value}${unit && ` ${unit}`}`);
  const lines = rows.map(({ name, unit, p50, p95, p99, floor, n }) => {
    // One figure a round has no percentiles worth a column.
    const wide = unit === "ms" && n > 50;
    return `| ${name} | ${shown(p50, unit)} | ${wide ? shown(p95, unit) : "-"} | ${wide ? shown(p99, unit) : "-"} | ${shown(floor, unit)} |`;
  });
  return ["| what | p50 | p95 | p99 | floor |", "|---|---|---|---|---|", ...lines, ""].join("\n");
}
