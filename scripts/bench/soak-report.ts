import { type Collected, flatness, growth } from "./flat.ts";
import { perHour, type Point } from "./per-hour.ts";

/** Growth in less than this is noise. */
const growthMinutesMin = 30;
export const ours = ["orchestrator", "gateway", "console"];
export const programs = [...ours, "postgres", "redis"];

export interface Sample {
  at: number;
  /** MB of their own. */
  memory: Record<string, number>;
  /** MB with pages of files that were read lately: what the limit is held against. */
  used: Record<string, number>;
  /** Nanoseconds of CPU since the container's start. */
  cpu: Record<string, number>;
  files: Record<string, number>;
  backends: number;
  events: number;
  modelCalls: number;
}

export interface Soak {
  samples: Sample[];
  /** At both ends and in the middle, by program; of an idle company nothing. */
  collected: Map<string, [Collected, Collected, Collected]>;
}

export function report({ samples, collected }: Soak, given: { minutes: number; agents: number; idle: boolean }) {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  const seconds = (last.at - first.at) / 1_000;
  const isLong = given.minutes >= growthMinutesMin;
  const each = programs.map((name) => {
    const cpu = (100 * (last.cpu[name]! - first.cpu[name]!)) / 1e9 / seconds;
    const points: Point[] = samples.map((taken) => ({ at: taken.at, value: taken.memory[name]! }));
    const memory = points.map(({ value }) => value);
    const files = samples.map((taken) => taken.files[name]!);
    const slope = isLong ? perHour(points) : null;
    const ends = collected.get(name);
    return {
      program: name,
      cpuPercentOfCore: Number(cpu.toFixed(2)),
      memoryMb: { first: Math.round(memory[0]!), last: Math.round(memory.at(-1)!), max: Math.round(Math.max(...memory)) },
      usedMbMax: Math.round(Math.max(...samples.map((taken) => taken.used[name]!))),
      memoryPercentPerHour: slope === null ? null : Number(slope.toFixed(2)),
      flatness: ends ? flatness(ends, points) : null,
      files: { first: files[0]!, last: files.at(-1)!, max: Math.max(...files) },
    };
  });
  const controlPlane = each.reduce((sum, { cpuPercentOfCore }) => sum + cpuPercentOfCore, 0);
  return {
    ...given,
    seconds: Math.round(seconds),
    programs: each,
    controlPlanePercentOfCore: Number(controlPlane.toFixed(2)),
    backends: { first: first.backends, last: last.backends, max: Math.max(...samples.map(({ backends }) => backends)) },
    eventsPerMinute: Number((((last.events - first.events) * 60) / seconds).toFixed(1)),
    modelCalls: last.modelCalls - first.modelCalls,
  };
}

/** What was promised and is not so. */
export function broken(told: ReturnType<typeof report>): string[] {
  const orchestrator = told.programs.find(({ program }) => program === "orchestrator")!;
  return [
    ...(orchestrator.usedMbMax > 256 ? [`the orchestrator took ${orchestrator.usedMbMax} MB`] : []),
    ...(told.minutes < growthMinutesMin
      ? []
      : told.programs.flatMap(({ program, flatness: found }) => (found ? growth(program, found) : []))),
    ...(told.backends.last > told.backends.first + 10 ? [`${told.backends.last} database connections at the end`] : []),
    ...(told.idle && told.modelCalls > 0 ? [`an idle fleet made ${told.modelCalls} model calls`] : []),
    ...(told.idle && told.controlPlanePercentOfCore > 1
      ? [`an idle control plane took ${told.controlPlanePercentOfCore} % of a core`]
      : []),
  ];
}
