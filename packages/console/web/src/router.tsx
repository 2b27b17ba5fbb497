import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { callSearch } from "../../src/call-search.ts";
import { historySearch } from "../../src/history-cut.ts";
import { budgetsQuery, forecastQuery, savingsQuery } from "./data/queries.ts";
import { AskPage } from "./pages/ask-page.tsx";
import { DecisionPage } from "./pages/decision-page.tsx";
import { DecisionsPage } from "./pages/decisions-page.tsx";
import { FleetPage } from "./pages/fleet-page.tsx";
import { IdeasPage } from "./pages/ideas-page.tsx";
import { FiguresPage } from "./pages/figures-page.tsx";
import { ReceiptPage } from "./pages/receipt-page.tsx";
import { HistoryPage } from "./pages/history-page.tsx";
import { MemoryPage } from "./pages/memory-page.tsx";
import { MessagesPage, talkSearch } from "./pages/messages-page.tsx";
import { OverviewPage } from "./pages/overview-page.tsx";
import { WorkPage } from "./pages/work-page.tsx";
import { Missing, Shell } from "./shell/shell.tsx";

const root = createRootRouteWithContext<{ client: QueryClient }>()({ component: Shell, notFoundComponent: Missing });
const overview = createRoute({ getParentRoute: () => root, path: "/", component: OverviewPage });
const fleet = createRoute({ getParentRoute: () => root, path: "/fleet", component: FleetPage });
const role = createRoute({
  getParentRoute: () => root,
  path: "/fleet/$name",
  component: lazyRouteComponent(() => import("./pages/role-page.tsx"), "RolePage"),
});
const decisions = createRoute({ getParentRoute: () => root, path: "/decisions", component: DecisionsPage });
const decision = createRoute({ getParentRoute: () => root, path: "/decisions/$id", component: DecisionPage });
const operations = createRoute({
  getParentRoute: () => root,
  path: "/operations",
  component: lazyRouteComponent(() => import("./pages/operations-page.tsx"), "OperationsPage"),
});
const work = createRoute({ getParentRoute: () => root, path: "/work", component: WorkPage });
// Apart, because it brings the Markdown reader with it.
const task = createRoute({
  getParentRoute: () => root,
  path: "/work/$id",
  component: lazyRouteComponent(() => import("./pages/task-page.tsx"), "TaskPage"),
});
const newTask = createRoute({
  getParentRoute: () => root,
  path: "/new-task",
  component: lazyRouteComponent(() => import("./pages/new-task-page.tsx"), "NewTaskPage"),
});
const changes = createRoute({
  getParentRoute: () => root,
  path: "/changes",
  component: lazyRouteComponent(() => import("./pages/changes-page.tsx"), "ChangesPage"),
});
const change = createRoute({
  getParentRoute: () => root,
  path: "/changes/$id",
  component: lazyRouteComponent(() => import("./pages/change-page.tsx"), "ChangePage"),
});
const messages = createRoute({
  getParentRoute: () => root,
  path: "/messages",
  component: MessagesPage,
  validateSearch: talkSearch,
});
const ideas = createRoute({ getParentRoute: () => root, path: "/ideas", component: IdeasPage });
const published = createRoute({
  getParentRoute: () => root,
  path: "/published",
  component: lazyRouteComponent(() => import("./pages/published-page.tsx"), "PublishedPage"),
});
const memory = createRoute({ getParentRoute: () => root, path: "/memory", component: MemoryPage });
const ask = createRoute({ getParentRoute: () => root, path: "/ask", component: AskPage });
const figures = createRoute({ getParentRoute: () => root, path: "/figures", component: FiguresPage });
const receipt = createRoute({ getParentRoute: () => root, path: "/receipts/$id", component: ReceiptPage });
const inbox = createRoute({
  getParentRoute: () => root,
  path: "/inbox",
  component: lazyRouteComponent(() => import("./pages/inbox-page.tsx"), "InboxPage"),
});
const approval = createRoute({
  getParentRoute: () => root,
  path: "/approvals/$id",
  component: lazyRouteComponent(() => import("./pages/approval-page.tsx"), "ApprovalPage"),
});
const tools = createRoute({
  getParentRoute: () => root,
  path: "/tools",
  component: lazyRouteComponent(() => import("./pages/tools-page.tsx"), "ToolsPage"),
});
const permissions = createRoute({
  getParentRoute: () => root,
  path: "/permissions",
  component: lazyRouteComponent(() => import("./pages/permissions-page.tsx"), "PermissionsPage"),
  validateSearch: (search: Record<string, unknown>): { like?: string } =>
    typeof search["like"] === "string" ? { like: search["like"] } : {},
});
const costs = createRoute({
  getParentRoute: () => root,
  path: "/costs",
  // Asked for while the page's code comes.
  loader: ({ context: { client } }) => {
    void client.prefetchQuery(forecastQuery);
    void client.prefetchQuery(savingsQuery);
    void client.prefetchQuery(budgetsQuery);
  },
  component: lazyRouteComponent(() => import("./pages/costs-page.tsx"), "CostsPage"),
});
const money = createRoute({
  getParentRoute: () => root,
  path: "/money",
  component: lazyRouteComponent(() => import("./pages/money-page.tsx"), "MoneyPage"),
  validateSearch: callSearch,
});
const briefing = createRoute({
  getParentRoute: () => root,
  path: "/briefing",
  component: lazyRouteComponent(() => import("./pages/briefing-page.tsx"), "BriefingPage"),
});
const history = createRoute({
  getParentRoute: () => root,
  path: "/history",
  component: HistoryPage,
  validateSearch: historySearch,
});

// Apart, because few open it.
const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyRouteComponent(() => import("./pages/settings-page.tsx"), "SettingsPage"),
});

export const makeRouter = (client: QueryClient) =>
  createRouter({
    routeTree: root.addChildren([
      overview,
      fleet,
      role,
      decisions,
      decision,
      ideas,
      operations,
      work,
      task,
      newTask,
      changes,
      change,
      published,
      inbox,
      approval,
      tools,
      permissions,
      costs,
      figures,
      receipt,
      money,
      briefing,
      messages,
      memory,
      ask,
      history,
      settings,
    ]),
    context: { client },
    defaultPreload: "intent",
    scrollRestoration: true,
  });

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
