import { expect, test } from "vitest";
import { chooseEngine, type EngineFacts } from "./choose-engine.ts";

const facts = (change: Partial<EngineFacts>): EngineFacts => ({
  asked: "auto",
  known: null,
  folder: ".aito",
  dockerAway: null,
  importing: false,
  ...change,
});

test("O10 auto takes docker where an engine answers, else embedded, and says why", () => {
  expect(chooseEngine(facts({}))).toEqual({ engine: "docker", why: "a Docker engine answers" });
  const none = chooseEngine(facts({ dockerAway: "there is no socket at /var/run/docker.sock" }));
  expect(none).toEqual({ engine: "embedded", why: "no Docker engine answers: there is no socket at /var/run/docker.sock" });
});

test("auto stays with the engine on which the folder's company runs", () => {
  expect(chooseEngine(facts({ known: "embedded" })).engine).toBe("embedded");
  expect(chooseEngine(facts({ known: "docker", dockerAway: "nothing listens" })).engine).toBe("docker");
});

test("asking for the other engine is refused with both ways out, instead of starting a second, empty company", () => {
  const refused = (change: Partial<EngineFacts>) => {
    try {
      return chooseEngine(facts(change));
    } catch (error) {
      return error;
    }
  };
  expect(refused({ asked: "docker", known: "embedded" })).toMatchObject({
    code: "AITO_CLI_SECOND_COMPANY",
    fate: "human",
    hint: expect.stringMatching(/--import \.aito.*--engine embedded/),
  });
  expect(refused({ asked: "embedded", known: "docker" })).toMatchObject({
    code: "AITO_CLI_SECOND_COMPANY",
    hint: expect.stringMatching(/--folder DIR/),
  });
});

test("importing goes into containers only", () => {
  expect(chooseEngine(facts({ asked: "docker", known: "embedded", importing: true })).engine).toBe("docker");
  expect(() => chooseEngine(facts({ asked: "embedded", importing: true }))).toThrow(/--engine docker only/);
});
