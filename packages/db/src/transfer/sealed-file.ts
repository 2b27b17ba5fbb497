import { createHmac, timingSafeEqual } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { AitoError, errorText } from "@aito/base";
import { type BackupHeader, readHeader } from "./backup-header.ts";

const headerBytesMax = 64 * 1024;
const tailBytes = 256;
const purpose = "aito backup 1\n";

/** Adds a last line with a code over all before it, so that a file that was cut or changed shows without its rows being believed. */
export async function* sealed(lines: AsyncIterable<string>, key: string): AsyncGenerator<string> {
  const mac = createHmac("sha256", key).update(purpose);
  for await (const line of lines) {
    mac.update(line);
    yield line;
  }
  yield `${JSON.stringify({ mac: mac.digest("hex") })}\n`;
}

/** The header of a file whose seal holds. Errors: AITO_BACKUP_INVALID, AITO_BACKUP_CUT, AITO_BACKUP_CHANGED; nothing else was read. */
export async function checkSealed(path: string, key: string): Promise<BackupHeader> {
  const { size } = await stat(path).catch((error: unknown) => {
    throw new AitoError("AITO_BACKUP_INVALID", `the backup cannot be read: ${errorText(error)}`, { fate: "human" });
  });
  const header = readHeader(await firstLine(path));
  const tail = await bytes(path, Math.max(0, size - tailBytes), tailBytes);
  const end = /\n(\{"mac":"([0-9a-f]{64})"\}\n)$/.exec(tail);
  if (!end) {
    throw new AitoError("AITO_BACKUP_CUT", "the backup is cut off: its last line is missing", {
      hint: "take another copy of it",
      fate: "human",
    });
  }
  const mac = createHmac("sha256", key).update(purpose);
  for await (const part of createReadStream(path, { end: size - end[1]!.length - 1 })) mac.update(part as Buffer);
  if (timingSafeEqual(mac.digest(), Buffer.from(end[2]!, "hex"))) return header;
  throw new AitoError("AITO_BACKUP_CHANGED", "the backup was changed since it was made, or its keys are another backup's", {
    hint: "take another copy of it, and the .keys file that was made with it",
    fate: "human",
  });
}

/** The lines between, for the loader. */
export async function* sealedLines(path: string): AsyncGenerator<string> {
  for await (const line of createInterface({ input: createReadStream(path) })) if (!line.startsWith('{"mac":')) yield line;
}

async function firstLine(path: string): Promise<string> {
  const start = await bytes(path, 0, headerBytesMax);
  return start.slice(0, Math.max(0, start.indexOf("\n")));
}

async function bytes(path: string, from: number, length: number): Promise<string> {
  const file = await open(path, "r");
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, from);
    return buffer.subarray(0, bytesRead).toString("utf8");
  } finally {
    await file.close();
  }
}
