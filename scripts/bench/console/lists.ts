import { operatorApi } from "../../../packages/protocol/src/index.ts";
import { row, type Row, timed } from "../measure.ts";
import { makeAsker } from "./ask.ts";
import type { RunningProgram } from "./program.ts";

const reads = 60;
/** Not counted: the first reads make connections and plans. */
const leadIn = 5;
const deepPages = 20;

/** Beside each list as it is: the filters that the pages use. */
const filtered = [
  `${operatorApi.tasks}?status=pending`,
  `${operatorApi.tasks}?status=done&limit=50`,
  `${operatorApi.tasks}?agent=cmo`,
  `${operatorApi.events}?types=run.finished`,
  `${operatorApi.events}?types=operator.login,fleet.registered`,
  `${operatorApi.events}?by=cmo`,
  `${operatorApi.events}?since=2026-01-01T00:00:00.000Z&until=2100-01-01T00:00:00.000Z`,
  `${operatorApi.escalations}?status=waiting&limit=100`,
  `${operatorApi.approvals}?status=waiting&limit=100`,
  `${operatorApi.calls}?agent=cmo`,
];
/** Whole documents and checks of everything, not lists. */
const notLists: string[] = [operatorApi.openApi, operatorApi.stream, operatorApi.eventsExport, operatorApi.eventsVerify];
/** The gateway answers these, and here is none. */
const ofGateway: string[] = [operatorApi.tools, operatorApi.signers];

interface Described {
  paths: Record<string, Record<string, { parameters?: { name: string; in: string; required?: boolean }[] }>>;
}

/** Every GET of the API's own document that needs no id: so that no list is forgotten. `floor`: `/healthz`, one question to Postgres. */
export async function benchLists({ url, key }: RunningProgram): Promise<Row[]> {
  const asker = makeAsker(url, { authorization: `Bearer ${key}` });
  try {
    const { paths } = JSON.parse(await asker.get(operatorApi.openApi)) as Described;
    const gets = Object.entries(paths).filter(([path, { get }]) => get && !path.includes("{"));
    const lists = gets
      .map(([path]) => path)
      .filter((path) => ![...notLists, ...ofGateway].includes(path) && !path.endsWith("/verify"));
    const rows: Row[] = [];
    for (const path of [...lists, ...filtered]) rows.push(await one(path));
    for (const path of lists) {
      const deep = await deepPage(path);
      if (deep) rows.push({ ...(await one(deep)), name: `GET ${path}, page ${deepPages + 1}` });
    }
    return rows;
  } finally {
    asker.close();
  }

  async function one(path: string): Promise<Row> {
    const [ours, floors]: [number[], number[]] = [[], []];
    for (let read = -leadIn; read < reads; read += 1) {
      const floor = await timed(() => asker.get("/healthz"));
      const took = await timed(() => asker.get(path));
      if (read < 0) continue;
      floors.push(floor);
      ours.push(took);
    }
    return row(`GET ${path}`, "ms", ours, floors);
  }

  async function deepPage(path: string): Promise<string | null> {
    let address = `${path}?limit=50`;
    for (let page = 0; page < deepPages; page += 1) {
      const answer = JSON.parse(await asker.get(path.includes("?") ? path : address).catch(() => "{}")) as {
        next?: string | null;
      };
      if (!answer.next) return null;
      address = `${path}?limit=50&before=${answer.next}`;
    }
    return address;
  }
}
