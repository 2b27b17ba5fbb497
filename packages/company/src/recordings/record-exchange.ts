import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { AitoError, redactText, sha256 } from "@aito/base";
import type { RecordedCall, RecordingView } from "@aito/protocol";
import type { CompanyDeps } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { redactAnswer } from "./redact-stream.ts";
import {
  deleteLooseTexts,
  deleteRecordingsBefore,
  deleteRecordingsOver,
  insertRecording,
  insertTexts,
  type RecordingRow,
  selectRecording,
  selectRecordings,
} from "./queries.ts";

const [zip, unzip] = [promisify(gzip), promisify(gunzip)];
const dayMs = 86_400_000;

/** Keeps what one call asked and was answered, without what looks like a secret; equal texts are kept once. */
export async function recordExchange(
  deps: CompanyDeps,
  exchange: { id: string; request: string; response: string; whole: boolean },
): Promise<void> {
  const [request, response] = [redactText(exchange.request), redactAnswer(exchange.response)];
  const texts = await Promise.all(
    [request, response].map(async (text) => ({ sha256: sha256(text), gzip: await zip(Buffer.from(text)) })),
  );
  await deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    await insertTexts(tx, texts);
    const [asked, answered] = texts.map((text) => text.sha256) as [string, string];
    await insertRecording(tx, { id: exchange.id, request: asked, response: answered, whole: exchange.whole });
  });
}

/** Newest first, without their texts; of one run if it is named. */
export async function listRecordings(
  deps: CompanyDeps,
  page: { limit: number; before?: string | undefined; run?: string | undefined },
): Promise<RecordingView[]> {
  const { limit, before = null, run = null } = page;
  const rows = await deps.db.transaction({ companyId: deps.companyId }, (tx) => selectRecordings(tx, { limit, before, run }));
  return rows.map(toView);
}

/** One call's recording by the id of its usage row. Error: AITO_RECORDING_UNKNOWN (404) when there is none (any more). */
export async function readRecording(deps: CompanyDeps, id: string): Promise<RecordedCall> {
  const found = await deps.db.transaction({ companyId: deps.companyId }, (tx) => selectRecording(tx, id));
  if (!found) {
    throw new AitoError("AITO_RECORDING_UNKNOWN", `there is no recording of call ${id}`, {
      hint: "they end by age and size; see what is kept with: aito recordings",
      status: 404,
    });
  }
  const [request, response] = await Promise.all([found.request, found.response].map(async (bytes) => String(await unzip(bytes))));
  return { ...toView(found), request: request!, response: response! };
}

const toView = (row: RecordingRow): RecordingView => ({
  id: row.id,
  createdAt: row.created_at.toISOString(),
  agent: row.agent,
  run: row.run_id,
  model: row.model,
  status: row.status,
  whole: row.whole,
  requestSha256: row.request_sha256,
  responseSha256: row.response_sha256,
});

/** The tick: what is older than the fleet file keeps, or more, goes; without the setting everything does. */
export async function pruneRecordings(deps: CompanyDeps): Promise<void> {
  await deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    const { recording } = (await currentFleet(tx)).file;
    await deleteRecordingsBefore(tx, new Date(tx.now.getTime() - (recording?.days ?? 0) * dayMs));
    await deleteRecordingsOver(tx, (recording?.megabytes ?? 0) * 1_048_576);
    await deleteLooseTexts(tx);
  });
}
