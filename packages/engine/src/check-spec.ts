import { AitoError, redactText } from "@aito/base";
import { AgentName } from "@aito/protocol";
import { containerRuntimes, type ContainerSpec } from "./engine.ts";

const keysAllowed = new Set<keyof ContainerSpec>([
  "company",
  "agent",
  "kind",
  "epoch",
  "run",
  "image",
  "environment",
  "memoryMb",
  "cpus",
  "pids",
  "linkVolume",
  "runtime",
  "digest",
]);
const namesAllowed = new Set([
  "AGENT_TYPE",
  "AGENT_PROFILE",
  "LOOP_INTERVAL",
  "CLAUDE_MODEL",
  "GIT_REPO",
  "GIT_FILTER",
  "DEPARTMENT",
  "WORKER_TYPE",
  "PARENT_AGENT",
  "TASK_ID",
  "AUTO_TERMINATE",
  "LOG_LEVEL",
]);
const ownName = /^AITO_[A-Z0-9_]{1,60}$/;
const secretName = /KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL/;
const imageName =
  /^(?:sha256:[0-9a-f]{64}|[a-z0-9]+(?:[._/-][a-z0-9]+)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?)$/;
const volumeName = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/;
const runId = /^[A-Za-z0-9-]{1,64}$/;
const environmentValueCharsMax = 4_096;

const wholeBetween = (value: unknown, low: number, high: number): boolean =>
  Number.isSafeInteger(value) && Number(value) >= low && Number(value) <= high;

function environmentProblem(environment: unknown): string | null {
  if (environment === null || typeof environment !== "object" || Array.isArray(environment))
    return "environment is not a map of texts";
  for (const [name, value] of Object.entries(environment)) {
    if ((!namesAllowed.has(name) && !ownName.test(name)) || secretName.test(name))
      return `the environment name ${JSON.stringify(name)}`;
    if (typeof value !== "string" || value.length > environmentValueCharsMax || value.includes("\0"))
      return `the value of ${name}`;
    if (redactText(value) !== value) return `the value of ${name}, which looks like a secret`;
  }
  return null;
}

function problemIn(spec: ContainerSpec): string | null {
  if (spec === null || typeof spec !== "object") return "something that is not a spec";
  const unknown = Object.keys(spec).find((key) => !keysAllowed.has(key as keyof ContainerSpec));
  if (unknown !== undefined) return `the key ${JSON.stringify(unknown)}`;
  if (!AgentName.safeParse(spec.company).success) return "company";
  if (!AgentName.safeParse(spec.agent).success) return "agent";
  if (spec.kind !== "agent" && spec.kind !== "worker") return "kind";
  if (!wholeBetween(spec.epoch, 1, 2 ** 31 - 1)) return "epoch";
  if (typeof spec.run !== "string" || !runId.test(spec.run)) return "run";
  if (typeof spec.image !== "string" || spec.image.length > 255 || !imageName.test(spec.image)) return "image";
  if (!wholeBetween(spec.memoryMb, 32, 65_536)) return "memoryMb";
  if (typeof spec.cpus !== "number" || !(spec.cpus >= 0.05 && spec.cpus <= 64)) return "cpus";
  if (!wholeBetween(spec.pids, 8, 4_096)) return "pids";
  if (typeof spec.linkVolume !== "string" || !volumeName.test(spec.linkVolume)) return "linkVolume";
  if (spec.runtime !== undefined && !containerRuntimes.includes(spec.runtime)) return "runtime";
  if (spec.digest !== undefined && !(typeof spec.digest === "string" && /^[0-9a-f]{64}$/.test(spec.digest))) return "digest";
  return environmentProblem(spec.environment);
}

/**
 * A copy of what is the spec's own, each value read once: what was checked is what is used, whatever getters, proxies or a
 * changed `Object.prototype` say on a second look.
 */
function copyOf(spec: ContainerSpec): ContainerSpec {
  if (spec === null || typeof spec !== "object") return spec;
  const own = (from: object): object => Object.assign(Object.create(null) as object, from);
  const copy = own(spec) as ContainerSpec;
  const { environment } = copy;
  return environment !== null && typeof environment === "object" && !Array.isArray(environment)
    ? Object.assign(copy, { environment: own(environment) })
    : copy;
}

/** The spec as it may be used. Throws AITO_ENGINE_SPEC, naming the first thing in it that is not allowed. */
export function checkedSpec(given: ContainerSpec): ContainerSpec {
  const spec = copyOf(given);
  const problem = problemIn(spec);
  if (problem === null) return spec;
  throw new AitoError("AITO_ENGINE_SPEC", `a container for ${JSON.stringify(spec?.agent)} was refused because of ${problem}`, {
    hint: "containers take only what ContainerSpec lists, in its limits",
    status: 500,
  });
}
