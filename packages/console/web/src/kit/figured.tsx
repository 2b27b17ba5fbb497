import type { StatedNumber } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { numbersQuery, type TextToFollow } from "../data/numbers.ts";
import { Inside, Visible } from "./foreign.tsx";

/**
 * Text that an agent wrote, like `Foreign`, in which each number is a link to the receipt that says it, or is said to be unverified.
 * `numbers` where they are known already.
 */
export function Figured({
  numbers,
  block = false,
  className = "",
  ...of
}: TextToFollow & { numbers?: readonly StatedNumber[] | undefined; block?: boolean; className?: string }) {
  const asked = useQuery({ ...numbersQuery(of), enabled: numbers === undefined && /\d/.test(of.text) });
  const parts = [
    ...withNumbers(of.text, numbers ?? asked.data ?? []),
    // Never shown as if they had been found to be right.
    asked.isError && (
      <span key="unread" className="text-xs font-medium text-warn">
        {" "}
        (its numbers could not be checked)
      </span>
    ),
  ];
  return (
    <Inside block={block} className={className}>
      {parts}
    </Inside>
  );
}

function withNumbers(text: string, numbers: readonly StatedNumber[]) {
  const parts = [];
  let from = 0;
  for (const number of numbers) {
    parts.push(<Visible key={from} text={text.slice(from, number.start)} />);
    parts.push(<Number key={`n${number.start}`} text={text.slice(number.start, number.end)} receipt={number.receipt} />);
    from = number.end;
  }
  parts.push(<Visible key={from} text={text.slice(from)} />);
  return parts;
}

/** A plain link: it works in a page that other code has broken, and leads to the same address without scripts. */
export function Number({ text, receipt }: { text: string; receipt: string | null }) {
  if (receipt === null)
    return (
      <span>
        <Visible text={text} /> <span className="text-xs font-medium text-warn">(unverified)</span>
      </span>
    );
  return (
    <a
      href={`/receipts/${receipt}`}
      title="the receipt that says it"
      className="tabular underline decoration-dotted underline-offset-4 hover:text-accent"
    >
      <Visible text={text} />
    </a>
  );
}
