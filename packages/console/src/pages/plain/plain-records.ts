import type { DecisionView, TaskView } from "@aito/protocol";
import { agentTitle } from "../../agent-title.ts";
import type { Records } from "../../records.ts";
import { html, type Html } from "../html.ts";
import { claimRow, figured, link, usd, when } from "./figured.ts";
import { card, list } from "./plain-parts.ts";
import type { PlainPage } from "./plain-routes.ts";

const listedMax = 50;

/** Texts of a page, read together. */
async function readAll(records: Records, texts: { text: string; task?: string }[]): Promise<Html[]> {
  const numbers = await records.numbers(texts);
  return texts.map(({ text }, at) => figured(text, numbers[at] ?? []));
}

export const overviewPage: PlainPage = async (records) => {
  const status = await records.status();
  const active = status.agents.filter((agent) => agent.status === "active").length;
  const [escalations, approvals] = [
    await records.escalations({ limit: listedMax, status: "waiting" }),
    await records.approvals({ limit: listedMax, status: "waiting" }),
  ];
  const done = await records.tasks({ limit: 5, status: "done" });
  return html`<p>
      ${link("/fleet", `${active} of ${status.agents.length} agents active`)} ·
      ${link("/money", `$${status.budget.usdLeft} of $${status.budget.usdTotal} left this month`)}
    </p>
    ${card(
      "Needs an answer",
      list(
        [
          ...approvals.map(
            ({ url, agent, summary }) => html`<li>${url ? html`<a href="${url}">${agent}: ${summary}</a>` : summary}</li>`,
          ),
          ...escalations.map(({ decisionId, title }) => html`<li>${link(`/decisions/${decisionId}`, title)}</li>`),
        ],
        "Nothing waits for an answer.",
      ),
    )}
    ${card("Finished", list(await taskRows(records, done), "Nothing finished yet."))}`;
};

export const fleetPage: PlainPage = async (records) => {
  const { agents } = await records.status();
  const texts = await readAll(
    records,
    agents.map(({ doing, statusReason }) => ({ text: doing ?? statusReason ?? "" })),
  );
  return list(
    agents.map(
      ({ name, status, epoch, restarts }, at) =>
        html`<li>
          ${agentTitle(name)} (${status}): ${texts[at]!} <span class="quiet">epoch ${epoch}, ${restarts} restarts</span>
        </li>`,
    ),
    "No agents yet.",
  );
};

export const decisionsPage: PlainPage = async (records) =>
  list(
    (await records.decisions({ limit: listedMax })).map(
      ({ id, title, amountMicroUsd, status }) =>
        html`<li>
          ${link(`/decisions/${id}`, title)} ${link(`/decisions/${id}`, usd(amountMicroUsd))} <span class="chip">${status}</span>
        </li>`,
    ),
    "No decisions yet.",
  );

export const decisionPage: PlainPage = async (records, { id }) => {
  const decision = await records.decision(id);
  const said = saidOf(decision);
  const texts = await readAll(records, said);
  const cost = decision.modelCostMicroUsd == null ? "cost not known" : usd(decision.modelCostMicroUsd);
  return html`<section class="card">
    <h2 class="foreign-inline">${decision.title}</h2>
    <p>
      ${usd(decision.amountMicroUsd)} · ${decision.type} · ${decision.status} · proposed by ${agentTitle(decision.proposedBy)}
    </p>
    <p>Model calls: ${link(`/money?decision=${id}`, cost)}</p>
    ${decision.taskId === null ? null : html`<p>${link(`/work/${decision.taskId}`, "Its task")}</p>`}
    ${list(
      said.map(({ by }, at) => html`<li><strong>${by}</strong> ${texts[at]!}</li>`),
      "No ballots yet.",
    )}
  </section>`;
};

/** What agents wrote of it; that they name its own amount claims nothing. */
const saidOf = ({
  description,
  rounds,
  exchange = [],
  amountMicroUsd,
}: DecisionView): { by: string; text: string; amountMicroUsd: string }[] =>
  [
    { by: "Asked", text: description },
    ...exchange.map(({ by, text }) => ({ by: agentTitle(by), text })),
    ...rounds.flatMap(({ round, votes }) =>
      votes.map(({ voter, vote, reason }) => ({ by: `${agentTitle(voter)}, round ${round}, ${vote}:`, text: reason })),
    ),
  ].flatMap((each) => (each.text === "" ? [] : [{ ...each, amountMicroUsd }]));

export const workPage: PlainPage = async (records) =>
  list(await taskRows(records, await records.tasks({ limit: listedMax })), "No tasks yet.");

async function taskRows(records: Records, tasks: TaskView[]): Promise<Html[]> {
  const texts = await readAll(
    records,
    tasks.map(({ id, result }) => ({ text: result?.summary ?? "", task: id })),
  );
  return tasks.map(
    ({ id, title, status }, at) => html`<li>${link(`/work/${id}`, title)} <span class="chip">${status}</span> ${texts[at]!}</li>`,
  );
}

export const taskPage: PlainPage = async (records, { id }) => {
  const { title, status, result, assignedTo, workerAgent, completedAt, decisionId } = await records.task(id);
  const [summary, text] = await readAll(records, [
    { text: result?.summary ?? "", task: id },
    { text: result?.text ?? "", task: id },
  ]);
  return html`<section class="card">
    <h2 class="foreign-inline">${title}</h2>
    <p>${status}, ${workerAgent ?? assignedTo ?? "nobody"}${completedAt ? `, ended ${when(completedAt)}` : null}</p>
    <p>
      ${link(`/money?task=${id}`, "What its model calls cost")}
      ${decisionId ? link(`/decisions/${decisionId}`, "Its decision") : null}
    </p>
    ${
      result
        ? html`<p>${summary!}</p>
            <p>${text!}</p>`
        : html`<p class="quiet">No result yet.</p>`
    }
    ${list((result?.claims ?? []).map(claimRow), "It claims no figures.")}
    <p>${(result?.receipts ?? []).slice(0, 5).map((each) => html`${link(`/receipts/${each}`, `receipt ${each.slice(-6)}`)} `)}</p>
  </section>`;
};
