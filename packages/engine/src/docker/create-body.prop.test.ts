import { isAitoError } from "@aito/base";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ContainerSpec } from "../engine.ts";
import { type CreateBody, toCreateBody } from "./create-body.ts";

const good: ContainerSpec = {
  company: "acme",
  agent: "cmo",
  kind: "agent",
  epoch: 1,
  run: "r-1",
  image: "aito-agent:latest",
  environment: { AGENT_TYPE: "cmo" },
  memoryMb: 256,
  cpus: 0.5,
  pids: 128,
  linkVolume: "aito-link",
};

const hostileText = fc.oneof(
  fc.string(),
  fc.integer({ min: 100, max: 20_000 }).map((length) => "a".repeat(length)),
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "/",
    "/var/run/docker.sock",
    "/:/host:rw",
    "host",
    "container:1",
    "a,b",
    "a=b",
    "--privileged",
    "../x",
    "a\0b",
    "a\nb",
  ),
);
const hostileValue = fc.oneof(
  hostileText,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(hostileText),
  fc.object(),
);
const hostileKey = fc.constantFrom(
  "Binds",
  "binds",
  "Privileged",
  "CapAdd",
  "Devices",
  "PidMode",
  "IpcMode",
  "UTSMode",
  "NetworkMode",
  "SecurityOpt",
  "Mounts",
  "HostConfig",
  "User",
  "Runtime",
  "Cmd",
  "Entrypoint",
  "Volumes",
  "VolumesFrom",
  "UsernsMode",
  "Sysctls",
  "CgroupParent",
  "labels",
);
/** Keys that reach into prototypes, and JSON texts in which a key stands twice (the last one counts). */
const trickJson = fc.constantFrom(
  '{"__proto__":{"Binds":["/:/host"]}}',
  '{"constructor":{"prototype":{"Privileged":true}}}',
  '{"linkVolume":"aito-link","linkVolume":"/var/run"}',
  '{"environment":{"AGENT_TYPE":"cmo","AGENT_TYPE":"x","__proto__":{"LD_PRELOAD":"/tmp/x.so"}}}',
  '{"environment":{"AITO_X":"a","AITO_X":"sk-ant-0123456789abcdef"}}',
  '{"runtime":"runc","runtime":"privileged"}',
);
const field = fc.constantFrom(...(Object.keys(good) as (keyof ContainerSpec)[]));

/** With `__proto__` as a key of its own, as JSON.parse leaves it: a spread would drop it. */
function ownEntries(from: object): object {
  const target = {};
  for (const key of Object.keys(from)) {
    Object.defineProperty(target, key, { value: from[key as never], enumerable: true, configurable: true, writable: true });
  }
  return target;
}

/** A good spec with some fields, keys and environment entries replaced or added. */
const hostileSpec = fc
  .record({
    replaced: fc.array(fc.tuple(field, hostileValue), { maxLength: 3 }),
    trick: fc.option(trickJson),
    added: fc.array(fc.tuple(hostileKey, hostileValue), { maxLength: 2 }),
    environment: fc.option(
      fc.dictionary(fc.oneof(hostileText, fc.constantFrom("AGENT_TYPE", "AITO_X", "PATH", "LD_PRELOAD")), hostileValue),
    ),
  })
  .map(({ replaced, added, environment, trick }) => ({
    ...good,
    ...(trick === null ? {} : ownEntries(JSON.parse(trick) as object)),
    ...(environment ? { environment } : {}),
    ...Object.fromEntries(replaced),
    ...Object.fromEntries(added),
  }));

/** Everything that would give a container more than the template: what is not in it cannot be asked for. */
function escapes(body: CreateBody): string[] {
  const template = toCreateBody(good);
  const host: Record<string, unknown> = body.HostConfig;
  const found: string[] = [];
  for (const key of Object.keys(body)) if (!(key in template)) found.push(key);
  for (const key of Object.keys(host)) if (!(key in template.HostConfig) && key !== "Runtime") found.push(key);
  if (host["Runtime"] !== undefined && host["Runtime"] !== "runsc" && host["Runtime"] !== "runc") found.push("runtime");
  const free = new Set(["PidsLimit", "Memory", "MemorySwap", "NanoCpus", "Mounts"]);
  for (const [key, value] of Object.entries(template.HostConfig)) {
    if (!free.has(key) && JSON.stringify(host[key]) !== JSON.stringify(value)) found.push(`${key} changed`);
  }
  const [mount, ...more] = body.HostConfig.Mounts;
  if (more.length > 0 || mount.Type !== "volume" || !mount.ReadOnly || mount.Target !== "/link") found.push("mounts");
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(mount.Source)) found.push("mount source");
  if (!/^aito-[a-z0-9-]+$/.test(body.name)) found.push("name");
  if (!(body.HostConfig.Memory > 0 && body.HostConfig.PidsLimit > 0 && body.HostConfig.NanoCpus > 0)) found.push("limits");
  if (body.HostConfig.Memory !== body.HostConfig.MemorySwap) found.push("swap");
  if (body.User !== "65534:65534" || body.Tty) found.push("user");
  for (const entry of body.Env)
    if (!/^(AITO_[A-Z0-9_]+|[A-Z][A-Z_]*)=/.test(entry) || /^(PATH|LD_|NODE_)/.test(entry)) found.push(entry);
  return found;
}

test("a hostile spec is refused by name, or gives nothing beyond the template", () => {
  let accepted = 0;
  fc.assert(
    fc.property(hostileSpec, (spec) => {
      let body: CreateBody;
      try {
        body = toCreateBody(spec as ContainerSpec);
      } catch (error) {
        expect(isAitoError(error, "AITO_ENGINE_SPEC")).toBe(true);
        return;
      }
      accepted += 1;
      expect(escapes(body)).toEqual([]);
    }),
    { numRuns: 10_000 },
  );
  // Both ways must be taken, or the property says nothing.
  expect(accepted).toBeGreaterThan(20);
});

test("a value that changes between the check and its use, and a changed Object.prototype, give nothing", () => {
  const plain = JSON.stringify(toCreateBody(good));
  const twoFaced = (key: keyof ContainerSpec, second: unknown): ContainerSpec => {
    let looks = 0;
    return Object.defineProperty({ ...good }, key, { enumerable: true, get: () => ((looks += 1) > 1 ? second : good[key]) });
  };
  for (const [key, second] of [
    ["linkVolume", "/var/run"],
    ["image", "--privileged"],
    ["company", "../x"],
    ["environment", { LD_PRELOAD: "/tmp/x.so" }],
  ] as const) {
    expect(JSON.stringify(toCreateBody(twoFaced(key, second)))).toBe(plain);
  }
  const polluted: Record<string, unknown> = {
    Binds: ["/:/host"],
    Privileged: true,
    CapAdd: ["ALL"],
    runtime: "x",
    LD_PRELOAD: "/x",
  };
  const prototype = Object.prototype as unknown as Record<string, unknown>;
  try {
    for (const [key, value] of Object.entries(polluted)) prototype[key] = value;
    expect(JSON.stringify(toCreateBody(good))).toBe(plain);
  } finally {
    for (const key of Object.keys(polluted)) delete prototype[key];
  }
});
