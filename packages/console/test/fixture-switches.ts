import { switchLabel, type SwitchPress, type SwitchView } from "@aito/protocol";
import type { Records } from "../src/records.ts";
import { start } from "./fixture-data.ts";
import type { Note } from "./fixture-rows.ts";

const switchView = (press: SwitchPress): SwitchView => ({
  ...press,
  id: "0190b0a0-0000-7000-8000-00000000beef",
  label: switchLabel(press),
  pressedBy: "operator",
  pressedFrom: "operator key, 127.0.0.1",
  pressedAt: new Date(start).toISOString(),
  resumedBy: null,
  resumedFrom: null,
  resumedAt: null,
  resumeReason: null,
  agents: [],
});

/** No kill switch is pressed. */
export const fixtureSwitches = (note: Note): Pick<Records, "switches" | "pressSwitch" | "resumeSwitch"> => ({
  switches: async () => [],
  pressSwitch: async (press, presser) => (note("pressSwitch", press, presser), switchView(press)),
  resumeSwitch: async (resume, presser) => (
    note("resumeSwitch", resume, presser),
    switchView({ ...resume, scope: "company", target: "" })
  ),
});
