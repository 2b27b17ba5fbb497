/** What a role measures and how its people put it. `{v}` the number with its unit, `{e}` about what, `{p}` the period with its preposition. */
export interface Measure {
  metric: string;
  label: string;
  unit: string;
  /** Over a period, or at a point in time. */
  flow: boolean;
  from: number;
  to: number;
  decimals: number;
  entities: string[];
  says: string[];
}

export interface Scene {
  role: string;
  reads: string;
  acts: string;
  /** What it was asked to do, as its task is titled. */
  tasks: string[];
  done: string[];
  measures: Measure[];
}

type Span = [from: number, to: number, decimals: number];

export const over = (
  metric: string,
  label: string,
  unit: string,
  [from, to, decimals]: Span,
  entities: string,
  says: string[],
): Measure => ({
  metric,
  label,
  unit,
  flow: true,
  from,
  to,
  decimals,
  entities: entities.split("|"),
  says,
});

export const at = (metric: string, label: string, unit: string, span: Span, entities: string, says: string[]): Measure => ({
  ...over(metric, label, unit, span, entities, says),
  flow: false,
});
