import type { LinkedEscalation } from "@aito/company";
import type { AttachedTask, DecisionView } from "@aito/protocol";
import { agentTitle } from "../agent-title.ts";
import { visibleText } from "../visible-parts.ts";
import { html, type Html } from "./html.ts";
import { page, plainPage } from "./layout.ts";
import { usd, when } from "./plain/figured.ts";
import { receiptsCard } from "./receipts-card.ts";

/** What a link leads to. `open` shows the form; the other states only tell. */
export type EscalationForm = LinkedEscalation;

const phaseNames = { heads: "the heads vote", analysis: "the council analyses", final: "final ballots" } as const;
const voteNames = { approve: "approve", veto: "veto", abstain: "abstain", no_answer: "no answer" } as const;
const outcomeNames: Record<string, string> = {
  approve: "approved",
  approved: "approved",
  veto: "vetoed",
  vetoed: "vetoed",
  send_back: "sent back",
  sent_back: "sent back",
};

function rounds(decision: DecisionView): Html {
  if (decision.rounds.length === 0) return html`<p class="quiet">No round was held.</p>`;
  return html`${decision.rounds.map(
    (round) =>
      html`<section class="round">
        <h3>Round ${round.round} <span class="quiet">${phaseNames[round.phase]}</span></h3>
        <ul class="votes">
          ${round.votes.map(
            (vote) =>
              html`<li>
                <p><strong>${agentTitle(vote.voter)}</strong> ${voteChip(vote.vote)}</p>
                ${vote.reason ? html`<p class="foreign" dir="auto">${vote.reason}</p>` : html`<p class="quiet">No reason given.</p>`}
              </li>`,
          )}
        </ul>
      </section>`,
  )}`;
}

const voteChip = (vote: keyof typeof voteNames): Html => {
  // The class is one of four fixed words, never foreign text.
  const classes = { approve: html`chip good`, veto: html`chip bad`, abstain: html`chip`, no_answer: html`chip` } as const;
  return html`<span class="${classes[vote]}">${voteNames[vote]}</span>`;
};

function attached(task: AttachedTask | null): Html {
  if (!task) return html`<p>No work is attached: approving records the decision and tells the proposer.</p>`;
  return html`<p><strong class="foreign-inline" dir="auto">${task.title}</strong></p>
    <p class="quiet">${task.workerType ? html`A worker (${task.workerType}) is started for it.` : html`The proposer does it.`}</p>
    ${task.description ? html`<p class="foreign" dir="auto">${task.description}</p>` : null}`;
}

/** What a human can judge the proposal by: the ballots and what it rests on. */
const grounds = (form: EscalationForm): Html =>
  html`<section class="card">
      <h2>How they voted</h2>
      ${rounds(form.decision)}
    </section>
    ${receiptsCard(form.grounds.receipts, {
      title: "What the proposal rests on",
      whose: "the proposing run had called before",
    })}`;

/** The form that a human answers: everything that is needed to decide, from records only. Works without script. */
export function escalationFormPage(form: EscalationForm, problem: string | null = null, comment = ""): string {
  const { decision, escalation } = form;
  return page({
    title: `Decide: ${decision.title}`,
    rehearsal: form.rehearsal,
    wide: true,
    body: html`<section class="card">
        <p class="eyebrow">A decision waits for you</p>
        <h1 class="foreign-inline" dir="auto">${decision.title}</h1>
        <p class="amount">${usd(decision.amountMicroUsd)} <span class="chip">${decision.type}</span></p>
        <p class="reason">${escalation.reason}</p>
        <dl>
          <dt>Proposed by</dt>
          <dd>${agentTitle(decision.proposedBy)}, ${when(decision.createdAt)}</dd>
          <dt>Budget left this month</dt>
          <dd>${usd(form.grounds.budgetLeftMicroUsd)}</dd>
          ${
            form.grounds.taint === null
              ? null
              : html`<dt>Outside text</dt>
                  <dd>Who proposed or argued had read text from outside: ${form.grounds.taint}</dd>`
          }
          ${
            decision.typeReason
              ? html`<dt>Why it is ${decision.type}</dt>
                  <dd>${decision.typeReason}</dd>`
              : null
          }
          ${
            escalation.expiresAt
              ? html`<dt>This link works until</dt>
                  <dd>${when(escalation.expiresAt)}</dd>`
              : null
          }
        </dl>
        ${
          decision.description
            ? html`<h2>What is asked</h2>
                <p class="foreign" dir="auto">${decision.description}</p>`
            : null
        }
      </section>
      <section class="card">
        <h2>What runs if you approve</h2>
        ${attached(form.grounds.attachedTask)}
        ${
          form.grounds.attachedAction
            ? html`<p class="quiet">The stored action, exactly as it will run:</p>
                <p class="foreign" dir="ltr">${form.grounds.attachedAction}</p>`
            : null
        }
      </section>
      ${grounds(form)}
      <section class="card decide">
        <h2>Your answer</h2>
        ${problem ? html`<p class="problem" role="alert">${problem}</p>` : null}
        <form method="post">
          <label for="comment">Comment <span class="quiet">told to the company; a question if you send it back</span></label>
          <textarea id="comment" name="comment" rows="4" maxlength="4000">${visibleText(comment)}</textarea>
          <div class="buttons">
            <button type="submit" name="decision" value="approve" class="good">Approve</button>
            <button type="submit" name="decision" value="veto" class="bad">Veto</button>
            <button type="submit" name="decision" value="send_back">Send back with a question</button>
          </div>
          <p class="quiet">Your answer counts at once and only the first one counts.</p>
        </form>
      </section>`,
  });
}

/** What happened, told after a POST (`first`) or to whoever comes later. */
export function escalationResultPage(
  form: Pick<EscalationForm, "escalation" | "decision" | "rehearsal">,
  options: { first: boolean; posted: boolean },
): string {
  const answer = form.escalation.answer ?? form.decision.humanDecision ?? form.decision.status;
  const outcome = outcomeNames[answer] ?? answer;
  return page({
    title: `${options.first ? "Done" : "Already answered"}: ${outcome}`,
    rehearsal: form.rehearsal,
    body: html`<section class="card">
      <p class="eyebrow">
        ${options.first ? "Your answer is recorded" : options.posted ? "Someone answered before you" : "This link was used"}
      </p>
      <h1>The decision was ${outcome}.</h1>
      <p class="foreign" dir="auto">${form.decision.title}</p>
      ${
        form.decision.humanComment
          ? html`<p class="quiet">Comment</p>
              <p class="foreign" dir="auto">${form.decision.humanComment}</p>`
          : null
      }
      <p class="quiet">${options.first ? "You can close this page." : "Nothing was changed by opening it again."}</p>
    </section>`,
  });
}

export const escalationGonePage = (form: EscalationForm): string =>
  form.state === "expired"
    ? plainPage({
        title: "This link has expired",
        rehearsal: form.rehearsal,
        lines: [
          "The decision still waits: nothing times out into an approval.",
          html`A reminder carries a new link; <code>./scripts/aito escalations</code> shows it at once.`,
        ],
      })
    : plainPage({
        title: "This decision no longer waits",
        rehearsal: form.rehearsal,
        lines: [`It is ${form.decision.status}.`, form.decision.outcomeReason ?? "It was closed before a human answered."],
      });

export const escalationUnknownPage = (): string =>
  plainPage({
    title: "This link leads nowhere",
    lines: [
      "It may have been cut when it was copied.",
      html`<code>./scripts/aito escalations</code> lists what waits, with working links.`,
    ],
  });
