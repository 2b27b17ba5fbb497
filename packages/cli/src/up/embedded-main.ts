import { errorText, followingClock, isAitoError } from "@aito/base";
import { embeddedCompany, type EmbeddedSettings } from "./embedded-company.ts";
import type { ChildMessage } from "./embedded-child.ts";

/** The background process of `aito up --detach` on the embedded engine. Says over IPC how far it is, then lives on its own. */
const say = (message: ChildMessage): void => {
  if (process.connected) process.send!(message);
};

const stop = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort());

const settings = JSON.parse(process.argv[2] ?? "{}") as EmbeddedSettings;
let told = false;
// Who started it went away before it was ready (killed, or its terminal closed): nobody would know that it runs.
process.once("disconnect", () => (told ? undefined : stop.abort()));
try {
  const company = await embeddedCompany(settings, {
    env: process.env,
    clock: followingClock(),
    onProgress: (line) => say({ kind: "progress", line }),
  });
  const close = (): void =>
    void company.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  stop.signal.addEventListener("abort", close, { once: true });
  // Asked to stop while it started: it is closed in order once all of it is open, so that nothing half open is left.
  if (stop.signal.aborted) close();
  else {
    told = true;
    say({ kind: "ready", instance: company.instance });
  }
} catch (error) {
  const { code, hint, fate, status } = isAitoError(error)
    ? error
    : { code: null, hint: undefined, fate: "terminal" as const, status: 500 };
  process.stderr.write(`start failed: ${errorText(error)}\n`);
  const failed: ChildMessage = { kind: "failed", code, message: errorText(error), hint: hint ?? null, fate, status };
  if (process.connected) process.send!(failed, undefined, {}, () => process.exit(1));
  else process.exit(1);
}
