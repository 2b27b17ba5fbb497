import type { NumbersView, StatedNumber } from "@aito/protocol";
import { queryOptions } from "@tanstack/react-query";
import { post } from "./api.ts";

/** A text whose numbers are to be followed. */
export interface TextToFollow {
  text: string;
  task?: string | undefined;
  amountMicroUsd?: string | undefined;
}

/** Within what one request may carry. */
const perRequest = { texts: 100, characters: 60_000 };

interface Asked {
  of: TextToFollow;
  answer: (numbers: StatedNumber[]) => void;
  fail: (error: unknown) => void;
}
let waiting: Asked[] = [];

/** Texts of one page are asked for together. */
function ask(of: TextToFollow): Promise<StatedNumber[]> {
  return new Promise((answer, fail) => {
    if (waiting.length === 0) queueMicrotask(() => void sendAll());
    waiting.push({ of, answer, fail });
  });
}

async function sendAll(): Promise<void> {
  const all = waiting;
  waiting = [];
  let batch: Asked[] = [];
  let characters = 0;
  const batches: Asked[][] = [];
  for (const each of all) {
    if (batch.length > 0 && (batch.length >= perRequest.texts || characters + each.of.text.length > perRequest.characters)) {
      batches.push(batch);
      [batch, characters] = [[], 0];
    }
    batch.push(each);
    characters += each.of.text.length;
  }
  for (const one of [...batches, batch]) await send(one);
}

async function send(batch: Asked[]): Promise<void> {
  try {
    const { items } = await post<NumbersView>("/api/v1/numbers", { texts: batch.map(({ of }) => of) });
    for (const [at, { answer }] of batch.entries()) answer(items[at] ?? []);
  } catch (error) {
    for (const { fail } of batch) fail(error);
  }
}

export const numbersQuery = (of: TextToFollow) =>
  queryOptions({
    queryKey: ["figures", "numbers", of.text, of.task ?? "", of.amountMicroUsd ?? ""],
    queryFn: () => ask(of),
    enabled: /\d/.test(of.text),
  });
