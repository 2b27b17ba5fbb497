import { type ReactNode, useId, useState } from "react";
import { Button } from "../kit/button.tsx";
import { Confirm } from "../kit/confirm.tsx";

/** A button that asks for the reason, which the audit log keeps. */
export function SetAside({
  label,
  what,
  busy,
  onConfirm,
}: {
  label: string;
  what: ReactNode;
  busy: boolean;
  onConfirm: (reason: string) => void;
}) {
  const [reason, setReason] = useState("");
  const field = useId();
  return (
    <Confirm
      trigger={
        <Button size="small" disabled={busy}>
          {label}
        </Button>
      }
      title="Set these memories aside?"
      action="Set aside"
      onConfirm={() => onConfirm(reason.trim() === "" ? "set aside in the console" : reason.trim())}
    >
      No agent finds {what} from here on; their vectors go, and summaries are written anew without them. They are kept.
      <label htmlFor={field} className="mt-3 block text-sm font-medium text-text">
        Reason
      </label>
      <input
        id={field}
        value={reason}
        maxLength={1_000}
        onChange={(event) => setReason(event.target.value)}
        className="mt-1 block min-h-10 w-full rounded-lg border border-strong-line bg-page px-3 text-text"
      />
    </Confirm>
  );
}
