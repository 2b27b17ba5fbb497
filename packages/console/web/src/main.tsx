import "./styles.css";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiFailure } from "./data/api.ts";
import { NowProvider } from "./data/now.tsx";
import { LiveProvider } from "./data/live.tsx";
import { NoticeProvider } from "./kit/notices.tsx";
import { makeRouter } from "./router.tsx";

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
      retry: (failures, error) => failures < 2 && (!(error instanceof ApiFailure) || error.status === 0 || error.status >= 500),
    },
  },
});

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <NowProvider>
        <LiveProvider>
          <NoticeProvider>
            <RouterProvider router={makeRouter()} />
          </NoticeProvider>
        </LiveProvider>
      </NowProvider>
    </QueryClientProvider>
  </StrictMode>,
);
