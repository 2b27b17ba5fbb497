import { systemClock } from "@aito/base";
import type Docker from "dockerode";
import { expect, test } from "vitest";
import { observer } from "./observe.ts";

const item = (agent: string, State: string) => ({
  Id: `id-${agent}`,
  Names: [`/aito-acme-${agent}`],
  State,
  Labels: {
    "aito.company": "acme",
    "aito.agent": agent,
    "aito.kind": "agent",
    "aito.epoch": "7",
    "aito.run": "r",
    "aito.digest": "d",
  },
});

test("F02 a look does not wait for a container that is being started, and asks how only of those that have ended", async () => {
  const inspected: string[] = [];
  const docker = {
    listContainers: () =>
      Promise.resolve([item("cmo", "created"), item("cto", "running"), item("cfo", "exited"), item("coo", "exited")]),
    getContainer: (id: string) => ({
      inspect: () => {
        inspected.push(id);
        if (id === "id-cfo") return Promise.resolve({ State: { Status: "exited", ExitCode: 0, OOMKilled: true } });
        if (id === "id-coo") return Promise.reject(Object.assign(new Error("no such container"), { statusCode: 404 }));
        // The engine answers when the start is over.
        return new Promise(() => undefined);
      },
    }),
  } as unknown as Docker;
  const of = (agent: string) => ({
    id: `id-${agent}`,
    name: `aito-acme-${agent}`,
    agent,
    kind: "agent",
    epoch: 7,
    run: "r",
    digest: "d",
  });
  expect(await observer(docker, systemClock)("acme")).toEqual([
    { ...of("cmo"), state: "created", exitCode: null, oomKilled: false },
    { ...of("cto"), state: "running", exitCode: null, oomKilled: false },
    { ...of("cfo"), state: "exited", exitCode: 0, oomKilled: true },
  ]);
  expect(inspected).toEqual(["id-cfo", "id-coo"]);
});
