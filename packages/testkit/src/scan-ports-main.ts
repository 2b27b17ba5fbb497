import { connect } from "node:net";

/** Tries each TCP port of the addresses named and prints those that accept, `address port` a line. Run where the scan is to come from. */
const portMax = 65_535;
const inFlightMax = 8_000;
/** So many at once that some are lost on the way: the kernel sends each again after a second. */
const answerMsMax = 2_200;
/** Each of them is an answer, or what a dropped packet ends in. Anything else is a scan that did not take place. */
const closed = new Set(["ECONNREFUSED", "ECONNRESET", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT", "EACCES"]);

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const end = (open: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(open);
    };
    // On a busy machine the timer is late, and the answer that came meanwhile is read only after it.
    const timer = setTimeout(() => setImmediate(end, false), answerMsMax);
    socket.once("connect", () => end(true));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (closed.has(error.code ?? "")) end(false);
      else reject(error);
    });
  });
}

function* targets(): Generator<[string, number]> {
  for (const address of process.argv.slice(2)) for (let port = 1; port <= portMax; port++) yield [address, port];
}

const left = targets();
const workers = Array.from({ length: inFlightMax }, async () => {
  for (const [address, port] of left) if (await accepts(address, port)) process.stdout.write(`${address} ${port}\n`);
});
await Promise.all(workers);
