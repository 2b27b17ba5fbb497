import { request } from "node:http";

export interface Watched {
  /** When each frame that tells of a change came, in order. */
  frames: number[];
  close(): void;
}

/** Follows the console's stream as a page does; resolves when it has begun. */
export function watchStream(url: string, key: string): Promise<Watched> {
  return new Promise((resolve, reject) => {
    const frames: number[] = [];
    const asked = request(`${url}/api/v1/stream`, { headers: { authorization: `Bearer ${key}` }, agent: false }, (answer) => {
      if (answer.statusCode !== 200) return reject(new Error(`the stream answers ${answer.statusCode}`));
      answer.setEncoding("utf8");
      answer.on("error", () => undefined);
      answer.on("data", (text: string) => {
        if (/^event: (bell|audit)/m.test(text)) frames.push(performance.now());
      });
      resolve({ frames, close: () => asked.destroy() });
    });
    asked.on("error", reject);
    asked.end();
  });
}
