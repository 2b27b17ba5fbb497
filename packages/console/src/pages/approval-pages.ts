import type { ApprovalDetail, ApprovalView } from "@aito/protocol";
import { agentTitle } from "../agent-title.ts";
import { html, type Html } from "./html.ts";
import { goesOn, readArguments } from "../read-arguments.ts";
import { spelledJson } from "../spelled-json.ts";
import { page, plainPage } from "./layout.ts";
import { usd, when } from "./plain/figured.ts";
import { receiptsCard } from "./receipts-card.ts";

/** What a link leads to. */
export interface ApprovalForm {
  approval: ApprovalDetail;
  rehearsal: boolean;
}

const words: Record<ApprovalView["status"], string> = {
  waiting: "It waits for an answer.",
  approved: "It was approved and runs now.",
  denied: "It was denied and did not run.",
  edited: "It was replaced by a changed call, which was approved.",
  expired: "Nobody answered in time, which is a denial. It did not run.",
  executing: "It was approved and has begun.",
  done: "It was approved and ran.",
  failed: "It was approved and failed.",
  unknown: "It was begun, and its outcome is unknown: it may have happened. It is not tried again.",
};

/** What has become of it. */
const wordsOf = ({ status, answeredBy }: ApprovalView): string =>
  status === "expired" && answeredBy !== null
    ? `${answeredBy} approved it, but it could not begin in time. It did not run.`
    : words[status];

/**
 * The stored call, exactly as it runs: never the agent's own words about it. Long texts as they read, with the JSON below; none of it in a
 * box that scrolls, so that who comes to the buttons has passed its end.
 */
function callOf(approval: ApprovalView): Html {
  const text = JSON.stringify(approval.arguments, null, 2);
  const json = html`<p class="foreign whole" dir="ltr">${text}</p>`;
  const read = readArguments(approval.arguments);
  return html`${
    read === null
      ? json
      : html`${read.map(
            (each) =>
              html`<h3 class="foreign-inline" dir="ltr">${each.name}</h3>
                <p class="foreign whole" dir="ltr">${"text" in each ? each.text : each.json}</p>`,
          )}
          <details>
            <summary>The same as JSON, which the digest is of</summary>
            ${json}
          </details>`
  }
  ${
    goesOn(text, read)
      ? html`<p class="problem">
          ${text.length} characters in all: read what you approve to the last of them; it may go on below empty lines.
        </p>`
      : null
  }
  ${
    approval.files.length === 0
      ? null
      : html`<h3>Files</h3>
          <ul>
            ${approval.files.map(
              (file) =>
                html`<li>
                  <p class="foreign" dir="auto">${file.name}</p>
                  <p class="quiet">${file.bytes} bytes · SHA-256 ${file.sha256}</p>
                </li>`,
            )}
          </ul>`
  }`;
}

/** The form that a human answers, from the stored call only. Works without script. */
export function approvalFormPage({ approval, rehearsal }: ApprovalForm, problem: string | null = null, edited = ""): string {
  const text = spelledJson(edited || JSON.stringify(approval.arguments, null, 2));
  return page({
    title: `Approve: ${approval.summary}`,
    rehearsal,
    wide: true,
    body: html`<section class="card">
        <p class="eyebrow">A call waits for you</p>
        <h1 class="foreign-inline" dir="auto">${agentTitle(approval.agent)} wants to ${approval.summary}</h1>
        <p class="amount">${usd(approval.amountMicroUsd)} <span class="chip">${approval.tool}</span></p>
        <p class="reason">${approval.reason}</p>
        <dl>
          <dt>Asked</dt>
          <dd>${when(approval.createdAt)}${approval.asked > 1 ? html`, ${approval.asked} times` : null}</dd>
          <dt>Until</dt>
          <dd>${when(approval.expiresAt)}; silence is a denial</dd>
          ${
            approval.taint === null
              ? null
              : html`<dt>Outside text</dt>
                  <dd>The run had read text from outside: ${approval.taint}</dd>`
          }
        </dl>
      </section>
      <section class="card">
        <h2>What runs if you approve</h2>
        ${callOf(approval)}
        <p class="quiet">Your answer is to exactly this: ${approval.digest}</p>
      </section>
      ${receiptsCard(approval.receipts, { title: "What it rests on", whose: "the run had called before it asked" })}
      <section class="card decide">
        <h2>Your answer</h2>
        ${problem ? html`<p class="problem" role="alert">${problem}</p>` : null}
        <form method="post">
          <input type="hidden" name="digest" value="${approval.digest}" />
          <label for="comment">Comment <span class="quiet">told to the agent</span></label>
          <textarea id="comment" name="comment" rows="2" maxlength="4000"></textarea>
          <div class="buttons">
            <button type="submit" name="answer" value="approve" class="good">Approve</button>
            <button type="submit" name="answer" value="deny" class="bad">Deny</button>
            <button type="submit" name="answer" value="send_back">Send back with the comment</button>
          </div>
          <label for="arguments">Or change it first <span class="quiet">the arguments as JSON</span></label>
          <textarea id="arguments" name="arguments" rows="10">${text}</textarea>
          <div class="buttons">
            <button type="submit" name="answer" value="edit">Approve as changed</button>
          </div>
          <p class="quiet">Your answer counts at once and only the first one counts.</p>
        </form>
      </section>`,
  });
}

/** What has become of it, told after a POST (`first`) or to whoever comes later. */
export const approvalResultPage = (
  { approval, rehearsal }: { approval: ApprovalView; rehearsal: boolean },
  options: { first: boolean; posted: boolean },
): string =>
  page({
    title: options.first ? "Your answer is recorded" : "This was answered before",
    rehearsal,
    body: html`<section class="card">
      <p class="eyebrow">
        ${options.first ? "Your answer is recorded" : options.posted ? "It was over before your answer" : "This link was used"}
      </p>
      <h1>${wordsOf(approval)}</h1>
      <p class="foreign" dir="auto">${approval.summary}</p>
      ${approval.comment ? html`<p class="foreign" dir="auto">${approval.comment}</p>` : null}
      ${approval.receipt === null ? null : html`<p class="quiet">Receipt ${approval.receipt}</p>`}
      <p class="quiet">${options.first ? "You can close this page." : "Nothing was changed by opening it again."}</p>
    </section>`,
  });

export const approvalUnknownPage = (): string =>
  plainPage({
    title: "This link leads nowhere",
    lines: [
      "It may have been cut when it was copied.",
      html`<code>./scripts/aito approvals</code> lists what waits, with working links.`,
    ],
  });
