import { agentTitle } from "../../agent-title.ts";
import { html, type Html } from "../html.ts";
import { link, when } from "./figured.ts";
import type { PlainPage } from "./plain-routes.ts";

const listedMax = 50;
const verdicts = { approve: "approved", request_changes: "asked for changes", comment: "commented" } as const;

export const changesPage: PlainPage = async (records) => {
  const changes = await records.changes({ limit: listedMax });
  if (changes.length === 0) return html`<p class="quiet">No changes yet.</p>`;
  return html`<ul>
    ${changes.map(
      ({ id, title, status, repository, number }) =>
        html`<li>
          ${link(`/changes/${id}`, title)} <span class="chip">${status}</span> ${repository}
          ${number === null ? null : `#${number}`}
        </li>`,
    )}
  </ul>`;
};

/** The chain from the decision to the merge commit, then the files. */
export const changePage: PlainPage = async (records, { id }) => {
  const change = await records.change(id);
  const { decision, task, commits, reviews, files } = change;
  const between = [
    ...commits.map(({ sha, title, by, at }) => ({
      at,
      row: html`<li>Commit <code>${sha.slice(0, 10)}</code>, <span class="foreign-inline">${title}</span>, by ${by}</li>`,
    })),
    ...reviews.map(({ by, verdict, body, commit, comments, at }) => ({
      at,
      row: html`<li>
        Review of <code>${commit.slice(0, 10)}</code>: ${agentTitle(by)} ${verdicts[verdict]}:
        <span class="foreign-inline">${body}</span>
        <ul>
          ${comments.map((one) => html`<li><code>${one.path}:${one.line}</code> <span class="foreign-inline">${one.body}</span></li>`)}
        </ul>
      </li>`,
    })),
  ].toSorted((a, b) => a.at.localeCompare(b.at));
  const row = (name: string, body: Html | string): Html => html`<li>${name}: ${body}</li>`;
  return html`<section class="card">
      <h2 class="foreign-inline">${change.title}</h2>
      <p>${change.status}, by ${change.by} for ${agentTitle(change.owner)}</p>
      <ol>
        ${row("Decision", decision ? html`${link(`/decisions/${decision.id}`, decision.title)} (${decision.status})` : "none was needed")}
        ${row("Task", html`${link(`/work/${task.id}`, task.title)} (${task.status})`)}
        ${row("Branch", html`<code>${change.branch}</code> of ${change.repository} ${change.number === null ? null : `#${change.number}`}`)}
        ${between.map((one) => one.row)}
        ${row(
          "Merge",
          change.mergeSha === null
            ? "not yet"
            : html`<code>${change.mergeSha}</code> by ${agentTitle(change.mergedBy ?? "")}, ${when(change.updatedAt)}`,
        )}
      </ol>
    </section>
    ${files.map(
      ({ path, status, diff, whole }) =>
        html`<section class="card">
          <h2 class="foreign-inline">${path} (${status})</h2>
          <pre class="foreign-inline">${diff ?? "Not text."}</pre>
          ${whole || diff === null ? null : html`<p class="quiet">Cut: it is longer.</p>`}
        </section>`,
    )}`;
};
