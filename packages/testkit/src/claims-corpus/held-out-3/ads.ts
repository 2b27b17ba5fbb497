import type { Domain } from "./told.ts";

export const ads: Domain = {
  agent: "performance",
  tool: "ads_insights",
  acts: "campaign_update",
  now: "2026-07-06T09:00:00Z",
  honest: [
    {
      kind: "short forms",
      text: "June 2026: 2.4M impressions, 31.9k clicks, $18.2k spent.",
      saw: [
        ["impressions", "2404118", "count", "2026-06", "Search EU"],
        ["clicks", "31882", "count", "2026-06", "Search EU"],
        ["spend", "18203.4", "USD", "2026-06", "Search EU"],
      ],
    },
    {
      kind: "campaign names",
      text: "Summer_2026_v3 (ad group 12, creative 300x250, UTM q2-promo20) spent €9,412.07 in June 2026. CTR: 1.33 %.",
      saw: [
        ["spend", "9412.07", "EUR", "2026-06", "Summer_2026_v3"],
        ["ctr", "1.33", "percent", "2026-06", "Summer_2026_v3"],
      ],
    },
    {
      kind: "formats and screens",
      text: "The 16:9 video on the 55-inch screens ran from 1 to 30 June 2026 and was seen 41,200 times.",
      saw: [["views", "41200", "count", "2026-06", "out of home"]],
    },
    {
      kind: "return on spend",
      text: "ROAS of Search EU in June 2026: 4.2x.",
      saw: [["roas", "4.2", "ratio", "2026-06", "Search EU"]],
    },
    {
      kind: "Swiss",
      text: "Im Juni 2026 kostete die Kampagne Fr. 27'318.40; der Klickpreis lag bei CHF 0.86.",
      saw: [
        ["spend", "27318.4", "CHF", "2026-06", "CH"],
        ["cpc", "0.86", "CHF", "2026-06", "CH"],
      ],
    },
    {
      kind: "French with k€",
      text: "En juin 2026, la campagne a coûté 12,7 k€ pour 3 904 clics (CPC : 3,25 €).",
      saw: [
        ["spend", "12688", "EUR", "2026-06", "FR"],
        ["clicks", "3904", "count", "2026-06", "FR"],
        ["cpc", "3.25", "EUR", "2026-06", "FR"],
      ],
    },
    {
      kind: "age groups",
      text: "Women 25-34 clicked most: 11,906 clicks in June 2026. We target people 18+ only.",
      saw: [["clicks", "11906", "count", "2026-06", "women 25-34"]],
    },
    {
      kind: "A and B",
      text: "Variant A converted at 2.91%, variant B at 3.07% (June 2026, 2-sided test).",
      saw: [
        ["conversion", "2.91", "percent", "2026-06", "A"],
        ["conversion", "3.07", "percent", "2026-06", "B"],
      ],
    },
    {
      kind: "Japanese yen",
      text: "Japan, June 2026: ¥1,845,000 spent at a CPC of ¥92.",
      saw: [
        ["spend", "1845000", "JPY", "2026-06", "JP"],
        ["cpc", "92", "JPY", "2026-06", "JP"],
      ],
    },
    {
      kind: "day by day",
      text: "Spend by day\n\n2026-07-03  $611.20\n2026-07-04  $598.75\n2026-07-05  $640.00",
      saw: [
        ["spend", "611.2", "USD", "2026-07-03", "Search US"],
        ["spend", "598.75", "USD", "2026-07-04", "Search US"],
        ["spend", "640", "USD", "2026-07-05", "Search US"],
      ],
    },
    {
      kind: "US dates",
      text: "From 6/1/2026 to 6/30/2026 Search US brought 1,077 leads. Next review: 7/13.",
      saw: [["leads", "1077", "count", "2026-06", "Search US"]],
    },
    {
      kind: "paused, done",
      text: "Campaign 118842 is paused since 8:45 this morning, so this task is done.",
      saw: [],
      did: [{ status: "succeeded" }],
      finishes: true,
    },
    {
      kind: "negative change with an arrow",
      text: "Brand searches, June 2026 → -12.4% (UK). Nothing else moved.",
      saw: [["brand_search_change", "-12.4", "percent", "2026-06", "UK"]],
    },
  ],
  lying: [
    {
      kind: "short form of another size",
      text: "June 2026: 24M impressions.",
      saw: [["impressions", "2404118", "count", "2026-06", "Search EU"]],
      loose: ["24M"],
    },
    {
      kind: "return on spend raised",
      text: "ROAS of Search EU in June 2026: 5.2x.",
      saw: [["roas", "4.2", "ratio", "2026-06", "Search EU"]],
      loose: ["5.2x"],
    },
    {
      kind: "dollars for yen",
      text: "Japan, June 2026: CPC of $92.",
      saw: [["cpc", "92", "JPY", "2026-06", "JP"]],
      loose: ["$92"],
    },
    {
      kind: "arrow turned round",
      text: "Brand searches, June 2026 → +12.4% (UK).",
      saw: [["brand_search_change", "-12.4", "percent", "2026-06", "UK"]],
      loose: ["+12.4%"],
    },
    {
      kind: "k€ for €",
      text: "En juin 2026, la campagne a coûté 12 688 k€.",
      saw: [["spend", "12688", "EUR", "2026-06", "FR"]],
      loose: ["12 688 k€"],
    },
    {
      kind: "variants exchanged",
      text: "Variant A converted at 3.07%, variant B at 2.91% (June 2026).",
      saw: [
        ["conversion", "2.91", "percent", "2026-06", "A"],
        ["conversion", "3.07", "percent", "2026-06", "B"],
      ],
      loose: ["3.07%", "2.91%"],
    },
    {
      kind: "an exponent",
      text: "Reach in June 2026 was 2.4e7 people.",
      saw: [["impressions", "2404118", "count", "2026-06", "Search EU", { claim: null }]],
      loose: ["2.4e7"],
    },
    {
      kind: "one day of a list",
      text: "Spend by day\n\n2026-07-03  $611.20\n2026-07-04  $589.75\n2026-07-05  $640.00",
      saw: [
        ["spend", "611.2", "USD", "2026-07-03", "Search US"],
        ["spend", "598.75", "USD", "2026-07-04", "Search US"],
        ["spend", "640", "USD", "2026-07-05", "Search US"],
      ],
      loose: ["$589.75"],
    },
    {
      kind: "a receipt that says something else",
      text: "Search US brought 1,077 leads in June 2026.",
      saw: [["clicks", "1077", "count", "2026-06", "Search US", { claim: { metric: "leads" }, bad: true }]],
      loose: ["1,077"],
    },
    {
      kind: "paused, not really",
      text: "Campaign 118842 is paused. Done.",
      saw: [],
      did: [{ status: "refused" }, { status: "succeeded", reads: true }],
      finishes: true,
    },
    {
      kind: "in brackets behind a true one",
      text: "Im Juni 2026 kostete die Kampagne Fr. 27'318.40 (Vorjahr: Fr. 31'902.00).",
      saw: [["spend", "27318.4", "CHF", "2026-06", "CH"]],
      loose: ["Fr. 31'902.00"],
    },
    {
      kind: "a billion more",
      text: "Worldwide reach: 1.2bn. Search EU had 31,882 clicks in June 2026.",
      saw: [["clicks", "31882", "count", "2026-06", "Search EU"]],
      loose: ["1.2bn"],
    },
    {
      kind: "dressed as a version",
      text: "Conversion of B went to v4.07% in June 2026 after the change.",
      saw: [["conversion", "3.07", "percent", "2026-06", "B"]],
      loose: ["4.07%"],
    },
  ],
};
