/** Something that goes wrong with the next requests that match. */
export interface Fault {
  /** Against `METHOD /path`. */
  match: RegExp;
  /** How often; once if nothing is said. */
  times?: number;
  /** Answers this status instead. With `afterEffect` the request has its effect first, and only the answer is lost. */
  status?: number;
  headers?: Record<string, string>;
  message?: string;
  /** The connection is cut instead of an answer. */
  cut?: boolean;
  afterEffect?: boolean;
  /** Waits before anything else. */
  delayMs?: number;
  /** The same, until somebody lets it go on. */
  until?: Promise<void>;
}

export class Faults {
  #waiting: (Fault & { times: number })[] = [];

  add(fault: Fault): void {
    this.#waiting.push({ ...fault, times: fault.times ?? 1 });
  }

  /** The first fault that matches, used up once. */
  take(request: string): Fault | null {
    const found = this.#waiting.find(({ match }) => match.test(request));
    if (!found) return null;
    found.times -= 1;
    if (found.times <= 0) this.#waiting = this.#waiting.filter((one) => one !== found);
    return found;
  }
}
