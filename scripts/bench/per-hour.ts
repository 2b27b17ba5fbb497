export interface Point {
  /** Milliseconds. */
  at: number;
  value: number;
}

/** Growth in percent of the mean an hour, by least squares; null for fewer than three points. */
export function perHour(points: Point[]): number | null {
  if (points.length < 3) return null;
  const mean = (read: (point: Point) => number): number => points.reduce((sum, point) => sum + read(point), 0) / points.length;
  const [x, y] = [mean((point) => point.at), mean((point) => point.value)];
  const spread = points.reduce((sum, point) => sum + (point.at - x) ** 2, 0);
  if (spread === 0 || y === 0) return null;
  const slope = points.reduce((sum, point) => sum + (point.at - x) * (point.value - y), 0) / spread;
  return (slope * 3_600_000 * 100) / y;
}
