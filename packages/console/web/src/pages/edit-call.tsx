import type { ApprovalAnswered, ApprovalView, EditedCallView } from "@aito/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { jsonChanges } from "../../../src/json-changes.ts";
import { spelledJson } from "../../../src/spelled-json.ts";
import { visibleText } from "../../../src/visible-parts.ts";
import { post } from "../data/api.ts";
import { useMay } from "../data/operator-queries.ts";
import { Button } from "../kit/button.tsx";
import { Compared } from "../kit/compared.tsx";
import { HiddenIn, Problem } from "../kit/field.tsx";
import { Foreign, Inside } from "../kit/foreign.tsx";
import { useNotice } from "../kit/notices.tsx";
import { usd } from "./words.ts";

interface Given {
  approval: ApprovalView;
  /** How many of others are the same call. */
  others: number;
  comment: string;
  onDone: () => void;
}

/** What other arguments come to, and the answer that approves exactly that. */
function useEdit({ approval, comment, onDone }: Given, text: string) {
  const [shown, setShown] = useState<{ of: string; call: EditedCallView } | null>(null);
  const client = useQueryClient();
  const tell = useNotice();
  const look = useMutation({
    mutationFn: async () => ({
      of: text,
      call: await post<EditedCallView>("/api/v1/approvals/:id/preview", { arguments: parsed(text) }, { id: approval.id }),
    }),
    onSuccess: setShown,
    onError: () => setShown(null),
  });
  const approve = useMutation({
    mutationFn: ({ arguments: given, digest }: EditedCallView) =>
      post<ApprovalAnswered>(
        "/api/v1/approvals/:id/answer",
        { answer: "edit", digest: approval.digest, arguments: given, editedDigest: digest, comment: comment.trim() },
        { id: approval.id },
      ),
    onSuccess: () => {
      tell("Approved as changed; it runs now.");
      onDone();
    },
    onSettled: () => client.invalidateQueries(),
  });
  // What was shown is of the text as it was then.
  return { look, approve, current: shown?.of === text ? shown.call : null };
}

/**
 * Other arguments for a call that waits. The first press shows what they change, as the tool takes it, and the digest of the new call; the
 * second one approves exactly that.
 */
export function EditCall(given: Given) {
  const { approval, others } = given;
  const [text, setText] = useState(() => spelledJson(JSON.stringify(approval.arguments, null, 2)));
  const { look, approve, current } = useEdit(given, text);
  const field = useId();
  const may = useMay();
  if (!may("/api/v1/approvals/:id/preview") || !may("/api/v1/approvals/:id/answer")) return null;
  return (
    <div className="mt-4 border-t border-line pt-4">
      <label htmlFor={field} className="block text-sm font-medium">
        Arguments{" "}
        <span className="font-normal text-quiet">
          one JSON object; characters that cannot be seen, or pass for others, stand as \u…
        </span>
      </label>
      <textarea
        id={field}
        rows={Math.min(20, Math.max(6, text.split("\n").length + 1))}
        value={text}
        spellCheck={false}
        autoCapitalize="none"
        aria-describedby={`${field}-hidden`}
        onChange={(event) => setText(event.target.value)}
        className="mt-1 block w-full rounded-lg border border-strong-line bg-page px-3 py-2 font-mono text-sm"
      />
      <HiddenIn id={`${field}-hidden`} text={text} />
      <div className="mt-2 space-y-2">
        <Problem error={approve.error ?? look.error} />
        <Button disabled={look.isPending} onClick={() => look.mutate()} className="max-sm:w-full">
          See what changes
        </Button>
      </div>
      {current && (
        <Changes
          approval={approval}
          call={current}
          others={others}
          busy={approve.isPending}
          onApprove={() => approve.mutate(current)}
        />
      )}
    </div>
  );
}

function parsed(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`This is no JSON: ${error instanceof Error ? error.message : "it cannot be read"}`, { cause: error });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error("Give the arguments as one JSON object.");
}

function Changes({
  approval,
  call,
  others,
  busy,
  onApprove,
}: {
  approval: ApprovalView;
  call: EditedCallView;
  others: number;
  busy: boolean;
  onApprove: () => void;
}) {
  const changes = jsonChanges(approval.arguments, call.arguments);
  if (changes.length === 0) return <p className="mt-3 text-quiet">Nothing is changed: this is the call that waits.</p>;
  return (
    <section aria-label="What changes" className="mt-3">
      <ul className="divide-y divide-line rounded-lg border border-line bg-page">
        {changes.map(({ path, before, after }, index) => (
          <li key={index} className="px-3 py-2">
            <p className="text-sm">
              <Foreign text={path} className="font-medium" />{" "}
              <span className="text-quiet">{before === null ? "is added" : after === null ? "is left out" : "is changed"}</span>
            </p>
            <div className="max-h-60 overflow-auto font-mono text-sm">
              <Inside block dir="ltr">
                <Compared before={before ?? ""} after={after ?? ""} />
              </Inside>
            </div>
          </li>
        ))}
      </ul>
      <p className="mt-2 text-sm text-quiet">
        It costs {usd(call.amountMicroUsd)}
        {call.amountMicroUsd !== approval.amountMicroUsd && ` instead of ${usd(approval.amountMicroUsd)}`}. Its digest is{" "}
        <span className="font-mono break-all">{call.digest}</span>
      </p>
      {others > 0 && (
        <p className="mt-1 text-sm text-warn">
          Only {visibleText(approval.agent)}’s call is changed; the same call of {others} {others === 1 ? "other" : "others"} goes
          on waiting.
        </p>
      )}
      <Button look="good" disabled={busy} onClick={onApprove} className="mt-3 max-sm:w-full">
        Approve as changed
      </Button>
    </section>
  );
}
