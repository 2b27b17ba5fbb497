import { operatorApi, SignersView } from "@aito/protocol";
import type { Command } from "commander";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand } from "./command-kit.ts";

const detail = `Text: a file of allowed signers, for \`git verify-commit\`:
  aito signers > allowed-signers && git -c gpg.ssh.allowedSignersFile=allowed-signers verify-commit HEAD
JSON: {"items":[{"role","email","publicKey","allowedSigner"}]}`;

/** `aito signers`: the keys with which the roles sign their commits. */
export function addSigners(program: Command, terminal: Terminal): void {
  const summary = "the public keys with which the roles sign their commits, as git takes them";
  addCommand(program, { usage: "signers", summary, json: true, detail }, terminal, async (run) => {
    const view = await run.console().get(operatorApi.signers, SignersView);
    if (run.json) return jsonLine(terminal, view);
    for (const { allowedSigner } of view.items) line(terminal, allowedSigner);
  });
}
