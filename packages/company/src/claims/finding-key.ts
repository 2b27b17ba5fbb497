/**
 * Pure: what the one open task for a contradiction about a figure is found by. Of two figures never the same: no colon of the metric's stands
 * unmarked, so that the first one ends it, and the period at the end is either `now` or of one length and ends in Z.
 */
export function findingKey(about: { metric: string; entity: string; period: { from: string; to: string } | null }): string {
  const { metric, entity, period } = about;
  const when = period ? `${instant(period.from)}/${instant(period.to)}` : "now";
  return `contradiction:${metric.replaceAll(/[\\:]/g, String.raw`\$&`)}:${entity}:${when}`;
}

/** However it is written, one moment is one text. */
const instant = (timestamp: string): string => new Date(timestamp).toISOString();
