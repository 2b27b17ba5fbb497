import { AlertDialog } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";

/**
 * Asks before an act: when its trigger is pressed, or while `open`. The backdrop is our own element: Radix' overlay writes a style element
 * into the page, which the page's policy forbids.
 */
export function Confirm({
  trigger,
  open,
  onClose,
  title,
  children,
  action,
  look = "primary",
  disabled = false,
  onConfirm,
}: {
  trigger?: ReactNode;
  open?: boolean;
  onClose?: () => void;
  title: ReactNode;
  children: ReactNode;
  action: string;
  /** Of the act's button: "danger" where it ends something. */
  look?: "primary" | "danger";
  /** What was asked for has become impossible while it was asked. */
  disabled?: boolean;
  onConfirm: () => void;
}) {
  return (
    <AlertDialog.Root {...(open === undefined ? {} : { open, onOpenChange: (now) => !now && onClose?.() })}>
      {trigger !== undefined && <AlertDialog.Trigger asChild>{trigger}</AlertDialog.Trigger>}
      <AlertDialog.Portal>
        {/* As high as a dialog that asks: that lies under it. */}
        <div aria-hidden className="fixed inset-0 z-50 bg-[rgb(0_0_0/0.5)]" />
        <AlertDialog.Content
          aria-modal
          className="fixed top-1/2 left-1/2 z-50 max-h-[calc(100dvh-2rem)] w-[min(28rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 overflow-auto rounded-xl border border-line bg-card p-5 wrap-anywhere shadow-2xl"
        >
          <AlertDialog.Title className="text-lg font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-1.5 text-quiet">{children}</AlertDialog.Description>
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>Cancel</Button>
            </AlertDialog.Cancel>
            <AlertDialog.Action asChild>
              <Button look={look} disabled={disabled} onClick={onConfirm}>
                {action}
              </Button>
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
