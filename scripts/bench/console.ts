import { Lifecycle, silentLogger } from "../../packages/base/src/index.ts";
import { buildAll } from "../build/build-all.ts";
import { openFilledCompany } from "./console/company.ts";
import { benchCreates } from "./console/creates.ts";
import { benchDashboards } from "./console/dashboards.ts";
import { benchLists } from "./console/lists.ts";
import { benchPages } from "./console/pages.ts";
import { startProgram } from "./console/program.ts";
import { signIn } from "./console/sign-in.ts";
import { row, type Row } from "./measure.ts";

export interface ConsoleLoad {
  agents: number;
  tasks: number;
  events: number;
  dashboards: number;
  seconds: number;
}

const createSecondsMax = 10;

/**
 * The console as its image runs it, bundled and as a process of its own, over a real Redis and a Postgres that writes durably and holds
 * `agents`, `tasks`, `events` and what else such a company leaves: every list over HTTP (floor: `/healthz`, which asks Postgres once), tasks
 * made one by one and 32 at once (floor: durable commits), `dashboards` that follow a hundred changes a second and ask anew as pages do, its
 * memory, and every page in Chromium.
 */
export async function benchConsole(load: ConsoleLoad): Promise<Row[]> {
  await buildAll(["console"]);
  const life = new Lifecycle(silentLogger);
  try {
    const company = await openFilledCompany(life, load);
    const program = await startProgram(life, { ...company, slug: "bench" });
    const atStart = row("console memory at start", "MB", [program.memoryMb()], null);
    const lists = await benchLists(program);
    const creates = await benchCreates(company.deps, program, Math.min(createSecondsMax, load.seconds));
    await company.sealAll();
    const cookie = await signIn(program);
    return [
      ...lists,
      ...creates,
      ...(await benchPages(program)),
      atStart,
      ...(await benchDashboards(company, program, { ...load, cookie })),
    ];
  } finally {
    await life.close();
  }
}
