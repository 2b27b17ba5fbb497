import { expect, test } from "vitest";
import { gatewayFlags } from "./gateway-flags.ts";

test("the gateway is measured with the flags that compose starts it with", () => {
  expect(gatewayFlags()).toEqual(["--min-semi-space-size=16", "--max-semi-space-size=16"]);
  const compose =
    'services:\n  other:\n    command: ["--a", "/app/main.mjs"]\n  gateway:\n    image: x\n    command: ["--b=1", "/m"]\n';
  expect(gatewayFlags(compose)).toEqual(["--b=1"]);
  expect(() => gatewayFlags('services:\n  gateway:\n    image: x\n  other:\n    command: ["--a"]\n')).toThrow(
    "how the gateway is started",
  );
});
