import { at, over, type Scene } from "./scene.ts";

const adChannels = "paid search|display|the podcast sponsorships|retargeting";
const posts = "the pricing guide|the onboarding series|the customer story with the bakery|the comparison page";
const regions = "Iberia|the Benelux team|DACH|the Nordics";

export const marketScenes: Scene[] = [
  {
    role: "cmo",
    reads: "ads_report",
    acts: "ads_pause_campaign",
    tasks: ["Move the autumn budget to what converts", "Pause campaigns that lose money", "Brief the agency on the new split"],
    done: [
      "The two weak campaigns are paused, so this one is finished.",
      "Budget moved as agreed; I consider the task done.",
      "Done: the new split is live with the agency.",
    ],
    measures: [
      over("ad_spend", "Ad spend", "EUR", [18_000, 96_000, 2], adChannels, [
        "{P} we put {v} into {e}.",
        "Spend on {e} came to {v} {p}.",
        "{e} cost us {v} {p}, media only.",
      ]),
      over("signups", "Sign-ups", "count", [1_100, 48_000, 0], adChannels, [
        "{e} brought {v} sign-ups {p}.",
        "{P}, {v} people signed up through {e}.",
        "We owe {v} new accounts to {e} {p}.",
      ]),
      over("click_rate", "Click rate", "percent", [11, 38, 2], adChannels, [
        "The click rate of {e} was {v} {p}.",
        "{P} {v} of those who saw {e} clicked.",
        "Click-through for {e}: {v} {p}.",
      ]),
      over("brand_search_change", "Change in brand searches", "percent", [-41, -11, 1], "Austria|the Dutch market|Portugal", [
        "Brand searches in {e} moved by {v} {p}.",
        "{P}, the change in brand searches for {e} was {v}.",
      ]),
    ],
  },
  {
    role: "content-writer",
    reads: "web_analytics",
    acts: "cms_publish",
    tasks: ["Publish the spring guide", "Refresh the comparison page", "Rewrite the welcome mails"],
    done: [
      "The piece is published and linked from the start page. Done.",
      "Published this morning after the second proofread, task closed.",
      "All edits are in and the page is live; nothing left to do here.",
    ],
    measures: [
      over("page_views", "Page views", "count", [2_300, 940_000, 0], posts, [
        "{e} was read {v} times {p}.",
        "{P}, {e} drew {v} page views.",
        "Page views of {e}: {v} {p}, bots left out.",
      ]),
      over("read_time", "Reading time", "s", [64, 290, 1], posts, [
        "Readers stayed {v} on {e} {p}.",
        "The median reading time of {e} was {v} {p}.",
        "{P} people spent {v} with {e}, which is what we hoped for.",
      ]),
      over("scroll_depth", "Scroll depth", "ratio", [0.21, 0.89, 3], posts, [
        "On {e} readers got through {v} of the page {p}.",
        "Scroll depth of {e} reached {v} {p}.",
      ]),
      at("newsletter_readers", "Newsletter readers", "count", [3_100, 88_000, 0], "the weekly letter|the product digest", [
        "{e} goes out to {v} readers as of now.",
        "Right now {v} addresses are subscribed to {e}.",
        "The list of {e} stands at {v} readers.",
      ]),
    ],
  },
  {
    role: "sales-lead",
    reads: "crm_pipeline",
    acts: "crm_update_deal",
    tasks: ["Clean up stalled deals", "Send the renewal offers", "Agree on terms with the reseller"],
    done: [
      "Stalled deals are closed out in the CRM, done.",
      "All renewal offers went out; this can be ticked off.",
      "The reseller's terms are recorded in the deal. Done.",
    ],
    measures: [
      over("bookings", "Bookings", "USD", [210_000, 6_400_000, 2], regions, [
        "{e} booked {v} {p}.",
        "{P} bookings in {e} amounted to {v}.",
        "We signed {v} of new business with {e} {p}.",
      ]),
      at("open_pipeline", "Open pipeline", "USD", [480_000, 9_700_000, 0], regions, [
        "The open pipeline of {e} is worth {v} today.",
        "{e} has {v} in open deals at the moment.",
      ]),
      over("win_rate", "Win rate", "ratio", [0.14, 0.47, 3], regions, [
        "{e} won {v} of its offers {p}.",
        "The win rate in {e} was {v} {p}.",
        "{P}, {v} of offers in {e} turned into contracts.",
      ]),
      over("sales_cycle", "Sales cycle", "d", [23, 118, 1], regions, [
        "A deal in {e} took {v} from first call to signature {p}.",
        "{P} the typical sales cycle in {e} lasted {v}.",
      ]),
    ],
  },
  {
    role: "product-manager",
    reads: "product_metrics",
    acts: "roadmap_update",
    tasks: ["Decide on the export feature", "Write up the trial experiment", "Retire the old dashboard"],
    done: [
      "The roadmap is updated with the decision, so I am closing this.",
      "Experiment written up and the item moved; done.",
      "Done, the old dashboard is off the roadmap.",
    ],
    measures: [
      over("active_accounts", "Active accounts", "count", [2_700, 310_000, 0], "the free plan|the team plan|the school edition", [
        "{v} accounts used {e} {p}.",
        "{P}, {e} had {v} active accounts.",
        "Activity on {e}: {v} accounts {p}.",
      ]),
      over("trial_conversion", "Trial conversion", "percent", [12, 34, 2], "the free plan|the team plan|the school edition", [
        "{v} of trials on {e} converted {p}.",
        "Trial conversion on {e} ended at {v} {p}.",
      ]),
      over("nps_change", "Change of the satisfaction score", "percent", [-29, -10.5, 1], "the mobile app|the web app", [
        "Satisfaction with {e} changed by {v} {p}.",
        "{P} we saw the score of {e} move by {v}.",
      ]),
      over("export_size", "Size of an export", "MB", [130, 2_900, 1], "the mobile app|the web app", [
        "An average export from {e} weighed {v} {p}.",
        "{P} exports out of {e} were {v} on average.",
      ]),
    ],
  },
];
