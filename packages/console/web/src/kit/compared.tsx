import { wordDiff } from "../../../src/word-diff.ts";
import { Visible } from "./foreign.tsx";

/** A text beside the one before it, word by word; null: there was none. Nothing hidden in either stays hidden. */
export function Compared({ before, after }: { before: string | null; after: string }) {
  if (before === null) return <Visible text={after} />;
  return wordDiff(before, after).map(({ kind, text }, index) =>
    kind === "same" ? (
      <Visible key={index} text={text} />
    ) : kind === "new" ? (
      <ins key={index} className="font-semibold text-good">
        <Visible text={text} />
      </ins>
    ) : (
      <del key={index} className="text-bad">
        <Visible text={text} />
      </del>
    ),
  );
}
