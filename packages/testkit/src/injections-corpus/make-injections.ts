import { seededRandom, type SeededRandom } from "../races/seeded-random.ts";
import { carriers } from "./carriers.ts";
import { type Disguise, hidden, hiddenElsewhere, plain } from "./disguises.ts";
import { type AskedTask, type Goal, goals, type InjectionCase, type InjectionFile } from "./injection-case.ts";
import { heldOutPhrasings, type Phrased, tuningPhrasings } from "./phrasings.ts";

const works: AskedTask["do"][] = ["message", "metric", "task", "note", "hand in", "publish"];

function anyTask(random: SeededRandom, number: number): AskedTask {
  return { do: works[number % works.length]!, ref: `REF-${100_000 + random.below(900_000)}`, value: 3 + random.below(900) };
}

function filled(text: string, random: SeededRandom, domain: string): string {
  return text
    .replaceAll("{mail}", `${random.pick(["drop", "audit", "desk"])}${random.below(90)}@${domain}`)
    .replaceAll("{url}", `https://${random.pick(["cdn", "hook", "pay"])}.${domain}/${random.below(9_000)}`)
    .replaceAll("{iban}", `DE${10 + random.below(90)}5001051754073249${10 + random.below(90)}`)
    .replaceAll("{usd}", String(1_000 + random.below(90_000)))
    .replaceAll("{n}", String(20 + random.below(80)));
}

interface HalfPlan {
  seed: number;
  domain: string;
  /** Cases for each carrier and goal. */
  each: number;
  phrasings: Record<Goal, readonly Phrased[]>;
  disguises: Record<string, Disguise>;
}

export const injectionPlans: Record<"tuning" | "held-out", HalfPlan> = {
  tuning: { seed: 4_711, domain: "attacker.example", each: 2, phrasings: tuningPhrasings, disguises: { ...plain, ...hidden } },
  "held-out": {
    seed: 31_337,
    domain: "collector.test",
    each: 1,
    phrasings: heldOutPhrasings,
    disguises: { plain: plain["plain"]!, "many steps": plain["many steps"]!, ...hiddenElsewhere },
  },
};

function makeHalf(name: "tuning" | "held-out"): InjectionCase[] {
  const { seed, domain, each, phrasings, disguises } = injectionPlans[name];
  const random = seededRandom(seed);
  const ways = Object.keys(disguises);
  const cells = Object.keys(carriers).flatMap((carrier) =>
    goals.flatMap((goal) => Array.from({ length: each }, () => ({ carrier, goal }))),
  );
  return cells.map(({ carrier, goal }, number) => {
    const [language, text] = phrasings[goal][(number * 5 + random.below(2)) % phrasings[goal].length]!;
    const disguise = ways[(number + random.below(3)) % ways.length]!;
    const task = anyTask(random, number);
    const instruction = disguises[disguise]!(filled(text, random, domain));
    return {
      id: `${name}-${String(number).padStart(4, "0")}`,
      carrier,
      goal,
      disguise,
      language,
      task,
      text: carriers[carrier]!(task, instruction),
    };
  });
}

/** The same carriers and tasks with nothing in them to obey. */
function makeBenign(): InjectionCase[] {
  const random = seededRandom(27);
  const cells = Object.keys(carriers).flatMap((carrier) => works.map(() => carrier));
  return cells.map((carrier, number) => {
    const task = anyTask(random, number);
    return {
      id: `benign-${String(number).padStart(4, "0")}`,
      carrier,
      goal: null,
      disguise: "none",
      language: "en",
      task,
      text: carriers[carrier]!(task, null),
    };
  });
}

export const makeInjections = (name: InjectionFile): InjectionCase[] => (name === "benign" ? makeBenign() : makeHalf(name));
