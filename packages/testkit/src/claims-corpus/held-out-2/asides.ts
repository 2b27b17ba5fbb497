/** Digits that are no quantities: dates, times, versions, ids, references. None of them needs a claim. */
export const plainAsides = [
  "The last review was on 3 November 2025 at 14:30.",
  "I will look again on Monday at 9 am.",
  "The decision dates from 2026-01-19 and still stands.",
  "See ticket #4471 for the discussion.",
  "This continues T-318 and replaces T-305.",
  "Details sit under https://wiki.example.org/space/2044/notes?rev=17.",
  "The change shipped with v3.12.0.",
  "We are on release 2025.4 of the tool since last week.",
  "Call me on +44 20 7946 0958 if anything looks off.",
  "It was the 3rd attempt this year, counted from the 1st of January.",
  "The query is saved as `report_2025_final` in the shared folder.",
  "Trace id 6f1c2b1e-93d4-4c7a-9d0e-5a1b7c9e2f40 has the whole story.",
  'The follow-up is titled "Check the 12 oldest entries again".',
  "Q1 2029 is not planned yet.",
  "This is the 2nd report under the plan for FY2027.",
  "The meeting of 11/12/2025 was moved, as you know.",
  "Agreed with Ilse at 16:05 yesterday.",
  "Context: PR #982 and issue OPS-77.",
  "Our contract runs until 31 December 2028.",
  "We followed the plan from the meeting of Sept 9th.",
];

/** Digits within names and references to places in documents; a careful reader takes none of them for a quantity. */
export const namedAsides = [
  "The wording is in section 4.2 of the handbook.",
  "As laid out on page 14 of the annex.",
  "The audit follows ISO 27001.",
  "Some calls answered with HTTP 503 at first.",
  "The chart is on slide 6.",
  "It was filed as a P2 incident.",
  "The job ran on Node 24.",
  "Appendix B, table 3 has the method.",
];

export const abroadAsides: Record<string, string[]> = {
  de: [
    "Der letzte Termin war der 3. November 2025 um 14:30 Uhr.",
    "Siehe Ticket #4471.",
    "Die Auswertung beruht auf Version 3.12.0.",
    "Rückfragen an +49 30 901820.",
  ],
  ch: ["Die Sitzung vom 19.01.2026 bleibt massgebend.", "Siehe Ticket #318."],
  fr: ["Dernier point le 3 novembre 2025 à 14:30.", "Voir le ticket #4471.", "Détails : https://wiki.example.org/fr/2044"],
  es: ["La última revisión fue el 3 de noviembre de 2025.", "Ver el ticket #4471."],
  nl: ["De laatste bespreking was op 3 november 2025 om 14:30.", "Zie ticket #4471."],
};

/** Nothing in them asks for evidence. */
export const filler = [
  "No surprises otherwise.",
  "I would keep the course for now.",
  "Nothing here needs a decision from you.",
  "The trend is what we expected after the change.",
  "Happy to go into detail if somebody wants to.",
  "I checked this against the source before writing it down.",
  "The team is aware.",
  "One caveat: the tagging changed recently, so older comparisons are shaky.",
  "I left out everything that I could not verify.",
  "There is more to say about the reasons, but not in this note.",
];

export const openings = [
  "Hello all,\n\na short update from my side.",
  "## Where we stand",
  "**Summary**",
  "Status report",
  "Here is what I found.",
  "Quick note before the call.",
  "As asked, the figures.",
  "# Weekly report",
  "Dear colleagues,",
  "",
  "",
  "",
];

/** Sentences with a figure that nothing measured: `{n}` is all there is to them. */
export const inventions: [text: string, shapes: string[]][] = [
  ["On top of that we saved {n} by renegotiating.", ["€38,400", "$127,500", "£9,750", "$1.9M", "€412k"]],
  ["Customers rate the result at {n} satisfaction.", ["93.5 %", "88%", "97 percent"]],
  ["We also reached {n} new people who had never heard of us.", ["52,300", "8,140", "1.7 million", "64k"]],
  ["Page loads got faster by {n} as a side effect.", ["57 %", "730 ms", "3.4 s"]],
  ["Competitors lost {n} of their share in the same time.", ["17.5 %", "23 percent", "31%"]],
  ["I expect this to bring {n} a year.", ["$640,000", "€2.3 million", "£185k"]],
  ["The clean-up freed {n} for everybody.", ["760 GB", "83.5 GB", "940 MB"]],
  ["It spared the team {n} of manual work.", ["36 hours", "140 h", "55 minutes"]],
  ["Altogether {n} partners confirmed that they are in.", ["37", "148", "2,650"]],
  ["Complaints went down by {n} after that.", ["43 %", "61.5%", "78 percent"]],
];

export const tellsFailure = {
  failed: [
    "My attempt to carry it out failed; I will try again and report then.",
    "Not finished: the system broke off in the middle of the change.",
  ],
  refused: [
    "The call that should have changed things was turned down, so this is still open.",
    "Not finished: I was not allowed to make the change.",
  ],
  unknown: [
    "I do not know whether the change went through, so please treat this as open.",
    "No answer came back to the change; somebody should look before it is tried again.",
  ],
};
