import { silentLogger, sha256, systemClock } from "@aito/base";
import { memoryBus } from "@aito/bus";
import { buildServer, type Server } from "../src/server.ts";
import { fixtureRecords } from "./fixture-records.ts";

export const operatorKey = "aito_op_a-key-that-only-the-tests-know-0123456789";
export const origin = "http://127.0.0.1:7700";

/** The whole console server over fixed records, without listening; requests go in through `app.inject`. */
export async function openFixtureConsole(options: { publicUrl?: string } = {}) {
  const fixture = fixtureRecords({ publicUrl: () => options.publicUrl ?? origin });
  const bus = memoryBus({ clock: systemClock });
  let browsers = 0;
  const server: Server = await buildServer({
    records: fixture.records,
    bus,
    log: silentLogger,
    clock: systemClock,
    publicUrl: () => new URL(options.publicUrl ?? origin),
    operatorKeyHash: sha256(operatorKey),
    engine: "embedded",
    model: "REHEARSAL",
    gatewaySocket: "/nonexistent.sock",
    webRoot: "/nonexistent",
  });
  return {
    ...fixture,
    bus,
    app: server.app,
    makeLoginLink: server.makeLoginLink,
    routes: server.routes,
    /** Signs a browser in as an operator would: by the link and its button. */
    signIn: async () => {
      const link = new URL(await server.makeLoginLink("system"));
      browsers += 1;
      const remoteAddress = `127.0.1.${browsers}`;
      const answer = await server.app.inject({
        method: "POST",
        url: link.pathname,
        remoteAddress,
        headers: { host: "127.0.0.1:7700", origin },
      });
      const cookie = String(answer.headers["set-cookie"]).split(";")[0]!;
      const session = await server.app.inject({ url: "/api/v1/session", headers: { host: "127.0.0.1:7700", cookie } });
      return {
        setCookie: String(answer.headers["set-cookie"]),
        status: answer.statusCode,
        cookie,
        csrfToken: session.json<{ csrfToken: string }>().csrfToken,
      };
    },
    close: async () => {
      await server.app.close();
      await bus.close();
    },
  };
}
