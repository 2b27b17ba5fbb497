import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Instance } from "../instance.ts";
import { keeperOf, refuseByHand } from "./unit.ts";

let installed: string;
beforeAll(() => {
  installed = mkdtempSync(join(tmpdir(), "aito-units-"));
  writeFileSync(join(installed, "aito.service"), "[Unit]\n");
});
afterAll(() => rmSync(installed, { recursive: true, force: true }));

const company = (unit?: string | null): Instance => ({
  engine: "docker",
  company: "aito",
  console: null,
  model: null,
  pid: null,
  operatorKeyFile: "/srv/aito/.aito/operator-key",
  startedAt: "2026-11-22T12:00:00.000Z",
  ...(unit === undefined ? {} : { unit }),
});

test("O23 a company that a unit keeps is not started by hand, without the unit's settings and secrets", () => {
  expect(() => refuseByHand(company("aito.service"), {}, installed)).toThrow(
    expect.objectContaining({
      code: "AITO_CLI_UNIT",
      fate: "human",
      message: expect.stringContaining("aito.service keeps this company"),
      hint: expect.stringMatching(/sudo systemctl restart aito\.service .*remove \/.*\/aito\.service$/),
    }),
  );
});

test.each([
  ["the unit itself", company("aito.service"), { AITO_UNIT: "aito.service" }],
  ["another unit, printed anew", company("aito.service"), { AITO_UNIT: "company.service" }],
  ["a unit that was removed", company("gone.service"), {}],
  ["a company started by hand", company(null), {}],
  ["a folder of before", company(), {}],
  ["a folder without a company", null, {}],
])("O23 whom nothing stops: %s", (_who, instance, env) => {
  expect(keeperOf(instance, env, installed)).toBeNull();
  expect(() => refuseByHand(instance, env, installed)).not.toThrow();
});
