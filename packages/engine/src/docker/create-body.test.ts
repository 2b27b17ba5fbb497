import { expect, test } from "vitest";
import type { ContainerSpec } from "../engine.ts";
import { toCreateBody } from "./create-body.ts";

const spec: ContainerSpec = {
  company: "acme",
  agent: "cmo",
  kind: "agent",
  epoch: 7,
  run: "01a1fc50",
  image: "aito-agent:latest",
  environment: { AGENT_TYPE: "cmo", LOOP_INTERVAL: "300", AITO_GATEWAY_SOCKET: "/link/gateway/gateway.sock" },
  memoryMb: 256,
  cpus: 0.5,
  pids: 128,
  linkVolume: "aito-link",
};

test("O03 builds the hardened body, whole, from the spec", () => {
  expect(toCreateBody(spec)).toEqual({
    name: "aito-acme-cmo",
    Image: "aito-agent:latest",
    Hostname: "cmo",
    Env: ["AGENT_TYPE=cmo", "LOOP_INTERVAL=300", "AITO_GATEWAY_SOCKET=/link/gateway/gateway.sock"],
    User: "65534:65534",
    Labels: {
      "aito.company": "acme",
      "aito.agent": "cmo",
      "aito.kind": "agent",
      "aito.epoch": "7",
      "aito.run": "01a1fc50",
    },
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    Tty: false,
    HostConfig: {
      NetworkMode: "none",
      IpcMode: "none",
      CgroupnsMode: "private",
      ReadonlyRootfs: true,
      Privileged: false,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges:true"],
      Init: true,
      PidsLimit: 128,
      Memory: 268_435_456,
      MemorySwap: 268_435_456,
      NanoCpus: 500_000_000,
      Tmpfs: { "/tmp": "rw,noexec,nosuid,nodev,size=64m,mode=1777" },
      Ulimits: [{ Name: "nofile", Soft: 64, Hard: 64 }],
      RestartPolicy: { Name: "no" },
      Mounts: [{ Type: "volume", Source: "aito-link", Target: "/link", ReadOnly: true }],
      LogConfig: { Type: "json-file", Config: { "max-size": "1m", "max-file": "2" } },
    },
  });
});

test.each<[string, Partial<Record<keyof ContainerSpec | "Binds", unknown>>]>([
  ["a key that is not in the spec", { Binds: ["/:/host"] }],
  ["a host path as link volume", { linkVolume: "/var/run" }],
  ["a volume name with options", { linkVolume: "a:/host" }],
  ["an agent's name with a slash", { agent: "../cmo" }],
  ["an image that is a flag", { image: "--privileged" }],
  ["a registry-less image with spaces", { image: "a b" }],
  ["a preloaded library", { environment: { LD_PRELOAD: "/tmp/x.so" } }],
  ["Node's options", { environment: { NODE_OPTIONS: "--require /tmp/x" } }],
  ["a name that announces a secret", { environment: { AITO_API_KEY: "x" } }],
  ["a value that is a key", { environment: { GIT_REPO: "sk-ant-0123456789abcdef" } }],
  ["a URL with a password", { environment: { GIT_REPO: "https://me:hunter22@git.example/x" } }],
  ["a NUL in a value", { environment: { GIT_REPO: "a\0b" } }],
  ["a value that is not text", { environment: { GIT_REPO: 5 } }],
  ["memory without limit", { memoryMb: 0 }],
  ["memory as text", { memoryMb: "256" }],
  ["processes without limit", { pids: -1 }],
  ["cpus that are not a number", { cpus: Number.NaN }],
  ["epoch zero", { epoch: 0 }],
  ["another kind", { kind: "control" }],
  ["a runtime that is not listed", { runtime: "sysbox-runc" }],
])("refuses %s", (_, change) => {
  expect(() => toCreateBody({ ...spec, ...change } as ContainerSpec)).toThrow(
    expect.objectContaining({ code: "AITO_ENGINE_SPEC" }),
  );
});
