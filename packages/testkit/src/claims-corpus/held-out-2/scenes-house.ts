import { at, over, type Scene } from "./scene.ts";

const units = "the wholesale arm|the web shop|the repair business";
const sites = "the Lyon warehouse|the harbour depot|the returns centre";

export const houseScenes: Scene[] = [
  {
    role: "cfo",
    reads: "ledger_balance",
    acts: "payment_release",
    tasks: ["Close the books", "Release supplier payments", "Prepare the bank's covenant letter"],
    done: [
      "The books are closed and the payments released. Done.",
      "Payments went out with today's run; finished.",
      "All released, the task can be closed.",
    ],
    measures: [
      over("revenue", "Revenue", "EUR", [140_000, 8_800_000, 2], units, [
        "{e} made revenue of {v} {p}.",
        "{P}, revenue of {e} reached {v}.",
        "Revenue, {e}: {v} {p}.",
      ]),
      over("net_cash_flow", "Net cash flow", "EUR", [-740_000, -12_000, 2], units, [
        "Net cash flow of {e} was {v} {p}.",
        "{P} {e} ran at a net cash flow of {v}.",
      ]),
      at(
        "cash_at_bank",
        "Cash at bank",
        "USD",
        [91_000, 4_300_000, 2],
        "the operating account|the reserve account|the payroll account",
        ["{e} holds {v} as I write.", "Balance of {e}: {v}.", "There is {v} in {e} this morning."],
      ),
      over("gross_margin", "Gross margin", "percent", [14, 68, 2], units, [
        "Gross margin of {e} came to {v} {p}.",
        "{P} {e} kept {v} of its revenue as gross margin.",
      ]),
    ],
  },
  {
    role: "coo",
    reads: "operations_board",
    acts: "shift_plan_publish",
    tasks: ["Staff the peak weeks", "Move returns to the second shift", "Agree on the carrier's pickup times"],
    done: [
      "The shift plan is published, this is done.",
      "Returns have moved to the late shift. Task complete.",
      "Pickup times agreed and the plan is out; done.",
    ],
    measures: [
      over("parcels_shipped", "Parcels shipped", "count", [3_400, 720_000, 0], sites, [
        "{e} shipped {v} parcels {p}.",
        "{P}, {v} parcels left {e}.",
        "Output of {e} was {v} parcels {p}.",
      ]),
      over("late_share", "Share of late parcels", "percent", [10.5, 24, 2], sites, [
        "{v} of what left {e} was late {p}.",
        "At {e} the share of late parcels was {v} {p}.",
      ]),
      over("pick_time", "Time per pick", "s", [21, 145, 1], sites, [
        "A pick at {e} took {v} {p}.",
        "{P} our people at {e} needed {v} a pick.",
      ]),
      at("pallets_stored", "Pallets stored", "count", [410, 9_800, 0], sites, [
        "{e} stores {v} pallets at present.",
        "There are {v} pallets in {e} today.",
      ]),
    ],
  },
  {
    role: "support-lead",
    reads: "helpdesk_stats",
    acts: "helpdesk_reply",
    tasks: ["Answer the backlog", "Apologise to those hit by the outage", "Rewrite the refund macro"],
    done: [
      "Everybody in the backlog has had an answer. Done.",
      "The apologies are sent, I am closing the task.",
      "Replies are out; nothing is waiting any more.",
    ],
    measures: [
      over(
        "tickets_closed",
        "Tickets closed",
        "count",
        [120, 41_000, 0],
        "the billing queue|the returns queue|the enterprise desk",
        ["{e} closed {v} tickets {p}.", "{P}, {v} tickets were closed in {e}.", "Closed in {e} {p}: {v} tickets."],
      ),
      over("first_reply", "Time to first reply", "min", [12, 290, 1], "the billing queue|the returns queue|the enterprise desk", [
        "Customers of {e} waited {v} for a first reply {p}.",
        "First reply in {e} took {v} {p}.",
      ]),
      over("refunds_paid", "Refunds paid", "GBP", [2_100, 84_000, 2], "the web shop|the subscription box", [
        "We refunded {v} to customers of {e} {p}.",
        "{P} refunds for {e} added up to {v}.",
      ]),
      at("tickets_open", "Tickets open", "count", [14, 2_900, 0], "the billing queue|the returns queue|the enterprise desk", [
        "{e} has {v} tickets open at this moment.",
        "Still open in {e}: {v} tickets.",
      ]),
    ],
  },
  {
    role: "people-partner",
    reads: "hr_directory",
    acts: "hr_send_letter",
    tasks: ["Send the offer letters", "Plan the onboarding week", "Review leave balances"],
    done: [
      "Offer letters are out, so this is done.",
      "The letters were sent and countersigned. Finished.",
      "Done. Everyone has received their letter.",
    ],
    measures: [
      at("headcount", "Headcount", "count", [12, 870, 0], "the design studio|the field crew|the call centre", [
        "{e} counts {v} people today.",
        "Headcount of {e} is {v} as of now.",
      ]),
      over("sick_days", "Sick leave", "percent", [10.2, 19, 1], "the design studio|the field crew|the call centre", [
        "Sick leave in {e} was {v} {p}.",
        "{P} {e} lost {v} of working time to illness.",
      ]),
      over("salary_cost", "Salaries", "CHF", [88_000, 2_600_000, 2], "the design studio|the field crew|the call centre", [
        "Salaries of {e} came to {v} {p}.",
        "{P} we paid {v} in salaries to {e}.",
      ]),
      over("time_to_hire", "Time to hire", "d", [17, 96, 1], "the design studio|the field crew|the call centre", [
        "Filling a seat in {e} took {v} {p}.",
        "{P} a hire for {e} needed {v} from advert to signature.",
      ]),
    ],
  },
];
