import type { Clock, CrashPoint, Logger } from "@aito/base";
import Docker from "dockerode";
import { type Closable, type Engine, engineCallMsMax, engineLookMsMax } from "../engine.ts";
import { engineCall } from "./docker-call.ts";
import { observer } from "./observe.ts";
import { outputText } from "./output.ts";
import { removeContainer, startContainer } from "./start-container.ts";
import { sweepLeftovers } from "./sweep-leftovers.ts";
import { watchEvents } from "./watch-events.ts";

/** The engine over a Docker socket. It keeps nothing of its own: what is so is read from the engine's labels. */
export function dockerEngine(options: { socketPath: string; log: Logger; clock: Clock; crashPoint?: CrashPoint }): Engine {
  const { clock, log } = options;
  const docker = new Docker({ socketPath: options.socketPath, timeout: engineCallMsMax });
  // Events may be silent for hours.
  const events = new Docker({ socketPath: options.socketPath });
  const watches = new Set<Closable>();

  return {
    kind: "docker",
    ping: async () => {
      const version = await engineCall(clock, "tell its version", docker.version());
      return { version: version!.Version };
    },
    start: (spec, stdinLine, before) =>
      startContainer({ docker, clock, crashPoint: options.crashPoint, before }, spec, stdinLine),
    list: observer(docker, clock),
    imageId: async (image) => {
      const info = await engineCall(clock, "inspect an image", docker.getImage(image).inspect(), [404], engineLookMsMax);
      return info?.Id ?? null;
    },
    sweep: (company) => sweepLeftovers(docker, clock, company),
    kill: async (id) => {
      // 409: it does not run any more.
      await engineCall(clock, "kill a container", docker.getContainer(id).kill({ signal: "SIGKILL" }), [404, 409]);
    },
    remove: (id) => removeContainer(docker, clock, id),
    logs: async (id, lines) => {
      const request = docker.getContainer(id).logs({ stdout: true, stderr: true, tail: lines, follow: false });
      const raw = await engineCall(clock, "read a container's output", request, [404, 409], engineLookMsMax);
      return raw ? outputText(Buffer.from(raw)) : "";
    },
    watch: async (company, onChange) => {
      const watch = await watchEvents(events, { company, onChange, clock, log });
      watches.add(watch);
      return {
        close: async () => {
          watches.delete(watch);
          await watch.close();
        },
      };
    },
    close: async () => {
      await Promise.all([...watches].map((watch) => watch.close()));
      watches.clear();
    },
  };
}
