import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { root } from "./places.ts";

test.each(["start.mjs", "test.mjs", "build.ts", "check.ts", "check-stack.ts", "engine.ts", "stack.ts"])(
  "%s says with --help what it is for, and does nothing",
  async (script) => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(root, "scripts", script), "--help"], {
      cwd: root,
    });
    expect(stdout.split("\n").length).toBeGreaterThan(2);
    expect(stderr).toBe("");
  },
);
