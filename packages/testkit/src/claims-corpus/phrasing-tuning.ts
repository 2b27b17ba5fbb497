import { hex, metrics, type Phrasing, two } from "./phrasing.ts";

const months = "January February March April May June July August September October November December".split(" ");

/** The half that verifiers are written on. */
export const tuning: Phrasing = {
  settings: [
    {
      name: "Marketing",
      agents: ["cmo", "media-buyer", "seo-lead"],
      reads: ["query_analytics", "read_ad_account"],
      effects: ["publish_text", "update_campaign"],
      entities: ["spring-sale", "newsletter", "brand search", "retargeting EU"],
      metrics: metrics(`
        conversion_rate | conversion rate | ratio | 0.011 | 0.093 | 4
        ad_spend | ad spend | USD | 800 | 94000 | 2
        impressions | impressions | count | 20000 | 4800000 | 0
        clicks | clicks | count | 900 | 88000 | 0
        open_rate | open rate | percent | 11 | 58 | 2
        reach_change | change in reach | percent | -38 | 44 | 2`),
    },
    {
      name: "Support",
      agents: ["support-lead", "triage", "coo"],
      reads: ["search_tickets", "read_inbox_stats"],
      effects: ["send_message", "close_ticket"],
      entities: ["billing queue", "e-mail", "chat", "enterprise desk"],
      metrics: metrics(`
        tickets_open | open tickets | count | 0 | 940 | 0
        tickets_solved | solved tickets | count | 120 | 17000 | 0
        first_reply_time | time to first reply | min | 2 | 410 | 1
        resolution_time | time to resolution | h | 1 | 70 | 2
        csat | share of satisfied customers | percent | 52 | 99 | 1
        backlog_change | change of the backlog | count | -420 | 380 | 0`),
    },
    {
      name: "Finance",
      agents: ["cfo", "bookkeeper", "controller"],
      reads: ["read_ledger", "list_invoices"],
      effects: ["send_invoice", "record_metric"],
      entities: ["Acme GmbH", "subscriptions", "the EU entity", "marketplace"],
      metrics: metrics(`
        revenue | revenue | EUR | 12000 | 2900000 | 2
        refunds | refunds | EUR_minor | 20000 | 9400000 | 0
        operating_result | operating result | USD | -240000 | 310000 | 2
        gross_margin | gross margin | ratio | 0.12 | 0.81 | 4
        invoices_overdue | overdue invoices | count | 0 | 310 | 0
        days_outstanding | days sales outstanding | d | 11 | 84 | 1`),
    },
    {
      name: "Operations",
      agents: ["coo", "warehouse", "planner"],
      reads: ["read_inventory", "query_shipments"],
      effects: ["create_order", "update_schedule"],
      entities: ["Rotterdam", "north depot", "returns desk", "carrier Blue"],
      metrics: metrics(`
        parcels_sent | parcels sent | count | 300 | 61000 | 0
        late_share | share of late parcels | percent | 0.4 | 19 | 2
        pick_time | time to pick an order | s | 31 | 540 | 1
        freight_cost | cost of freight | GBP | 700 | 210000 | 2
        stock_difference | difference in stock | count | -900 | 700 | 0
        returns | returned parcels | count | 0 | 2100 | 0`),
    },
    {
      name: "Engineering",
      agents: ["cto", "backend-dev", "sre"],
      reads: ["query_metrics", "read_ci_runs"],
      effects: ["deploy_service", "merge_change"],
      entities: ["checkout api", "search", "worker pool", "eu-gateway"],
      metrics: metrics(`
        p99_latency | p99 latency | ms | 42 | 4800 | 1
        error_rate | error rate | percent | 0.11 | 8 | 3
        build_time | time of a build | s | 44 | 1700 | 1
        storage_used | storage in use | MB | 210 | 98000 | 1
        requests | requests | count | 11000 | 93000000 | 0
        cloud_cost | cloud cost | USD_minor | 40000 | 7300000 | 0`),
    },
  ],
  sentences: [
    "The {label} of {entity} came to {number} ({period}).",
    "For {entity}, {label} stood at {number} ({period}).",
    "{period}: {label} of {entity} was {number}.",
    "We saw {number} as the {label} of {entity} ({period}).",
    "In short, {entity} had {label} of {number}, {period}.",
  ],
  pairs: ["{a}; {b}.", "{a}, while {b}.", "{a}, and {b}."],
  openings: [
    "## {setting}: report",
    "# Status",
    "Here is what happened.",
    "Hello, the figures that you asked for:",
    "**Summary**",
  ],
  tableHead: ["What", "For", "When", "Value"],
  months,
  points: [
    (now) => `as of ${now.toISOString().slice(0, 16).replace("T", " ")} UTC`,
    (now) => `on ${now.getUTCDate()} ${months[now.getUTCMonth()]} ${now.getUTCFullYear()}`,
  ],
  habits: {
    european: 0.12,
    shortened: 0.25,
    shortForms: [
      { thousand: "k", million: "M" },
      { thousand: "k", million: " million" },
    ],
    minus: ["-", "-", "\u2212"],
    words: {
      percent: ["%", "%", " %", " percent"],
      ms: [" ms", "ms"],
      s: [" s", "s", " seconds"],
      min: [" min", " minutes"],
      h: [" h", " hours"],
      d: [" days"],
      B: [" B", " bytes"],
      kB: [" kB"],
      MB: [" MB", "MB"],
      GB: [" GB"],
    },
  },
  asides: [
    ({ random }) => `See #${100 + random.below(9_000)} and OPS-${10 + random.below(900)} for the thread.`,
    ({ random, now }) =>
      `The next call is at ${two(8 + random.below(10))}:${two(random.below(60))} on ${two(now.getUTCDate())}.${two(now.getUTCMonth() + 1)}.${now.getUTCFullYear()}.`,
    ({ random }) => `Their number is +1 415 555 01${two(random.below(100))}.`,
    ({ random }) => `This is about v${1 + random.below(4)}.${random.below(20)}.${random.below(10)}, not the older ones.`,
    ({ random, now }) => `It belongs to the plan for Q${1 + random.below(4)} ${now.getUTCFullYear()}.`,
    ({ random }) => `Details: https://wiki.example.com/reports/${2_000 + random.below(7_000)}?page=${random.below(40)}`,
    ({ random }) => `The setting \`retry_max=${random.below(90)}\` was left alone.`,
    ({ random }) => `The task "Fix ${2 + random.below(60)} broken links" is next.`,
    ({ random }) =>
      `It was the ${random.pick(["1st", "2nd", "3rd", "4th", "21st"])} attempt, begun in ${2_019 + random.below(6)}.`,
    ({ random }) => `Trace: ${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-a${hex(random, 3)}-${hex(random, 12)}.`,
    ({ random, now }) =>
      `Nothing else changed since ${now.getUTCFullYear()}-${two(1 + random.below(2))}-${two(1 + random.below(28))}.`,
    () => "Nothing else is open.",
    () => "Thanks to all who helped.",
  ],
  inventions: [
    "That is {number} more than planned.",
    "On top of it, about {number} came from partners.",
    "The team expects {number} soon.",
    "Nobody else reached {number}.",
  ],
};
