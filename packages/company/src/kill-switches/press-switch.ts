import { AitoError, wellFormed } from "@aito/base";
import { channels, type SwitchPress, switchLabel, type SwitchView } from "@aito/protocol";
import { agentRow } from "../agents/agent-row.ts";
import { clientRow } from "../clients/client-row.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { taskRow } from "../tasks/task-view.ts";
import { departmentExists, endSwitch, insertSwitch, selectActiveSwitch, selectSwitch } from "./queries.ts";
import { departmentKey } from "./rules.ts";
import { viewOf } from "./list-switches.ts";

/** Who acts, and from where, as the program that took the order saw it. */
export interface Presser {
  by: string;
  from: string;
}

/**
 * Stops something from this commit on: whatever it covers is refused by the next transaction that asks. Pressing what is on already
 * changes nothing and is no error. Errors: AITO_SWITCH_TARGET, and the unknown agent's, client's or task's.
 */
export async function pressSwitch(deps: CompanyDeps, press: SwitchPress, presser: Presser): Promise<SwitchView> {
  return await transact(deps, (unit) => pressIn(unit, press, presser));
}

export async function pressIn(unit: Unit, press: SwitchPress, presser: Presser): Promise<SwitchView> {
  const target = await targetOf(unit, press);
  const reason = wellFormed(press.reason);
  const id = unit.newId();
  const row = { id, scope: press.scope, target, reason, pressed_by: presser.by, pressed_from: presser.from };
  if (await insertSwitch(unit, row)) {
    await unit.event({
      type: "switch.pressed",
      source: presser.by,
      target: press.scope === "agent" ? target : null,
      payload: { switch: id, scope: press.scope, target, reason, from: presser.from },
    });
    await unit.ring(channels.switches, { switch: id });
    return await viewOf(unit, (await selectSwitch(unit, id))!);
  }
  return await viewOf(unit, (await selectActiveSwitch(unit, { scope: press.scope, target }))!);
}

/**
 * Ends a switch. `confirm` must repeat its label, as a person typed it. What waited goes on: work of killed runs is claimed anew.
 * Errors: AITO_SWITCH_UNKNOWN, AITO_SWITCH_RESUMED (409), AITO_SWITCH_CONFIRM.
 */
export async function resumeSwitch(
  deps: CompanyDeps,
  input: { id: string; reason: string; confirm: string },
  presser: Presser,
): Promise<SwitchView> {
  return await transact(deps, async (unit) => {
    const row = await selectSwitch(unit, input.id);
    if (!row) {
      throw new AitoError("AITO_SWITCH_UNKNOWN", `there is no kill switch with id ${input.id}`, {
        hint: "see them with: aito switches",
        status: 404,
      });
    }
    if (row.resumed_at) {
      throw new AitoError("AITO_SWITCH_RESUMED", `this kill switch was resumed by ${row.resumed_by} already`, { status: 409 });
    }
    const label = switchLabel(row);
    if (input.confirm.trim() !== label) {
      throw new AitoError("AITO_SWITCH_CONFIRM", `to resume it, confirm with exactly "${label}"`, {
        hint: "a stop is ended by a second, deliberate act",
      });
    }
    const reason = wellFormed(input.reason);
    await endSwitch(unit, { id: row.id, by: presser.by, from: presser.from, reason });
    await unit.event({
      type: "switch.resumed",
      source: presser.by,
      target: row.scope === "agent" ? row.target : null,
      payload: { switch: row.id, scope: row.scope, target: row.target, reason, from: presser.from },
    });
    await unit.ring(channels.switches, { switch: row.id });
    // Polls that are parked look again: tasks that were held back can be claimed.
    await unit.ring(channels.broadcast, { reason: "resumed" });
    return await viewOf(unit, (await selectSwitch(unit, row.id))!);
  });
}

/** The target as it is stored; a stop of something that is not there would stop nothing and look like safety. */
async function targetOf(unit: Unit, { scope, target }: SwitchPress): Promise<string> {
  switch (scope) {
    case "company":
      if (target === "") return "";
      throw unfit("the company's switch takes no target", "leave it out");
    case "agent":
      return (await agentRow(unit, target)).name;
    case "client":
      return (await clientRow(unit, target)).slug;
    case "task":
      if (!uuid.test(target)) throw unfit(`"${target}" is no task's id`, "see the ids with: aito tasks");
      return (await taskRow(unit, target.toLowerCase())).id;
    case "department": {
      const found = await departmentExists(unit, departmentKey(target));
      if (found !== null) return found.trim();
      throw unfit(`no agent is in a department "${target}"`, "profiles name them; see: aito agents show NAME");
    }
    default:
      return scope satisfies never;
  }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const unfit = (message: string, hint: string): AitoError => new AitoError("AITO_SWITCH_TARGET", message, { hint });
