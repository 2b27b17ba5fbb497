import "./styles.css";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiFailure, gatewayAway } from "./data/api.ts";
import { NowProvider } from "./data/now.tsx";
import { sessionQuery } from "./data/operator-queries.ts";
import { approvalsQuery, escalationsQuery, statusQuery } from "./data/queries.ts";
import { LiveProvider } from "./data/live.tsx";
import { NoticeProvider } from "./kit/notices.tsx";
import { makeRouter } from "./router.tsx";

const attemptsMax = 3;

/** What the console itself failed at is asked again at once. That the gateway does not answer is an answer: the page says so, and goes on. */
function askAgain(failures: number, error: unknown): boolean {
  if (failures >= attemptsMax - 1) return false;
  if (!(error instanceof ApiFailure)) return true;
  return error.code !== gatewayAway && (error.status === 0 || error.status >= 500);
}

/** An ended session cannot be mended in the page: the server's own page says how to get a new link. */
const onError = (error: unknown): void => {
  if (error instanceof ApiFailure && error.status === 401) location.reload();
};

const client = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      // The stream tells what changed; this only mends what it may have missed.
      staleTime: 30_000,
      retry: askAgain,
    },
  },
});

// Every page asks for these: they come while its code does.
void client.prefetchQuery(sessionQuery);
void client.prefetchQuery(statusQuery);
void client.prefetchInfiniteQuery(escalationsQuery);
void client.prefetchInfiniteQuery(approvalsQuery);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <NowProvider>
        <LiveProvider>
          <NoticeProvider>
            <RouterProvider router={makeRouter(client)} />
          </NoticeProvider>
        </LiveProvider>
      </NowProvider>
    </QueryClientProvider>
  </StrictMode>,
);
