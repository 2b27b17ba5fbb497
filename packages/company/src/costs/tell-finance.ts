import { selectAgents } from "../agents/queries.ts";
import type { Unit } from "../company.ts";
import { sendMessageIn } from "../messages/send-message.ts";
import { currentLead } from "../succession/current-lead.ts";

/** Who keeps the money: the role `cfo`, else one of a finance department, else the lead. By name. */
export async function keeperOfMoney(unit: Unit): Promise<string> {
  const standing = (await selectAgents(unit)).filter((agent) => agent.kind === "agent" && agent.desired !== "gone");
  const keeper =
    standing.find((agent) => agent.type === "cfo") ?? standing.find((agent) => /financ|treasur/i.test(agent.department ?? ""));
  return keeper?.name ?? (await currentLead(unit)).name;
}

/** An urgent message to whoever keeps the money. */
export async function tellFinance(unit: Unit, news: { title: string; detail: string }): Promise<void> {
  const to = await keeperOfMoney(unit);
  const payload = { title: news.title.slice(0, 255), detail: news.detail.slice(0, 2_000) };
  await sendMessageIn(unit, "system", { type: "alert", to, priority: "urgent", payload });
}
