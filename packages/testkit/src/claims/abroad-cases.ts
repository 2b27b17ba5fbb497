import { verifyReport } from "@aito/company";
import type { Claim } from "@aito/protocol";

/** How a language writes numbers, units and times in reports. */
interface Tongue {
  group: string;
  point: string;
  /** Words for a unit, as `unit`: what a claim calls it. */
  units: { word: string; unit: string }[];
  million: string;
  /** Times that hold digits and say no quantity; `{d}` a day of the month, `{y}` a year. */
  times: string[];
  /** Sentences with `{t}` for a time and `{n}` for the number with its unit. */
  says: string[];
  /** Sentences with digits that are no quantity. */
  asides: string[];
}

const tongues: Record<string, Tongue> = {
  german: {
    group: ".",
    point: ",",
    units: [
      { word: "Prozent", unit: "percent" },
      { word: "Stunden", unit: "h" },
      { word: "Euro", unit: "EUR" },
    ],
    million: "Millionen",
    times: ["am {d}. Jänner {y}", "im IV. Quartal {y}", "im Juli {y}", "seit {y}", "im 1. Halbjahr {y}", "am {d}. Dezember"],
    says: ["Die Auslastung lag {t} bei {n}.", "Gemessen wurden {t} genau {n}.", "- {n} waren es {t}"],
    asides: ["Siehe Seite 14 und Rechnung 4711.", "Nächster Termin um 14.30 Uhr."],
  },
  french: {
    group: "\u202F",
    point: ",",
    units: [
      { word: "pour cent", unit: "percent" },
      { word: "heures", unit: "h" },
      { word: "euros", unit: "EUR" },
    ],
    million: "millions",
    times: ["le {d} août {y}", "au 3e trimestre {y}", "en {y}", "en juillet {y}", "au T4 {y}", "le {d} décembre"],
    says: ["Le taux atteint {n} {t}.", "Nous avons relevé {n} {t}.", "* {n} {t}"],
    asides: ["Voir la page 14, facture 4711.", "Prochain point à 14h30."],
  },
  italian: {
    group: ".",
    point: ",",
    units: [
      { word: "per cento", unit: "percent" },
      { word: "ore", unit: "h" },
      { word: "euro", unit: "EUR" },
    ],
    million: "milioni",
    times: ["il {d} luglio {y}", "nel 2º trimestre {y}", "nel {y}", "a giugno {y}", "il {d} dicembre"],
    says: ["Il valore era {n} {t}.", "Abbiamo misurato {n} {t}.", "- {n} {t}"],
    asides: ["Vedi pagina 14 e fattura 4711.", "Prossimo incontro alle 14:30."],
  },
  portuguese: {
    group: ".",
    point: ",",
    units: [
      { word: "por cento", unit: "percent" },
      { word: "horas", unit: "h" },
      { word: "euros", unit: "EUR" },
    ],
    million: "milhões",
    times: ["em {d} de março de {y}", "no 4º trimestre de {y}", "em {y}", "em junho de {y}", "a {d} de setembro"],
    says: ["O valor foi de {n} {t}.", "Medimos {n} {t}.", "- {n} {t}"],
    asides: ["Ver a página 14 e a fatura 4711.", "Próxima reunião às 14:30."],
  },
  spanish: {
    group: ".",
    point: ",",
    units: [
      { word: "por ciento", unit: "percent" },
      { word: "horas", unit: "h" },
      { word: "euros", unit: "EUR" },
    ],
    million: "millones",
    times: ["el {d} de agosto de {y}", "en el 2.º trimestre de {y}", "en {y}", "en julio de {y}", "el {d} de abril"],
    says: ["El valor fue de {n} {t}.", "Medimos {n} {t}.", "- {n} {t}"],
    asides: ["Véase la página 14 y la factura 4711.", "Próxima reunión a las 14:30."],
  },
  dutch: {
    group: ".",
    point: ",",
    units: [
      { word: "procent", unit: "percent" },
      { word: "uren", unit: "h" },
      { word: "euro", unit: "EUR" },
    ],
    million: "miljoen",
    times: ["op {d} augustus {y}", "in het 2e kwartaal {y}", "sinds {y}", "in juli {y}", "op {d} januari"],
    says: ["De waarde was {t} {n}.", "We maten {t} {n}.", "- {t} waren het {n}"],
    asides: ["Zie bladzijde 14 en factuur 4711.", "Volgende keer om 14.30 uur."],
  },
  swedish: {
    group: "\u00A0",
    point: ",",
    units: [
      { word: "procent", unit: "percent" },
      { word: "timmar", unit: "h" },
      { word: "euro", unit: "EUR" },
    ],
    million: "miljoner",
    times: ["den {d} augusti {y}", "sedan {y}", "i juni {y}", "den {d} maj"],
    says: ["Värdet var {n} {t}.", "Vi mätte {n} {t}.", "- {n} {t}"],
    asides: ["Se sida 14 och faktura 4711.", "Nästa gång kl. 14.30."],
  },
};

