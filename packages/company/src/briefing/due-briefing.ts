import { closeAlert, openAlert } from "../alerts/alerts.ts";
import { selectOpenBefore } from "../alerts/queries.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { localDay } from "../notices/quiet-hours.ts";
import { briefingIn } from "./briefing.ts";
import { briefingText } from "./briefing-text.ts";
import { alertMade } from "./queries.ts";

const kind = "briefing";

/**
 * Makes the day's briefing when its time in the fleet file has come: once a day, however often and by however many gateways this is
 * called; a time that was missed is made up for on the same day. Every channel then tells it. True: it was made now.
 */
export async function makeDueBriefing(deps: CompanyDeps): Promise<boolean> {
  return await transact(deps, async (unit) => {
    const due = (await currentFleet(unit)).file.briefing;
    if (!due) return false;
    const { day, time } = localDay(unit.now, due.timeZone);
    if (time < due.at || (await alertMade(unit, kind, day))) return false;
    for (const subject of await selectOpenBefore(unit, kind, unit.now)) await closeAlert(unit, { kind, subject });
    return await openAlert(unit, { kind, subject: day, ...briefingText(await briefingIn(unit, { hours: 24 })) });
  });
}
