import { connect, type Socket } from "node:net";
import { expect } from "vitest";
import type { RedisServer } from "../src/index.ts";

export interface Client {
  socket: Socket;
  ended: Promise<void>;
  /** The reply's text up to its first line's end, as Redis wrote it. */
  ask(...words: string[]): Promise<string>;
}

/** RESP by hand over the unix socket: what an agent could write there with no client library in between. */
export async function connected(redis: RedisServer, user: string, password: string): Promise<Client> {
  const socket = connect(redis.socketPath);
  const waiting: ((line: string) => void)[] = [];
  let ended = false;
  const end = new Promise<void>((resolve) => socket.once("close", () => ((ended = true), resolve())));
  socket.on("error", () => undefined);
  socket.on("data", (data: Buffer) => waiting.shift()?.(data.toString().split("\r\n")[0]!));
  const ask: Client["ask"] = async (...words) => {
    if (ended) return "(closed)";
    const answer = new Promise<string>((resolve) => waiting.push(resolve));
    socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`);
    return await Promise.race([answer, end.then(() => "(closed)")]);
  };
  expect(await ask("AUTH", user, password)).toBe("+OK");
  return { socket, ended: end, ask };
}
