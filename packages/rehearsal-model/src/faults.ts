import { ApiError } from "./api/api-error.ts";

/** A fault on demand. `cut` breaks the connection after the first bytes of the answer. */
export type Fault =
  | { kind: "none" }
  | { kind: "status"; status: 429 | 500 | 529 }
  | { kind: "slow"; ms: number }
  | { kind: "cut" };

export const slowMsMax = 600_000;
export const queuedMax = 1_000;
export const faultForm = "429, 500, 529, cut, none or slow:<milliseconds>";

/** Throws ApiError 400 for a fault that does not exist. */
export function readFault(text: string): Fault {
  const word = text.trim();
  if (word === "none" || word === "cut") return { kind: word };
  if (word === "429" || word === "500" || word === "529") return { kind: "status", status: Number(word) as 429 | 500 | 529 };
  const ms = Number(/^slow:(\d{1,6})$/.exec(word)?.[1]);
  if (ms <= slowMsMax) return { kind: "slow", ms };
  throw new ApiError(400, `unknown fault "${word.slice(0, 40)}": it is ${faultForm}`);
}

/** Faults for the next calls, one a call, in order. */
export class FaultQueue {
  #next: Fault[] = [];

  add(faults: Fault[]): number {
    if (this.#next.length + faults.length > queuedMax) throw new ApiError(400, `at most ${queuedMax} faults can wait`);
    this.#next.push(...faults);
    return this.#next.length;
  }

  clear(): void {
    this.#next = [];
  }

  take(): Fault {
    return this.#next.shift() ?? { kind: "none" };
  }
}
