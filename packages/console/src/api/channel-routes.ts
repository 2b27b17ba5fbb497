import { AitoError } from "@aito/base";
import { ChannelName, ChannelsView, ChannelTested, NoticeEntry, operatorApi, pageOf } from "@aito/protocol";
import { z } from "zod";
import { principalOf } from "../auth/principal.ts";
import type { Api, ApiOptions } from "./app.ts";
import { PageQuery, readPage } from "./page-query.ts";

const testsPerMinute = 20;

/** The ways by which a human is told: which are set up, how each did last, a try of one, and what was told. */
export function channelRoutes(app: Api, { records }: ApiOptions): void {
  app.get(operatorApi.channels, { schema: { response: { 200: ChannelsView } } }, () => records.channels());

  app.post(
    `${operatorApi.channels}/:name/test`,
    {
      config: { rateLimit: { max: testsPerMinute, timeWindow: "1 minute" } },
      schema: { params: z.object({ name: ChannelName }), response: { 200: ChannelTested } },
    },
    (request) => {
      const { name } = request.params;
      if (name !== "browser") return records.testChannel(name, principalOf(request).operator);
      throw new AitoError("AITO_CHANNEL_BROWSER", "a browser's notice is shown by the browser itself", {
        hint: "try it in the console's settings, in that browser",
        status: 409,
      });
    },
  );

  app.get(
    operatorApi.notices,
    {
      schema: { querystring: PageQuery.extend({ channel: ChannelName.optional() }), response: { 200: pageOf(NoticeEntry) } },
    },
    (request) => readPage(request.query, (query) => records.notices(query)),
  );
}
