import type { ReceiptBehind } from "@aito/protocol";
import { html, type Html } from "./html.ts";
import { when } from "./plain/figured.ts";

/** Signed records behind something that waits; nothing where there are none. */
export function receiptsCard(receipts: ReceiptBehind[], { title, whose }: { title: string; whose: string }): Html | null {
  if (receipts.length === 0) return null;
  return html`<section class="card">
    <h2>${title}</h2>
    <p class="quiet">What ${whose}, from the gateway's signed receipts.</p>
    <ul class="votes whole">
      ${receipts.map(
        (receipt) =>
          html`<li>
            <p>
              <strong class="foreign-inline" dir="auto">${receipt.tool}</strong>
              <span class="chip ${receipt.ok ? html`good` : html`bad`}">${receipt.ok ? "done" : "refused"}</span>
            </p>
            <p class="foreign" dir="auto">${receipt.result}</p>
            <p class="quiet">${when(receipt.at)} · receipt ${receipt.id}</p>
          </li>`,
      )}
    </ul>
  </section>`;
}
