import type { ReceiptBehind } from "@aito/protocol";
import { short } from "./table.ts";

/** One line for a receipt behind something that waits. */
export const receiptLine = ({ tool, ok, id }: ReceiptBehind): string =>
  `rests on: ${short(tool, 60)}, ${ok ? "done" : "refused"}, receipt ${id}`;
