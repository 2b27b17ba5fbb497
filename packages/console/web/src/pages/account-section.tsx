import type { AccountDraft, OperatorSession, SavedAccount } from "@aito/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { post } from "../data/api.ts";
import { Button } from "../kit/button.tsx";
import { Card, Section } from "../kit/card.tsx";
import { Field, Problem } from "../kit/field.tsx";

const states = {
  none: "You came in by the machine's one-time link. With an account of your own you can sign in from anywhere, and the history names you.",
  invited: "You came in by a one-time link. Set a password and a code app to sign in without one.",
  active: "You have a password and a code app. Setting them up again ends your other sessions and your old recovery codes.",
} as const;

/** One's own name, password and codes. */
export function AccountSection({ me }: { me: OperatorSession }) {
  const draft = useMutation({ mutationFn: () => post<AccountDraft>("/api/v1/account/draft") });
  const [saved, setSaved] = useState<SavedAccount | null>(null);
  return (
    <Section title="Your account" aside={`${me.operator} · ${me.role}`}>
      <Card className="space-y-4 p-5">
        {saved ? (
          <RecoveryCodes saved={saved} />
        ) : draft.data ? (
          <SetUp me={me} draft={draft.data} onSaved={setSaved} />
        ) : (
          <>
            <p className="text-quiet">{states[me.account]}</p>
            <Problem error={draft.error} />
            <Button
              look={me.account === "active" ? "plain" : "primary"}
              disabled={draft.isPending}
              onClick={() => draft.mutate()}
            >
              {me.account === "active" ? "Set up password and codes again" : "Set up a password and codes"}
            </Button>
          </>
        )}
      </Card>
    </Section>
  );
}

function SetUp({ me, draft, onSaved }: { me: OperatorSession; draft: AccountDraft; onSaved: (saved: SavedAccount) => void }) {
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (fields: Record<string, string>) => post<SavedAccount>("/api/v1/account", { draft: draft.draft, ...fields }),
    onSuccess: (saved) => {
      onSaved(saved);
      void client.invalidateQueries();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = [...new FormData(event.currentTarget)].filter(([, value]) => value !== "");
    save.mutate(Object.fromEntries(fields) as Record<string, string>);
  };
  return (
    <form onSubmit={submit} className="grid gap-6 md:grid-cols-[auto_minmax(0,1fr)]">
      <div className="md:w-56">
        <QrCode qr={draft.qr} />
        <p className="mt-2 text-sm text-quiet">Scan it with a code app, or type this into it:</p>
        <p className="mt-1 font-mono text-sm break-all select-all">{draft.secret.replaceAll(/(.{4})(?=.)/g, "$1 ")}</p>
      </div>
      <div className="max-w-md space-y-4">
        {me.account === "none" && (
          <Field
            name="name"
            label="Name to sign in with"
            hint="Lower case letters and digits, for example ada."
            autoComplete="username"
            required
            maxLength={40}
          />
        )}
        {me.account === "active" && me.how === "password" && (
          <Field
            name="currentPassword"
            label="Current password"
            type="password"
            autoComplete="current-password"
            required
            maxLength={200}
          />
        )}
        <Field
          name="password"
          label="New password"
          hint="At least 12 characters; a sentence is good."
          type="password"
          autoComplete="new-password"
          required
          minLength={12}
          maxLength={200}
        />
        <Field
          name="code"
          label="The app's current code"
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          maxLength={10}
        />
        <Problem error={save.error} />
        <Button type="submit" look="primary" disabled={save.isPending}>
          {save.isPending ? "Setting up…" : "Set up"}
        </Button>
      </div>
    </form>
  );
}

/** Dark on white in both themes: that is what cameras read. */
function QrCode({ qr }: { qr: AccountDraft["qr"] }) {
  return (
    <svg
      role="img"
      aria-label="The secret for your code app, as a picture to scan"
      viewBox={`0 0 ${qr.size} ${qr.size}`}
      shapeRendering="crispEdges"
      className="w-full max-w-56 rounded-lg"
    >
      <rect width={qr.size} height={qr.size} fill="#fff" />
      <path d={qr.path} fill="#000" />
    </svg>
  );
}

function RecoveryCodes({ saved }: { saved: SavedAccount }) {
  return (
    <div role="status" className="space-y-3">
      <p className="font-semibold text-good">You can sign in as {saved.operator.name} now.</p>
      <p>
        Keep these recovery codes where you keep other secrets. Each signs you in once in place of the app.{" "}
        <strong>They are not shown again.</strong>
      </p>
      <ul className="grid gap-x-6 gap-y-1 font-mono text-sm sm:grid-cols-2">
        {saved.recoveryCodes.map((code) => (
          <li key={code} className="select-all">
            {code}
          </li>
        ))}
      </ul>
    </div>
  );
}
