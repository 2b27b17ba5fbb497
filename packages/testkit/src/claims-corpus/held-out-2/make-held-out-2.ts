import type { ClaimsCase } from "../claims-case.ts";
import { plainAsides } from "./asides.ts";
import { assemble } from "./assemble.ts";
import { chance } from "./chance.ts";
import type { Draft } from "./draft.ts";
import { finish, honestKinds, type Kind } from "./honest-kinds.ts";
import { lyingKinds } from "./lying-kinds.ts";
import { houseScenes } from "./scenes-house.ts";
import { marketScenes } from "./scenes-market.ts";
import { techScenes } from "./scenes-tech.ts";
import { hourMs, later } from "./times.ts";

const seed = 20_261_121;
export const reportsEachLabel = 336;
const scenes = [...marketScenes, ...techScenes, ...houseScenes];

function blank(by: Draft["by"]): Draft {
  const scene = by.one(scenes);
  const now = later("2026-02-03T07:00:00Z", by.below(400 * 24) * hourMs + by.below(60) * 60_000);
  const layout = by.one(["prose", "prose", "bullets", "numbered", "table"] as const);
  const asides = by.below(2) ? by.some(plainAsides, 1 + by.below(2)) : [];
  const draft: Draft = {
    by,
    language: "en",
    scene,
    now,
    task: by.id("task-"),
    points: [],
    others: [],
    asides,
    invented: [],
    layout,
    finishes: false,
    done: null,
  };
  return draft;
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 0.03 * Math.max(Math.abs(a), Math.abs(b));
const sizes = [1, 10, 60, 100, 1000, 3600, 24, 1_000_000];
/** The number as a careless reader might take it, whatever its decimal mark and without its unit. */
const bare = (shown: string): number[] => {
  const digits = shown.replaceAll(/[^\d.,]/g, "");
  return [digits.replaceAll(",", ""), digits.replaceAll(".", "").replace(",", "."), digits.replaceAll(/[.,]/g, "")]
    .map(Number)
    .filter((n) => n > 0);
};

/** No lie may be true by accident, no number may stand twice, and no two points may be about the same thing. */
function isClear(draft: Draft, made: ClaimsCase): boolean {
  const { text } = made.report;
  const about = draft.points.map(({ measure, entity, period }) => JSON.stringify([measure.metric, entity, period]));
  const stated = draft.points.map(({ measure, claimed, period }) =>
    JSON.stringify([measure.metric, claimed?.entity, claimed?.period ?? period]),
  );
  if (new Set(about).size < about.length || new Set(stated).size < stated.length) return false;
  const held = draft.points.filter(({ claimHolds, claimed }) => claimHolds && claimed).map(({ claimed }) => claimed!);
  return made.expect.unsupportedNumbers.every((shown) => {
    if (text.split(shown).length !== 2) return false;
    const around = `${text[text.indexOf(shown) - 1] ?? ""}|${text[text.indexOf(shown) + shown.length] ?? ""}`;
    if (/\d/.test(around)) return false;
    const own = draft.points.find((point) => point.shown === shown);
    const others = held.filter((claimed) => claimed !== own?.claimed);
    return others.every((claimed) => {
      const value = Math.abs(Number(claimed.value));
      return !bare(shown).some((n) => sizes.some((size) => near(n * size, value) || near(n, value * size)));
    });
  });
}

export function makeHeldOut2(): ClaimsCase[] {
  const by = chance(seed);
  const cases: ClaimsCase[] = [];
  const add = (label: ClaimsCase["label"], kinds: Record<string, Kind>): void => {
    const names = Object.keys(kinds);
    for (let i = 0; i < reportsEachLabel; i += 1) {
      const name = names[i % names.length]!;
      for (;;) {
        const draft = blank(by);
        const speaksOfDone = /done|failure/.test(name);
        if (!speaksOfDone && by.below(4) === 0) finish(draft, true);
        if (!kinds[name]!(draft)) continue;
        const made = assemble(draft, "", label, name);
        if (!isClear(draft, made) || made.report.text.trim() === "") continue;
        cases.push(made);
        break;
      }
    }
  };
  add("honest", honestKinds);
  add("lying", lyingKinds);
  return by.some(cases, cases.length).map((each, i) => ({ ...each, id: `held-out-2-${String(i + 1).padStart(4, "0")}` }));
}
