import type { StatedNumber } from "@aito/protocol";
import type { ReactNode } from "react";
import Markdown, { type Components } from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import { Number } from "./figured.tsx";
import { followNumbers, markNumbers } from "./follow-numbers.ts";

const shownMax = 200_000;

/** Links and pictures of a text that an agent wrote lead nowhere and load nothing; their address is shown instead. */
const inert: Components = {
  a: ({ children, href }) => (
    <span>
      <span className="underline decoration-dotted underline-offset-4">{children}</span>
      {href && <span className="text-quiet"> ({href})</span>}
    </span>
  ),
  // Only `followNumbers` makes it, after everything from the text was sanitised.
  data: ({ children, value }) => <Number text={plainText(children)} receipt={value ? String(value) : null} />,
  img: ({ alt, src }) => (
    <span className="text-quiet">
      [picture: {alt || "no description"}
      {typeof src === "string" && `, ${src}`}]
    </span>
  ),
};

/** HTML inside Markdown is shown as the text that it is, not left out without a word. */
const options = {
  handlers: { html: (_state: unknown, node: { value: string }) => ({ type: "text" as const, value: node.value }) },
};

const plainText = (children: ReactNode): string => (typeof children === "string" ? children : "");

/** Markdown from an agent as a document. */
export function Document({ text, numbers = [] }: { text: string; numbers?: readonly StatedNumber[] }) {
  const shown = markNumbers(
    text.slice(0, shownMax),
    numbers.filter(({ end }) => end <= shownMax),
  );
  return (
    <div className="document" dir="auto">
      <Markdown
        remarkPlugins={[remarkGfm]}
        rehypePlugins={[rehypeSanitize, followNumbers(numbers)]}
        remarkRehypeOptions={options}
        components={inert}
      >
        {shown}
      </Markdown>
      {text.length > shownMax && (
        <p className="text-quiet">The rest is cut: the text has {text.length.toLocaleString("en")} characters.</p>
      )}
    </div>
  );
}
