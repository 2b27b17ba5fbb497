import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * What the console shows the gateway on the socket that agents use too: made from the key that only the two programs have, so that no agent
 * can ask an operator's questions.
 */
export const gatewayPass = (linkKey: string): string =>
  `aito_ops_${createHmac("sha256", linkKey).update("operator questions to the gateway").digest("base64url")}`;

export function isGatewayPass(linkKey: string, shown: string | undefined): boolean {
  const [expected, given] = [Buffer.from(`Bearer ${gatewayPass(linkKey)}`), Buffer.from(shown ?? "")];
  return expected.length === given.length && timingSafeEqual(expected, given);
}
