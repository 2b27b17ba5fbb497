import { AitoError } from "@aito/base";
import type { GatewayKeyView } from "@aito/protocol";
import type { Records } from "../src/records.ts";
import { found, type Note } from "./fixture-rows.ts";

/** No key of the gateway. */
export const fixtureKeys = (note: Note): Pick<Records, "keys" | "createKey" | "rotateKey" | "revokeKey"> => ({
  keys: async () => [],
  createKey: async (input) => {
    note("createKey", input);
    throw new AitoError("AITO_KEY_NAME_TAKEN", `there is a key "${input.name}" already`, { status: 409 });
  },
  rotateKey: async ({ name }) => {
    note("rotateKey", name);
    return { key: "aito_key_x", view: found<GatewayKeyView>(undefined, "KEY") };
  },
  revokeKey: async (name) => {
    note("revokeKey", name);
    return found<GatewayKeyView>(undefined, "KEY");
  },
});
