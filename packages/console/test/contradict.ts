import { newToken, sha256 } from "@aito/base";
import { beginIncarnation, type CompanyDeps, hello, recordReceipt, submitReport } from "@aito/company";

/** Two agents measure the visits of the shop, each with a system of its own, and report what they found. */
export async function contradict(deps: CompanyDeps, values: { cmo: string; cto: string }): Promise<void> {
  for (const [agent, value] of Object.entries(values)) {
    const tokenHash = sha256(newToken("run"));
    const { epoch } = await beginIncarnation(deps, { agent, tokenHash });
    const session = await hello(deps, {
      tokenHash,
      epoch,
      sessionHash: sha256(newToken("ses")),
      redisPasswordHash: sha256("unused"),
    });
    const period = { from: "2026-02-01T00:00:00.000Z", to: "2026-03-01T00:00:00.000Z" };
    const said = { metric: "visits", value, unit: "count", period, entity: "shop" };
    const facts = [{ ...said, observedAt: deps.clock.now().toISOString() }];
    const call = {
      tool: "read_visits",
      argumentsDigest: "d",
      ok: true,
      result: {},
      durationMs: 1,
      run: null,
      facts,
      source: agent,
    };
    const { id } = await recordReceipt(deps, session, call, "k".repeat(32));
    const claims = [{ ...said, receipts: [id] }];
    await submitReport(deps, session, { task: null, text: "Visits.", run: null, receiptId: null, claims });
  }
}
