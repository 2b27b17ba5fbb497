import type { BriefingView, ContradictionView } from "@aito/protocol";
import { Id } from "@aito/protocol";
import { html, type Html } from "../html.ts";
import { claimRow, figured, link, plain, usd, when } from "./figured.ts";
import { card, list } from "./plain-parts.ts";
import type { PlainPage } from "./plain-routes.ts";

const listedMax = 100;
const questionCharsMax = 2_000;
/** A field that is sent by GET: nothing changes by asking. */
const field = (path: string, label: string, text: string): Html =>
  html`<form action="${plain + path}">
    <label>${label} <textarea name="q" rows="1" maxlength="2000">${text}</textarea></label>
    <div class="buttons"><button type="submit">Find</button></div>
  </form>`;

export const figuresPage: PlainPage = async (records) => {
  const { verified, unverified } = await records.figures();
  const contradictions = await records.contradictions();
  return html`${card("Verified", list(verified.map(claimRow), "No verified figures yet."))}
  ${contradictions.length > 0 ? card("Contradict each other", contradictions.map(contradictionPart)) : null}
  ${card("Unverified", list(unverified.map(claimRow), "None."))}`;
};

const contradictionPart = ({ id, task, since, sides }: ContradictionView): Html =>
  html`<p>
      Since ${when(since)}, only one can be right. ${task === null ? null : html`${link(`/work/${task}`, "Their task")}.`} A human
      settles it in the console, or with <code>aito contradictions settle ${id}</code>, as <code>aito contradictions</code> prints
      it.
    </p>
    ${list(sides.map(claimRow), "")}`;

export const receiptPage: PlainPage = async (records, { id }) => {
  const receipt = await records.receipt(id);
  const { check } = receipt;
  return html`<section class="card">
      <h2>${receipt.tool} by ${receipt.agent}: ${receipt.status}</h2>
      <p>
        ${when(receipt.at)}, ${receipt.durationMs} ms, answered by ${receipt.source}.
        ${receipt.task ? link(`/work/${receipt.task}`, "Its task") : null}
      </p>
      <p>Signature: ${check.verdict}${check.problem ? `: ${check.problem}` : null}</p>
    </section>
    ${card(
      "It states",
      list(
        receipt.facts.map(({ metric, entity, value, unit }) => html`<li>${metric} of ${entity}: ${value} ${unit}</li>`),
        "No figures.",
      ),
    )}
    ${card("Cited by", list(receipt.claims.map(claimRow), "Nobody."))}
    ${card("Result", html`<p class="foreign" dir="auto">${receipt.full ?? receipt.result}</p>`)}
    <p class="quiet">Receipt ${receipt.id} · arguments ${receipt.argumentsDigest} · key ${receipt.signedBy ?? "unknown"}</p>`;
};

export const moneyPage: PlainPage = async (records, { query }) => {
  const task = Id.safeParse(query["task"]).data;
  const decision = Id.safeParse(query["decision"]).data;
  const agent = /^[a-z0-9-]{1,63}$/.test(query["agent"] ?? "") ? query["agent"] : undefined;
  const { budget } = await records.status();
  const approved = await records.decisions({ limit: listedMax, status: "approved" });
  const costs = await records.costs({ by: "agent" });
  const calls = await records.calls({ limit: listedMax, agent, task, decision });
  const of = agent ?? (task !== undefined ? "this task" : decision !== undefined ? "this decision" : "everybody");
  return html`<p>$${budget.usdLeft} of $${budget.usdTotal} left this month: what approved decisions may spend is taken off.</p>
    ${card(
      "Approved decisions",
      list(
        approved.map(({ id, title, amountMicroUsd }) => html`<li>${link(`/decisions/${id}`, usd(amountMicroUsd))} ${title}</li>`),
        "None.",
      ),
    )}
    ${card(
      "Calls by agent",
      list(
        costs.map(({ name, calls: count, costMicroUsd, unknownCalls }) => {
          const cost = `${costMicroUsd === null ? "cost not known" : usd(costMicroUsd)} for ${count} calls`;
          return html`<li>
            ${name ?? "no agent"}: ${name === null ? cost : link(`/money?agent=${name}`, cost)}
            ${costMicroUsd !== null && unknownCalls > 0 ? `, ${unknownCalls} of unknown cost` : null}
          </li>`;
        }),
        "No model was called.",
      ),
    )}
    ${card(
      `Calls of ${of}, newest first`,
      list(
        calls.map(
          (call) =>
            html`<li>
              ${when(call.at)} ${call.agent ?? call.key ?? "operator"}:
              ${call.costMicroUsd === null ? "cost not known" : usd(call.costMicroUsd)}
              <span class="quiet">${call.model}, ${call.inputTokens ?? "?"} in, ${call.outputTokens ?? "?"} out</span>
              ${call.task === null ? null : link(`/work/${call.task}`, "its task")}
            </li>`,
        ),
        "None.",
      ),
    )}`;
};

