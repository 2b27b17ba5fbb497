import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { Tooltip } from "radix-ui";
import { type ReactNode, useEffect } from "react";
import { visibleText } from "../../../src/visible-parts.ts";
import { useWaitsFor } from "../data/operator-queries.ts";
import { statusQuery } from "../data/queries.ts";
import { howMany, howManyText, useWaitingThings, type WaitingThings } from "../data/waiting.ts";
import { Badge } from "../kit/badge.tsx";
import { Button } from "../kit/button.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Empty } from "../kit/states.tsx";
import { ConnectionState } from "./connection-state.tsx";
import { KillSwitch } from "./kill-switch.tsx";
import { LostBanner } from "./lost-banner.tsx";
import { pages } from "./navigation.ts";
import { SignOut } from "./sign-out.tsx";
import { StoppedBanner } from "./stopped-banner.tsx";
import { ThemeChoice } from "./theme-choice.tsx";

/** Around every page: where one is, whether the page is live, and whether this is a rehearsal. */
export function Shell() {
  const { data: status } = useQuery(statusQuery);
  const things = useWaitingThings();
  return (
    <Tooltip.Provider delayDuration={300}>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:bg-card focus:p-2"
      >
        Skip to the content
      </a>
      <div className="min-h-dvh md:grid md:grid-cols-[14.5rem_minmax(0,1fr)]">
        <aside className="sticky top-0 z-30 flex items-center gap-3 border-b border-line bg-page px-4 py-2.5 md:h-dvh md:flex-col md:items-stretch md:gap-0 md:border-r md:border-b-0 md:px-3 md:py-5">
          <div className="flex min-w-0 flex-1 items-center gap-2.5 md:flex-none md:px-2.5">
            <Mark />
            <span className="min-w-0 truncate font-semibold">{visibleText(status?.fleet ?? "AITO")}</span>
          </div>
          {status?.model === "REHEARSAL" && <Rehearsal />}
          <nav
            aria-label="Pages"
            className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-card pb-[env(safe-area-inset-bottom)] md:static md:mt-5 md:mb-2 md:min-h-0 md:flex-1 md:overflow-y-auto md:border-0 md:bg-transparent md:pb-3"
          >
            <ul className="flex overflow-x-auto md:grid md:grid-cols-1 md:gap-px md:overflow-visible">
              {pages.map(({ to, title, icon: Icon }) => (
                <li key={to} className="min-w-[4.4rem] flex-1 md:min-w-0">
                  <Link
                    to={to}
                    activeOptions={{ exact: to === "/" }}
                    className="flex flex-col items-center gap-0.5 px-1 py-2 text-[0.6875rem] whitespace-nowrap text-quiet hover:text-text data-[status=active]:font-semibold data-[status=active]:text-text md:flex-row md:gap-3 md:rounded-lg md:px-2.5 md:py-1.5 md:text-[0.9375rem] md:hover:bg-raised md:data-[status=active]:bg-raised"
                  >
                    <span className="relative">
                      <Icon aria-hidden className="size-5 md:size-[1.125rem]" />
                      {to === "/inbox" && howMany(things) > 0 && (
                        <span aria-hidden className="absolute -top-0.5 -right-1 size-2 rounded-full bg-bad md:hidden" />
                      )}
                    </span>
                    {title}
                    {to === "/inbox" && <WaitingBadge things={things} />}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
          <div className="flex items-center gap-2.5 md:flex-col md:items-stretch md:gap-3 md:px-2.5">
            <ConnectionState />
            <KillSwitch />
            <div className="flex items-center justify-between gap-1">
              <ThemeChoice />
              <SignOut />
            </div>
          </div>
        </aside>
        <main id="content" tabIndex={-1} className="min-w-0 px-4 pt-6 pb-28 outline-none md:px-10 md:py-9">
          <div className="mx-auto max-w-[66rem]">
            <LostBanner />
            <StoppedBanner />
            <Outlet />
          </div>
        </main>
      </div>
    </Tooltip.Provider>
  );
}

function WaitingBadge({ things }: { things: WaitingThings }) {
  const whom = useWaitsFor();
  if (howMany(things) === 0) return null;
  return (
    <Badge tone="bad" className="ml-auto hidden md:inline-flex" aria-label={`${howManyText(things)} waiting for ${whom}`}>
      {howManyText(things)}
    </Badge>
  );
}

function Rehearsal() {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>
        <button
          type="button"
          className="rounded-md bg-warn-soft px-2 py-1 text-[0.6875rem] font-bold tracking-wider text-warn md:mx-2.5 md:mt-3 md:self-start"
        >
          REHEARSAL
        </button>
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          sideOffset={6}
          className="z-50 max-w-64 rounded-lg border border-line bg-card px-3 py-2 text-sm shadow-lg"
        >
          A scripted model stands in for Claude; no money is spent. With ANTHROPIC_API_KEY set the same company runs on Claude.
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

const Mark = () => (
  <svg aria-hidden viewBox="0 0 32 32" className="size-7 shrink-0">
    <rect width="32" height="32" rx="8" className="fill-accent" />
    <path
      d="M8 24 16 8l8 16M11.5 18.5h9"
      fill="none"
      strokeWidth="3"
      strokeLinecap="round"
      strokeLinejoin="round"
      className="stroke-on-accent"
    />
  </svg>
);

/** A page's heading; also the document's title. `foreign`: an agent wrote it. */
export function PageTitle({
  title,
  children,
  aside,
  foreign = false,
}: {
  title: string;
  children?: ReactNode;
  aside?: ReactNode;
  foreign?: boolean;
}) {
  useEffect(() => {
    document.title = `${visibleText(title).slice(0, 100)} · AITO`;
  }, [title]);
  return (
    <header className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h1 tabIndex={-1} className="text-2xl leading-tight font-semibold tracking-tight">
          {foreign ? <Foreign text={title} /> : title}
        </h1>
        {children && <p className="mt-1 text-quiet">{children}</p>}
      </div>
      {aside}
    </header>
  );
}

export function Missing() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <>
      <PageTitle title="Not found" />
      <Empty title={`There is no page at ${visibleText(path.slice(0, 80))}`}>
        <Button asChild className="mt-3">
          <Link to="/">Go to the overview</Link>
        </Button>
      </Empty>
    </>
  );
}
