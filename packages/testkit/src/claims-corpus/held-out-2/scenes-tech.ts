import { at, over, type Scene } from "./scene.ts";

const services = "the checkout service|the search index|the login service|the image proxy";
const stores = "the primary database|the backup vault|the log archive";

export const techScenes: Scene[] = [
  {
    role: "cto",
    reads: "metrics_query",
    acts: "deploy_release",
    tasks: ["Cut latency of the checkout", "Roll out the new index", "Shrink the nightly backup"],
    done: [
      "The release is deployed to all regions; closing this task.",
      "Rolled out without incident. Done.",
      "Finished: the change is in production and the alarms are quiet.",
    ],
    measures: [
      over("latency_median", "Median latency", "ms", [38, 640, 1], services, [
        "Median latency of {e} was {v} {p}.",
        "{P} {e} answered in {v} at the median.",
        "Half of all requests to {e} were served within {v} {p}.",
      ]),
      over("error_share", "Share of errors", "ratio", [0.011, 0.097, 4], services, [
        "{v} of requests to {e} failed {p}.",
        "{P}, the share of errors on {e} was {v}.",
      ]),
      at("disk_used", "Disk used", "GB", [140, 5_200, 1], stores, [
        "{e} currently takes up {v}.",
        "We hold {v} in {e} as of this morning.",
        "Disk used by {e}: {v}.",
      ]),
      over("requests_served", "Requests served", "count", [1_200_000, 88_000_000, 0], services, [
        "{e} served {v} requests {p}.",
        "{P}, {v} requests went through {e}.",
      ]),
    ],
  },
  {
    role: "site-reliability",
    reads: "incident_log",
    acts: "runbook_execute",
    tasks: ["Rehearse the failover", "Follow up on the outage", "Rotate the certificates"],
    done: [
      "Failover rehearsed according to the runbook, done.",
      "The follow-up actions were carried out; task complete.",
      "Certificates rotated everywhere. That finishes it.",
    ],
    measures: [
      over("time_to_recover", "Time to recover", "min", [11, 190, 1], services, [
        "It took us {v} on average to bring {e} back {p}.",
        "Recovery of {e} needed {v} {p}.",
        "{P} the mean time to recover {e} was {v}.",
      ]),
      over("pages_sent", "Alerts to people", "count", [13, 340, 0], "the night rota|the day rota", [
        "{e} was woken or called {v} times {p}.",
        "{P}, {v} alerts reached {e}.",
      ]),
      over("availability", "Availability", "percent", [97.1, 99.7, 2], services, [
        "{e} was available {v} of the time {p}.",
        "{P} availability of {e} came out at {v}.",
      ]),
      at("queue_age", "Age of the queue", "s", [14, 880, 0], "the mail queue|the billing queue", [
        "The oldest entry in {e} has been waiting for {v}.",
        "Age of {e} at this moment: {v}.",
      ]),
    ],
  },
  {
    role: "security-officer",
    reads: "scanner_findings",
    acts: "access_revoke",
    tasks: ["Revoke unused access", "Patch what the scanner found", "Prepare the audit"],
    done: [
      "Unused access has been revoked, so the task is done.",
      "Everything on the list is revoked. Done and documented.",
      "Closed: revocation confirmed by the directory.",
    ],
    measures: [
      at("open_findings", "Open findings", "count", [12, 480, 0], "the build machines|the office laptops|the public website", [
        "{e} have {v} findings open right now.",
        "The scanner lists {v} open findings for {e}.",
        "Open findings on {e}: {v}.",
      ]),
      over("phishing_reported", "Phishing mails reported", "count", [17, 960, 0], "the finance team|the support desk|the board", [
        "{e} reported {v} phishing mails {p}.",
        "{P}, {v} suspicious mails were reported by {e}.",
      ]),
      over("patch_delay", "Time to patch", "h", [13, 210, 1], "the build machines|the office laptops|the public website", [
        "A critical patch reached {e} after {v} {p}.",
        "{P} patching {e} took {v} on average.",
      ]),
      at("mfa_share", "Share with a second factor", "percent", [61, 98.9, 1], "the contractors|the staff", [
        "{v} of {e} use a second factor today.",
        "Second factor among {e} stands at {v}.",
      ]),
    ],
  },
  {
    role: "data-analyst",
    reads: "warehouse_query",
    acts: "dashboard_publish",
    tasks: ["Publish the cohort dashboard", "Explain the dip in retention", "Check the import for gaps"],
    done: [
      "The dashboard is published, which completes the task.",
      "Done, the cohort view is online for everybody.",
      "Import checked, view published; finished.",
    ],
    measures: [
      over("retention", "Retention", "ratio", [0.22, 0.91, 3], "the January cohort|the referral cohort|the partner cohort", [
        "{v} of {e} were still with us {p}.",
        "Retention of {e} was {v} {p}.",
      ]),
      over("rows_imported", "Rows imported", "count", [14_000, 7_900_000, 0], "the billing feed|the sensor feed", [
        "{e} delivered {v} rows {p}.",
        "{P} we imported {v} rows from {e}.",
        "Rows taken over from {e} {p}: {v}.",
      ]),
      over("import_time", "Length of the import", "s", [75, 2_900, 1], "the billing feed|the sensor feed", [
        "Loading {e} lasted {v} {p}.",
        "{P} the import of {e} ran for {v}.",
      ]),
      over(
        "revenue_per_account",
        "Revenue per account",
        "GBP",
        [31, 890, 2],
        "the January cohort|the referral cohort|the partner cohort",
        ["An account of {e} brought {v} {p}.", "Revenue per account for {e} was {v} {p}."],
      ),
    ],
  },
];
