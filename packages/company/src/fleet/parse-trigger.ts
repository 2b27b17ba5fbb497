import type { Fleet, Trigger, TriggerKind } from "@aito/protocol";

/** What a rule's first half must say. */
const kinds: readonly { kind: TriggerKind; says: RegExp; thresholdNeeded: boolean }[] = [
  { kind: "sentiment_drop", says: /\bsentiment\b/i, thresholdNeeded: true },
  { kind: "pr_crisis", says: /\b(pr|public relations|press) crisis\b/i, thresholdNeeded: false },
  { kind: "budget_overrun", says: /\bbudget overrun\b|\bover budget\b/i, thresholdNeeded: false },
  { kind: "technical_issue", says: /\btechnical (issue|problem|failure)s?\b|\bincidents?\b/i, thresholdNeeded: false },
];
/** Written in capitals like a role, but none. */
const notRoles = ["pr", "usd", "api"];

/**
 * Pure: "Negative sentiment spike (> 20%) → Immediate CEO alert" as a typed trigger; undefined for a rule that the platform cannot
 * watch, which stays prose. Recipients are the roles that `then` names in capitals.
 */
export function parseTrigger(when: string, then: string): Trigger | undefined {
  const kind = kinds.find(({ says }) => says.test(when));
  const percent = /(\d{1,6}(?:\.\d{1,6})?)\s*%/.exec(when)?.[1];
  if (!kind || (kind.thresholdNeeded && percent === undefined)) return undefined;
  const named = [...then.matchAll(/\b[A-Z][A-Z0-9]{1,9}\b/g)].map((match) => match[0].toLowerCase());
  const notify = [...new Set(named)].filter((name) => !notRoles.includes(name));
  if (notify.length === 0) return undefined;
  return { kind: kind.kind, threshold: percent ?? "0", notify, emergency: /\bemergency session\b/i.test(then) };
}

/** Pure: escalation rules that nothing watches, one line each: they are read by their agent only, or tell nobody. */
export function packWarnings(fleet: Fleet): string[] {
  return Object.keys(fleet.file.roles).flatMap((role) =>
    (fleet.profiles[role]?.profile.escalationRules ?? []).flatMap(({ when, then, trigger }) => {
      const rule = `${fleet.profiles[role]!.path}: the rule "${when} → ${then}"`;
      if (!trigger) return [`${rule} is prose: ${role} reads it, nothing fires on it`];
      return trigger.notify
        .filter((name) => !(name in fleet.file.roles))
        .map((name) => `${rule} tells ${name}, a role that this fleet does not have`);
    }),
  );
}
