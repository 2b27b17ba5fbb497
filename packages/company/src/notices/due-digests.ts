import { closeAlert, openAlert } from "../alerts/alerts.ts";
import { selectOpenBefore } from "../alerts/queries.ts";
import { briefingIn } from "../briefing/briefing.ts";
import { synthesisText } from "../briefing/briefing-text.ts";
import { alertMade } from "../briefing/queries.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { latestFile } from "../fleet/current-fleet.ts";
import { digestText, taskDigestIn } from "../tasks/task-digest.ts";
import { localDay } from "./quiet-hours.ts";
import { tasksToDigest } from "./queries.ts";

/** What closed longer ago is in the briefing: nobody is told of it by itself any more. */
const digestWithinMs = 60 * 60_000;
/** A digest only tells: its notices are made within moments, and then it is over. */
const openMs = 10 * 60_000;
const digestsMax = 20;

/**
 * Makes the digests of tasks that closed, as `notices.digests` of the fleet file chooses, once each however often and by however many
 * gateways this is called. Every channel whose rule tells digests then tells it. Answers how many were made.
 */
export async function makeDueDigests(deps: CompanyDeps): Promise<number> {
  return await transact(deps, async (unit) => {
    const which = (await latestFile(unit))?.notices?.digests ?? "none";
    for (const subject of await selectOpenBefore(unit, "digest", new Date(unit.now.getTime() - openMs)))
      await closeAlert(unit, { kind: "digest", subject });
    if (which === "none") return 0;
    const since = new Date(unit.now.getTime() - digestWithinMs);
    let made = 0;
    for (const id of await tasksToDigest(unit, { which, since, limit: digestsMax })) {
      if (await openAlert(unit, { kind: "digest", subject: id, ...digestText(await taskDigestIn(unit, id)) })) made += 1;
    }
    return made;
  });
}

/** Makes the day's synthesis when its time has come, once a day; a time that was missed is made up for on the same day. */
export async function makeDueSynthesis(deps: CompanyDeps): Promise<boolean> {
  return await transact(deps, async (unit) => {
    const due = (await latestFile(unit))?.notices?.synthesis;
    if (!due) return false;
    const { day, time } = localDay(unit.now, due.timeZone);
    if (time < due.at || (await alertMade(unit, "synthesis", day))) return false;
    for (const subject of await selectOpenBefore(unit, "synthesis", unit.now))
      await closeAlert(unit, { kind: "synthesis", subject });
    const hours = Number(time.slice(0, 2)) + 1;
    return await openAlert(unit, { kind: "synthesis", subject: day, ...synthesisText(await briefingIn(unit, { hours })) });
  });
}
