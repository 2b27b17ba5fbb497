import { existsSync } from "node:fs";
import { join } from "node:path";
import { AitoError } from "@aito/base";
import type { Instance } from "../instance.ts";

/** Where the README has a unit put. One that was removed from there keeps nothing any more. */
const unitFolder = "/etc/systemd/system";

/** The systemd unit that this program was started by; null by hand. A unit of `aito service` says it. */
export const ownUnit = (env: Record<string, string | undefined>): string | null => env["AITO_UNIT"]?.trim() || null;

/** The installed unit that keeps this company, where this program was not started by a unit. */
export function keeperOf(
  instance: Instance | null,
  env: Record<string, string | undefined>,
  installed: string = unitFolder,
): string | null {
  const unit = instance?.unit ?? null;
  return unit !== null && ownUnit(env) === null && existsSync(join(installed, unit)) ? unit : null;
}

/** A start by hand does not have the unit's settings and secrets, and would take them from the company: its model key, too. */
export function refuseByHand(
  instance: Instance | null,
  env: Record<string, string | undefined>,
  installed: string = unitFolder,
): void {
  const unit = keeperOf(instance, env, installed);
  if (unit === null) return;
  throw new AitoError(
    "AITO_CLI_UNIT",
    `${unit} keeps this company, with settings and secrets that a start by hand does not have`,
    {
      hint: `sudo systemctl restart ${unit} (or reload, while it runs); to start it by hand from now on, remove ${join(installed, unit)}`,
      fate: "human",
    },
  );
}
