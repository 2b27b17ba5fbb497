import { AitoError } from "@aito/base";
import type { Tx } from "@aito/db";
import { type ClientRow, selectClient } from "./queries.ts";

/** The client of that slug. Throws AITO_CLIENT_UNKNOWN. */
export async function clientRow(tx: Tx, slug: string): Promise<ClientRow> {
  const found = await selectClient(tx, slug);
  if (found) return found;
  throw unknownClient(slug);
}

export const unknownClient = (slug: string): AitoError =>
  new AitoError("AITO_CLIENT_UNKNOWN", `there is no client "${slug}"`, {
    hint: "the fleet file lists them under clients",
    status: 404,
  });
