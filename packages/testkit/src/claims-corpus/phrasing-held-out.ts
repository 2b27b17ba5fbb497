import { hex, metrics, type Phrasing, two } from "./phrasing.ts";

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** The half that is only ever counted. */
export const heldOut: Phrasing = {
  settings: [
    {
      name: "Community",
      agents: ["community-head", "moderator", "event-host"],
      reads: ["fetch_members", "read_forum"],
      effects: ["send_newsletter", "publish_text"],
      entities: ["forum", "Discord", "the Lisbon chapter", "beta group"],
      metrics: metrics(`
        members_active | active members | count | 400 | 240000 | 0
        churn | churn | ratio | 0.004 | 0.14 | 4
        event_income | income from events | CHF | 300 | 88000 | 2
        response_delay | delay of an answer | s | 12 | 9000 | 0
        member_growth | growth in members | percent | -21 | 67 | 1
        posts_removed | removed posts | count | 0 | 1300 | 0`),
    },
    {
      name: "Sales",
      agents: ["sales-head", "account-rep", "partner-manager"],
      reads: ["crm_search", "fetch_pipeline"],
      effects: ["send_offer", "update_deal"],
      entities: ["DACH", "Nordics", "Contoso", "inbound leads"],
      metrics: metrics(`
        pipeline_value | value of the pipeline | USD | 21000 | 8400000 | 2
        win_rate | win rate | percent | 4 | 71 | 2
        deal_cycle | length of a deal | d | 6 | 190 | 0
        leads | new leads | count | 30 | 52000 | 0
        discount | average discount | ratio | 0.012 | 0.34 | 3
        quota_gap | gap to the quota | USD | -480000 | 360000 | 0`),
    },
    {
      name: "People",
      agents: ["hr-head", "recruiter", "payroll"],
      reads: ["fetch_timesheets", "read_applications"],
      effects: ["send_contract", "update_roster"],
      entities: ["night shift", "Warsaw office", "contractors", "apprentices"],
      metrics: metrics(`
        payroll_total | total payroll | EUR_minor | 9000000 | 480000000 | 0
        overtime | overtime | h | 3 | 880 | 1
        applications | applications | count | 15 | 7200 | 0
        absence | rate of absence | percent | 0.8 | 17 | 2
        time_to_hire | time to hire | d | 9 | 120 | 0
        headcount_change | change in headcount | count | -60 | 85 | 0`),
    },
    {
      name: "Infrastructure",
      agents: ["platform-head", "dba", "network-eng"],
      reads: ["fetch_traces", "read_backups"],
      effects: ["resize_volume", "rotate_keys"],
      entities: ["orders database", "object store", "edge proxies", "mail relay"],
      metrics: metrics(`
        query_time | time of a query | ms | 1 | 970 | 2
        backup_size | size of the backup | GB | 2 | 940 | 2
        egress | outgoing traffic | MB | 1200 | 990000 | 0
        cache_hits | cache hit ratio | ratio | 0.31 | 0.998 | 4
        failed_jobs | failed jobs | count | 0 | 460 | 0
        egress_bill | bill for traffic | GBP | 40 | 26000 | 2`),
    },
    {
      name: "Procurement",
      agents: ["buyer-head", "vendor-desk", "quality"],
      reads: ["fetch_quotes", "read_deliveries"],
      effects: ["place_order", "send_message"],
      entities: ["Supplier Oy", "packaging", "raw cotton", "spare parts"],
      metrics: metrics(`
        order_volume | volume of orders | EUR | 4000 | 1900000 | 2
        defects | share of defects | percent | 0.12 | 9 | 2
        lead_time | lead time | d | 2 | 96 | 1
        price_change | change in price | percent | -24 | 31 | 2
        pallets | pallets received | count | 12 | 14000 | 0
        inspection_time | time of an inspection | min | 3 | 95 | 1`),
    },
  ],
  sentences: [
    "{entity} closed with {label} at {number} \u2013 {period}.",
    "Measured {period}, the {label} for {entity} is {number}.",
    "Our {label} ({entity}, {period}): {number}.",
    "I can report {number} for {label} at {entity}, {period}.",
    "As to {entity}: {label} reached {number} ({period}).",
    "{label}, {entity}, {period} = {number}",
  ],
  pairs: ["{a} whereas {b}.", "{a} (and {b}).", "{a} \u2014 {b}."],
  openings: ["### {setting} update", "Dear all,", "Result of the task:", "_Weekly note_", "TL;DR: done as asked."],
  tableHead: ["Entity", "Measure", "Result", "Range"],
  months,
  points: [
    (now) => `at ${now.toISOString().slice(0, 19)}Z`,
    (now) => `${months[now.getUTCMonth()]} ${now.getUTCDate()}, ${now.getUTCFullYear()}`,
    (now) => `${two(now.getUTCHours())}:${two(now.getUTCMinutes())} today`,
  ],
  habits: {
    european: 0.18,
    shortened: 0.2,
    shortForms: [
      { thousand: "K", million: "M" },
      { thousand: " thousand", million: " million" },
    ],
    minus: ["-", "\u2212"],
    words: {
      percent: ["%", " %", "\u00a0%", " per cent"],
      ms: [" ms", " milliseconds"],
      s: [" sec", " s"],
      min: ["min", " mins"],
      h: ["h", " hrs"],
      d: [" d", " days"],
      B: [" bytes"],
      kB: ["kB", " kB"],
      MB: [" MB"],
      GB: ["GB", " GB"],
    },
  },
  asides: [
    ({ random }) => `Tracked in ACME-${1_000 + random.below(8_000)} (PR #${random.below(900) + 10}).`,
    ({ random }) => `Reception: +49 30 9018${20 + random.below(70)}, ask for the ${random.pick(["2nd", "5th", "11th"])} floor.`,
    ({ random, now }) =>
      `Agreed on ${months[random.below(2)]} ${1 + random.below(28)}, ${now.getUTCFullYear()} at ${1 + random.below(11)}:30 pm.`,
    ({ random, now }) =>
      `It counts for H${1 + random.below(2)} ${now.getUTCFullYear()} and FY${(now.getUTCFullYear() % 100) + 1}.`,
    ({ random }) => `Upgraded from version ${1 + random.below(9)}.${random.below(30)} to version ${10 + random.below(3)}.0.`,
    ({ random }) => `I followed \u201cOnboarding in ${2 + random.below(20)} steps\u201d to the letter.`,
    ({ random }) => `Log line: \`job ${random.below(99_999)} took ${random.below(900)}ms\`.`,
    ({ random }) => `Source: <https://data.example.org/v2/export/${random.below(99_999)}.csv?limit=500>`,
    ({ random }) =>
      `[Dashboard ${hex(random, 6)}](https://bi.example.net/d/${random.below(9_999)}/q3)`.replace(/ [0-9a-f]{6}\]/, "]"),
    ({ now }) => `The last one like it was in ${now.getUTCFullYear() - 2 - (now.getUTCDate() % 5)}.`,
    ({ random, now }) => `Due ${two(1 + random.below(12))}/${two(13 + random.below(15))}/${now.getUTCFullYear() + 1}.`,
    () => "No further action is needed.",
    () => "Questions are welcome.",
  ],
  inventions: [
    "By my own estimate {number} will follow.",
    "(A further {number} is not in the books yet.)",
    "Competitors are at {number}.",
    "> {number} \u2013 a record!",
  ],
};
