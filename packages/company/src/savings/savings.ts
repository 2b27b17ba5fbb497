import { AitoError } from "@aito/base";
import { type IdeaView, type Saving, type SavingsView, type SuggestSaving, workingModel } from "@aito/protocol";
import { agentRow } from "../agents/agent-row.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { keeperOfMoney } from "../costs/tell-finance.ts";
import { latestFile } from "../fleet/current-fleet.ts";
import { ideaOfPlatform } from "../ideas/propose-idea.ts";
import { containerPrice } from "../infra/infra-costs.ts";
import {
  lockSuggestions,
  selectContainers,
  selectModelPrice,
  selectModelUses,
  selectRepeats,
  selectRunsOf,
  selectSuggested,
} from "./queries.ts";
import { daysSeen, savingsOf, worthMicroUsd } from "./rules.ts";

const dayMs = 86_400_000;
/** What was suggested is not suggested again for so long, whatever became of it. */
const quietMs = 30 * dayMs;
const kind = "saving";

/** What the records of the last days say that could be saved, the most first, each with the idea that suggests it. */
export async function listSavings(deps: CompanyDeps): Promise<SavingsView> {
  return await transact(deps, async (unit) => ({ days: daysSeen, items: await savingsIn(unit) }));
}

/** The tick: what is worth it and was not suggested lately becomes an idea of who keeps the money. Answers how many are new. */
export async function suggestSavings(deps: CompanyDeps): Promise<number> {
  return await transact(deps, async (unit) => {
    if (!(await latestFile(unit))) return 0;
    await lockSuggestions(unit);
    const open = (await savingsIn(unit)).filter(
      ({ idea, monthMicroUsd }) => idea === null && monthMicroUsd !== null && BigInt(monthMicroUsd) >= worthMicroUsd,
    );
    for (const saving of open) await suggest(unit, saving);
    return open.length;
  });
}

/** An operator's own "make an idea of it". Errors: AITO_SAVING_UNKNOWN (404), AITO_SAVING_SUGGESTED (409). */
export async function suggestSaving(deps: CompanyDeps, of: SuggestSaving): Promise<IdeaView> {
  return await transact(deps, async (unit) => {
    await lockSuggestions(unit);
    const saving = (await savingsIn(unit)).find((each) => each.kind === of.kind && each.subject === of.subject);
    if (!saving) {
      throw new AitoError("AITO_SAVING_UNKNOWN", `the records no longer say that ${of.subject} could save by ${of.kind}`, {
        hint: "see what they say now with: aito savings",
        status: 404,
      });
    }
    if (saving.idea) {
      throw new AitoError("AITO_SAVING_SUGGESTED", "this was suggested within the last month", {
        hint: `see the idea ${saving.idea.id} with: aito ideas`,
        status: 409,
      });
    }
    return await suggest(unit, saving);
  });
}

async function suggest(unit: Unit, { title, text, monthMicroUsd }: Saving): Promise<IdeaView> {
  const keeper = await agentRow(unit, await keeperOfMoney(unit), { lock: true });
  const worth = monthMicroUsd === null ? "" : ` Worth about $${dollars(monthMicroUsd)} a month.`;
  return await ideaOfPlatform(unit, keeper, { title, text: `${text}${worth}`, kind });
}

const dollars = (micro: string): string => (BigInt(micro) / 1_000_000n).toLocaleString("en");

async function savingsIn(unit: Unit): Promise<Saving[]> {
  const since = new Date(unit.now.getTime() - daysSeen * dayMs);
  const cheap = (await latestFile(unit))?.models.workers ?? workingModel;
  const found = savingsOf({
    cheap: await selectModelPrice(unit, cheap, new Date(unit.now.getTime() - quietMs)),
    uses: await selectModelUses(unit, since),
    runs: await selectRunsOf(unit, since),
    repeats: await selectRepeats(unit, since),
    containers: await selectContainers(unit, since),
    perHourMicroUsd: await containerPrice(unit),
  });
  const told = await selectSuggested(unit, kind, new Date(unit.now.getTime() - quietMs));
  return found.map((saving) => {
    const idea = told.find(({ title }) => title === saving.title.slice(0, 255));
    return { ...saving, idea: idea ? { id: idea.id, status: idea.status, at: idea.created_at.toISOString() } : null };
  });
}
