import { request } from "node:http";

export interface Watched {
  close(): void;
}

/** Follows the console's stream as a page does; resolves when it has begun. `onChange`: a frame that tells of a change has come. */
export function watchStream(url: string, headers: Record<string, string>, onChange: () => void): Promise<Watched> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/api/v1/stream`, { headers, agent: false }, (answer) => {
      if (answer.statusCode !== 200) return reject(new Error(`the stream answers ${answer.statusCode}`));
      answer.setEncoding("utf8");
      answer.on("error", () => undefined);
      answer.on("data", (text: string) => {
        if (/^event: (bell|audit)/m.test(text)) onChange();
      });
      resolve({ close: () => asked.destroy() });
    });
    asked.on("error", reject);
    asked.end();
  });
}
