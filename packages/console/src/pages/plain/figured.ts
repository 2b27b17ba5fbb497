import type { CheckedClaim, StatedNumber } from "@aito/protocol";
import { microToUsd } from "@aito/protocol";
import { html, type Html } from "../html.ts";

export const plain = "/plain";
export const usd = (micro: string): string => `$${microToUsd(micro).replace(/\B(?=(\d{3})+(?=\.))/g, ",")}`;
export const when = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")} UTC`;
/** Ids that agents cite may be any text: an address holds it encoded, so that none of it is shown as marked text within the attribute. */
export const link = (path: string, text: string | Html): Html =>
  html`<a href="${encodeURI((plain + path).toWellFormed())}">${text}</a>`;

/** Text that somebody wrote, each number in it a link to its receipt or said to be unverified. */
export function figured(text: string, numbers: readonly StatedNumber[]): Html {
  const parts: (string | Html)[] = [];
  let from = 0;
  for (const { start, end, receipt } of numbers) {
    parts.push(text.slice(from, start));
    const number = text.slice(start, end);
    parts.push(receipt === null ? html`${number} <span class="quiet">(unverified)</span>` : link(`/receipts/${receipt}`, number));
    from = end;
  }
  parts.push(text.slice(from));
  return html`<span class="foreign-inline" dir="auto">${parts}</span>`;
}

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** One claim: its number leads to the first receipt that it cites, and its entity, where that is a task, to the task. */
export function claimRow(claim: CheckedClaim): Html {
  const receipts = claim.receipts.filter(isId);
  const value = `${claim.value} ${claim.unit}`;
  const of =
    isId(claim.entity) && claim.entityTitle !== undefined ? link(`/work/${claim.entity}`, claim.entityTitle) : claim.entity;
  return html`<li>
    ${claim.metric} of ${of}: ${receipts[0] === undefined ? value : link(`/receipts/${receipts[0]}`, value)}
    <span class="chip ${claim.verified ? "good" : "bad"}">${claim.verified ? "verified" : "unverified"}</span>
    ${claim.outside ? html`<span class="chip">outside: ${claim.outside.source}, ${claim.outside.tool}</span>` : null}
    <span class="quiet"
      >by
      ${claim.agent}${claim.period ? `, ${claim.period.from.slice(0, 10)} to ${claim.period.to.slice(0, 10)}` : `, ${when(claim.at)}`}
      ${claim.why}</span
    >
  </li>`;
}
