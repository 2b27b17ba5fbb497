import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readInstance, writeInstance } from "./instance.ts";
import { aito, folderFor } from "./testing/fake-console.ts";

/** A company in containers; who gets as far as the engine is told that none answers there. */
const nowhere = { DOCKER_HOST: "unix:///nowhere/docker.sock" };
function inContainers(): string {
  const folder = folderFor(null);
  writeInstance(folder, { ...readInstance(folder)!, engine: "docker", company: "shiba" });
  return folder;
}
const reachedEngine = { code: 69, err: expect.stringContaining("no Docker engine answers") };

test("deleting a company's data where nobody can be asked needs --yes, and says what would go", async () => {
  const args = ["down", "--volumes", "--folder", inContainers()];
  expect(await aito(args, { env: nowhere })).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringMatching(/nothing was done: all data of the company "shiba".*\n.*aito backup.*--yes/),
  });
  expect(await aito([...args, "--yes"], { env: nowhere })).toMatchObject(reachedEngine);
});

test("at a terminal the company's name is to be typed, and nothing else will do", async () => {
  const folder = inContainers();
  const asked: string[] = [];
  const answering = (text: string) =>
    aito(["down", "--volumes", "--folder", folder], {
      env: nowhere,
      ask: (question) => {
        asked.push(question);
        return Promise.resolve(text);
      },
    });
  for (const wrong of ["", "y", "yes", "Shiba", "aito"]) {
    const refused = await answering(wrong);
    expect(refused, wrong).toMatchObject({
      code: 2,
      err: expect.stringMatching(/all data of .*[^]*nothing was done: the name is "shiba"/),
    });
  }
  expect(asked).toHaveLength(5);
  expect(await answering("shiba\n")).toMatchObject(reachedEngine);
});

test("who keeps the data is asked nothing", async () => {
  expect(await aito(["down", "--folder", inContainers()], { env: nowhere })).toMatchObject(reachedEngine);
});

test("an embedded company has no volumes: it is told where its data is, and goes on", async () => {
  const folder = folderFor("http://127.0.0.1:9");
  const before = readFileSync(join(folder, "instance.json"), "utf8");
  expect(await aito(["down", "--volumes", "--yes", "--folder", folder])).toMatchObject({
    code: 2,
    err: expect.stringMatching(new RegExp(`its data is ${folder}\n.*without --volumes`)),
  });
  expect(readFileSync(join(folder, "instance.json"), "utf8")).toBe(before);
});
