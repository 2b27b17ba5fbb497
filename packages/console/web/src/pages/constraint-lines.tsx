import { Plus, X } from "lucide-react";
import { useId } from "react";
import { type ConstraintLine, constraintWords } from "../../../src/call-constraints.ts";
import { visibleText } from "../../../src/visible-parts.ts";
import { Button } from "../kit/button.tsx";

type Row = ConstraintLine & { key: number };
const look = "min-h-10 w-full rounded-lg border border-strong-line bg-page px-3 py-1.5";

/** What must hold of the arguments, a condition a line. */
export function ConstraintLines({
  rows,
  onChange,
  schema,
}: {
  rows: readonly Row[];
  onChange: (rows: Row[]) => void;
  schema: Record<string, unknown> | null;
}) {
  const list = useId();
  const add = (): void =>
    onChange([...rows, { key: Math.max(0, ...rows.map(({ key }) => key)) + 1, path: "", is: "equal", value: "" }]);
  return (
    <fieldset>
      <legend className="text-sm font-medium">
        Conditions <span className="font-normal text-quiet">all must hold; what none names is free</span>
      </legend>
      <datalist id={list}>
        {Object.keys((schema?.["properties"] as object | undefined) ?? {}).map((name) => (
          <option key={name} value={visibleText(name)} />
        ))}
      </datalist>
      <ul className="mt-2 space-y-2">
        {rows.map((row, index) => (
          <Line
            key={row.key}
            row={row}
            index={index}
            list={list}
            onChange={(part) => onChange(rows.map((each) => (each.key === row.key ? { ...each, ...part } : each)))}
            onRemove={() => onChange(rows.filter(({ key }) => key !== row.key))}
          />
        ))}
      </ul>
      <Button size="small" onClick={add} className="mt-2">
        <Plus aria-hidden /> Add a condition
      </Button>
    </fieldset>
  );
}

function Line({
  row,
  index,
  list,
  onChange,
  onRemove,
}: {
  row: Row;
  index: number;
  list: string;
  onChange: (part: Partial<ConstraintLine>) => void;
  onRemove: () => void;
}) {
  return (
    <li className="grid gap-2 sm:grid-cols-[1fr_14rem_1.5fr_auto]">
      <input
        aria-label={`Argument of condition ${index + 1}`}
        placeholder="argument"
        list={list}
        className={look}
        value={row.path}
        spellCheck={false}
        autoCapitalize="none"
        onChange={(event) => onChange({ path: event.target.value })}
      />
      <select
        aria-label={`What condition ${index + 1} asks`}
        className={look}
        value={row.is}
        onChange={(event) => onChange({ is: event.target.value as Row["is"] })}
      >
        {Object.entries(constraintWords).map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
      <input
        aria-label={`Value of condition ${index + 1}`}
        placeholder={row.is === "absent" ? "" : "value"}
        disabled={row.is === "absent"}
        className={`${look} disabled:opacity-50`}
        value={row.is === "absent" ? "" : row.value}
        spellCheck={false}
        autoCapitalize="none"
        onChange={(event) => onChange({ value: event.target.value })}
      />
      <Button
        size="icon"
        look="ghost"
        aria-label={`Remove condition ${index + 1}`}
        onClick={onRemove}
        className="justify-self-end"
      >
        <X aria-hidden />
      </Button>
    </li>
  );
}