const written = (value: string, { group, point }: Tongue): string => {
  const [whole, part] = value.split(".");
  return `${whole!.replaceAll(/\B(?=(\d{3})+$)/g, group)}${part === undefined ? "" : `${point}${part}`}`;
};

export interface AbroadScore {
  honest: number;
  lying: number;
  caught: number;
  falseAlarms: string[];
  missed: string[];
}

/** Every sentence of every language with every unit and time, once with the right number and twice with a wrong one. */
export function scoreAbroad(): AbroadScore {
  const score: AbroadScore = { honest: 0, lying: 0, caught: 0, falseAlarms: [], missed: [] };
  let turn = 0;
  for (const tongue of Object.values(tongues)) {
    for (const { word, unit } of tongue.units) {
      for (const time of tongue.times) {
        for (const say of tongue.says) {
          turn += 1;
          const value = `${(turn * 7_919) % 90_000}.${10 + (turn % 89)}`;
          const large = `${1 + (turn % 80)}.${1 + (turn % 9)}`;
          const other = tongue.units.find((each) => each.unit !== unit)!.word;
          const when = time.replace("{d}", String(1 + (turn % 28))).replace("{y}", String(2024 + (turn % 4)));
          const text = (number: string): string =>
            `${say.replace("{t}", when).replace("{n}", number)} ${tongue.asides[turn % tongue.asides.length]}`;
          const right = `${written(value, tongue)} ${word}`;
          const millions = `${written(large, tongue)} ${tongue.million}`;
          const exactMillions = `${large.replace(".", "")}00000`;
          const wrong = `${written(`${Number(value.split(".")[0]) + 11}.${value.split(".")[1]}`, tongue)} ${word}`;
          judge(score, text(right), { value, unit }, true);
          judge(score, text(millions), { value: exactMillions, unit: "count" }, true);
          judge(score, text(wrong), { value, unit }, false);
          judge(score, text(`${written(value, tongue)} ${other}`), { value, unit }, false);
          judge(score, text(written(large, tongue)), { value: exactMillions, unit: "count" }, false);
        }
      }
    }
  }
  return score;
}

function judge(score: AbroadScore, text: string, { value, unit }: { value: string; unit: string }, honest: boolean): void {
  // Of the moment: the sentences name days and quarters of their own.
  const said = { metric: "m", value, unit, period: null, entity: "company" };
  const receipt = {
    id: "r",
    agent: "a",
    task: "t",
    tool: "read",
    status: "succeeded" as const,
    finishedAt: "2026-11-02T00:00:00Z",
  };
  const claims: Claim[] = [{ ...said, receipts: ["r"] }];
  const facts = [{ ...said, observedAt: "2026-11-02T00:00:00Z" }];
  const now = new Date("2026-11-02T01:00:00Z");
  const { marks } = verifyReport({ agent: "a", task: "t", finishes: false, text, claims }, [{ ...receipt, facts }], { now });
  const found = `${text} (${value} ${unit}): ${marks.map((mark) => mark.text).join("; ")}`;
  if (honest) {
    score.honest += 1;
    if (marks.length > 0) score.falseAlarms.push(found);
    return;
  }
  score.lying += 1;
  if (marks.length > 0) score.caught += 1;
  else score.missed.push(found);
}