export const briefingPage: PlainPage = async (records) => briefingBody(await records.briefing(24));

function briefingBody({ from, to, needsYou, decisions, tasks, counts, money, figures, unverified }: BriefingView): Html {
  return html`<p>${when(from)} to ${when(to)}</p>
    ${card(
      `Needs an answer (${counts.needsYou})`,
      list(
        needsYou.map(
          ({ kind, title, until }) => html`<li>${link("/", `${kind}: ${title}`)}${until ? ` until ${when(until)}` : null}</li>`,
        ),
        "Nothing waits for an answer.",
      ),
    )}
    ${card(
      `Decided (${counts.decisions})`,
      list(
        decisions.map(
          ({ id, title, status, amountMicroUsd }) =>
            html`<li>${status}: ${title} ${link(`/decisions/${id}`, usd(amountMicroUsd))}</li>`,
        ),
        "Nothing.",
      ),
    )}
    ${card(
      `Ended (${counts.tasks})`,
      list(
        tasks.map(
          ({ id, title, status, summary, numbers }) =>
            html`<li>${status}: ${link(`/work/${id}`, title)} ${figured(summary, numbers)}</li>`,
        ),
        "Nothing.",
      ),
    )}
    ${card(
      "Money",
      html`<p>
        ${link("/money", `${usd(money.leftMicroUsd)} of ${usd(money.budgetMicroUsd)} left this month`)};
        ${link("/decisions", `${usd(money.approvedMicroUsd)} approved`)};
        ${link("/money", `${usd(money.modelMicroUsd)} for model calls and paid tools`)}${
          money.unknownCalls > 0 ? `, ${money.unknownCalls} calls of unknown cost` : null
        }
      </p>`,
    )}
    ${card("Figures", list(figures.map(claimRow), "No verified figures."))}
    ${card("Unverified", list(unverified.map(claimRow), "None."))}`;
}

export const memoryPage: PlainPage = async (records, { query }) => {
  const text = (query["q"] ?? "").trim().slice(0, questionCharsMax);
  const { items } = await records.searchMemories({ text, quarantined: false, limit: 50 });
  return html`${field("/memory", "Find", text)}
  ${list(
    items.map(
      ({ agent, at, text: said, numbers = [] }) =>
        html`<li>${figured(said, numbers)} <span class="quiet">${agent}, ${when(at)}</span></li>`,
    ),
    "No such memory.",
  )}`;
};

export const askPage: PlainPage = async (records, { query }) => {
  const question = (query["q"] ?? "").trim().slice(0, questionCharsMax);
  if (question === "") return field("/ask", "Question", "");
  const { told, evidence, figures } = await records.askRecords(question);
  return html`${field("/ask", "Question", question)} ${told ? null : html`<p><strong>The records do not tell.</strong></p>`}
  ${list(
    evidence.map(
      ({ kind, id, text, who, at, numbers = [] }) =>
        html`<li>
          ${kind === "receipt" ? link(`/receipts/${id}`, text) : figured(text, numbers)}
          <span class="quiet">${who}, ${when(at)}, ${kind} ${id}</span>
        </li>`,
    ),
    "No records.",
  )}
  ${figures && figures.unverified.length > 0 ? card("Unverified", list(figures.unverified.map(claimRow), "")) : null}`;
};
