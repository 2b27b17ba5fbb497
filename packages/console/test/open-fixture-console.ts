import { silentLogger, sha256, systemClock } from "@aito/base";
import { memoryBus } from "@aito/bus";
import { operatorApi, type OperatorRole } from "@aito/protocol";
import type { InjectOptions, LightMyRequestResponse } from "fastify";
import { documentedAnswers } from "./documented-answers.ts";
import { buildServer, type Server } from "../src/server.ts";
import { fixtureRecords } from "./fixture-records.ts";

export const operatorKey = "aito_op_a-key-that-only-the-tests-know-0123456789";
export const origin = "http://127.0.0.1:7700";

/** The whole console server over fixed records, without listening; requests go in through `app.inject`. */
export async function openFixtureConsole(
  options: {
    publicUrl?: string;
    people?: boolean;
    change?: (records: Fixture["records"]) => Fixture["records"];
  } = {},
) {
  const fixture = fixtureRecords({ people: options.people ?? false, publicUrl: () => options.publicUrl ?? origin });
  const bus = memoryBus({ clock: systemClock });
  let browsers = 0;
  const server: Server = await buildServer({
    records: options.change?.(fixture.records) ?? fixture.records,
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
  let documented: ReturnType<typeof documentedAnswers> | null = null;
  /** Every answer is held against the API's document. */
  const inject = async (requested: InjectOptions & { url: string }): Promise<LightMyRequestResponse> => {
    const answer = await server.app.inject(requested);
    const key = { host: new URL(options.publicUrl ?? origin).host, authorization: `Bearer ${operatorKey}` };
    documented ??= documentedAnswers((await server.app.inject({ url: operatorApi.openApi, headers: key })).json());
    documented.check({
      method: requested.method ?? "GET",
      url: requested.url,
      status: answer.statusCode,
      contentType: answer.headers["content-type"] ?? "",
      body: answer.body,
    });
    return answer;
  };
  return {
    ...fixture,
    bus,
    app: { inject },
    makeLoginLink: server.makeLoginLink,
    routes: server.routes,
    /** Signs a browser in as an operator would: by the link and its button. */
    signIn: async (role?: OperatorRole) => {
      const link = role ? new URL(`/login/${fixture.linkOf(role)}`, origin) : new URL(await server.makeLoginLink("system"));
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
type Fixture = ReturnType<typeof fixtureRecords>;
