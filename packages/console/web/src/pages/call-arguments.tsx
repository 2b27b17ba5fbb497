import type { ApprovalView } from "@aito/protocol";
import type { ReactNode } from "react";
import { goesOn, readArguments } from "../../../src/read-arguments.ts";
import { Foreign } from "../kit/foreign.tsx";

/**
 * What runs, to its last character: long texts as they read, and as the JSON that the digest is of. From left to right whatever it begins
 * with, so that no first letter turns the rest around.
 */
export function CallArguments({ approval: { arguments: given, files } }: { approval: ApprovalView }) {
  const all = { ...given, ...(files.length > 0 ? { files } : {}) };
  const json = JSON.stringify(all, null, 2);
  const read = readArguments(all);
  const long = goesOn(json, read);
  return (
    <>
      <Frame long={long} name="Arguments">
        {read === null ? (
          <Foreign block dir="ltr" text={json} className="font-mono" />
        ) : (
          <dl className="space-y-2">
            {read.map((each, at) => (
              <div key={at}>
                <dt className="font-mono text-quiet">
                  <Foreign dir="ltr" text={each.name} />
                </dt>
                <dd className="border-l-2 border-strong-line pl-3">
                  {"text" in each ? (
                    <Foreign block dir="ltr" text={each.text} />
                  ) : (
                    <Foreign block dir="ltr" text={each.json} className="font-mono" />
                  )}
                </dd>
              </div>
            ))}
          </dl>
        )}
      </Frame>
      {long && (
        <p className="mt-1 text-sm text-warn">
          {json.length.toLocaleString("en")} characters in all: read what you approve to the last of them; it may go on below.
        </p>
      )}
      {read !== null && (
        <details className="mt-1">
          <summary className="cursor-pointer text-sm text-quiet">The same as JSON, which the digest is of</summary>
          <Frame long={long} name="Arguments as JSON">
            <Foreign block dir="ltr" text={json} className="font-mono" />
          </Frame>
        </details>
      )}
    </>
  );
}

const Frame = ({ long, name, children }: { long: boolean; name: string; children: ReactNode }) => (
  <div
    {...(long ? { tabIndex: 0, role: "region", "aria-label": name } : {})}
    className="mt-2 max-h-80 overflow-auto rounded-lg border border-line bg-page px-3 py-2 text-sm"
  >
    {children}
  </div>
);
