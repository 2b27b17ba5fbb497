/** Something open that must be closed by whoever opened it. */
export interface Closable {
  close(): Promise<void>;
}

/** All that can be asked for a container. Everything else about it is fixed, and a key that is not listed here is refused. */
export interface ContainerSpec {
  /** Slug of the company; part of the container's name. */
  company: string;
  /** `agents.name`; part of the container's name, of which the engine allows one. */
  agent: string;
  kind: "agent" | "worker";
  /** Number of this incarnation, from 1. */
  epoch: number;
  /** Who started it: a label by which leftovers are found. */
  run: string;
  image: string;
  /** The seed's names and `AITO_*`. Never a secret: values that look like one are refused. */
  environment: Record<string, string>;
  memoryMb: number;
  cpus: number;
  pids: number;
  /** The volume with the two sockets, mounted read-only at /link. */
  linkVolume: string;
  /** Another runtime than the engine's own; `runsc` is gVisor, a kernel between the container and the host's. */
  runtime?: ContainerRuntime;
  /** What it is made of: a label by which a changed configuration is seen. 64 hexadecimal digits, or none. */
  digest?: string;
}

export const containerRuntimes = ["runc", "runsc"] as const;
export type ContainerRuntime = (typeof containerRuntimes)[number];

export type ContainerState = "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";

/** One container of the company as the engine sees it. */
export interface Observed {
  id: string;
  name: string;
  agent: string;
  kind: string;
  epoch: number;
  run: string;
  state: ContainerState;
  /** Null until it has exited. */
  exitCode: number | null;
  /** Read this and not the code: a container whose child was killed for memory exits with 0. */
  oomKilled: boolean;
  /** The spec's; empty when it was made without. */
  digest: string;
}

/**
 * Runs containers of agents. Adapters: docker, inline.
 *
 * Errors: AITO_ENGINE_SPEC for a spec that is not to the letter; AITO_ENGINE_UNAVAILABLE (fate retry) when the engine cannot be
 * reached, fails, or gives no answer in ten seconds (in five for a look); AITO_ENGINE_IMAGE (human) when the image is missing; AITO_ENGINE_RUNTIME (human) when the engine has no such runtime; AITO_ENGINE_STALE when
 * a later incarnation stands already; AITO_ENGINE_NAME (human) when a container that is not ours has the name.
 */
export interface Engine {
  readonly kind: "docker" | "inline";
  ping(): Promise<{ version: string }>;
  /**
   * Makes the container `aito-<company>-<agent>`, starts it, and writes one line to its stdin, which is then closed. A container
   * of the same epoch that stands already is adopted (and gets the line only if it never ran); one of an earlier epoch is removed.
   * `before` is called before each step that changes something; what it throws ends the start there, and leaves what is there.
   */
  start(spec: ContainerSpec, stdinLine: string, before?: () => void): Promise<{ id: string }>;
  /** The company's agents and workers in any state; never its control containers. */
  list(company: string): Promise<Observed[]>;
  /** What the engine runs under that image's name now; null when it has none. */
  imageId(image: string): Promise<string | null>;
  /** SIGKILL. A container that is gone or has exited is fine. */
  kill(id: string): Promise<void>;
  /** Removes it, also while it runs. A container that is gone is fine. */
  remove(id: string): Promise<void>;
  /** The last lines of its output; empty when it is gone. */
  logs(id: string, lines: number): Promise<string>;
  /** Calls back when something may have changed, and after each gap in the engine's events. A hint only: read `list`. */
  watch(company: string, onChange: () => void): Promise<Closable>;
  /** Removes networks and volumes that were made for agents of the company (none is today) and are used by nothing. Returns how many. */
  sweep(company: string): Promise<number>;
  close(): Promise<void>;
}

export const engineCallMsMax = 10_000;
/** A look is asked again soon, and everything waits for it: one that an engine forgot when it ended must not take long. */
export const engineLookMsMax = 5_000;

export const containerName = (company: string, agent: string): string => `aito-${company}-${agent}`;
