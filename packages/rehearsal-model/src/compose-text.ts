import type { TaskView } from "@aito/protocol";
import { workerTypeFor } from "./rules/worker-type.ts";
import type { Situation } from "./situation.ts";

interface Form {
  opening: readonly string[];
  /** Each section: a heading, and ways to write it. */
  sections: readonly { heading: string; ways: readonly string[] }[];
  closing: readonly string[];
}

const shownWordsMax = 40;

/** A readable text for a task, of 150 to 300 words, from the task's own title and description. */
export function composeText({ context, choose }: Situation, task: TaskView): { text: string; summary: string } {
  const { agent, profile } = context;
  const worker = agent.kind === "worker";
  const type = (worker ? task.workerType : workerTypeFor(`${task.title} ${task.description}`, context)) ?? agent.role;
  const form = forms[type] ?? (worker ? article : report);
  const subject = subjectOf(task.title);
  const pick = (ways: readonly string[], key: string): string =>
    choose(ways, type, task.title, key).replaceAll("{subject}", subject);
  const brief = firstWords((task.description || task.title).split("\n\n")[0]!);
  const parts = [
    `# ${subject}`,
    pick(form.opening, "opening"),
    `> The task: ${brief}`,
    ...form.sections.flatMap(({ heading, ways }) => [`## ${heading}`, pick(ways, heading)]),
    pick(form.closing, "closing"),
    `*${profile.name}, ${profile.department}. Written by the rehearsal model.*`,
  ];
  return { text: parts.join("\n\n"), summary: `"${subject}": ${worker ? "the text is finished" : "done and written down"}.` };
}

/** What the task is about, without the verb that asked for it and without what it costs. */
const subjectOf = (title: string): string =>
  firstWords(
    title
      .replace(/^(write the text|review the work|work out the figures|prepare the answers|do the work) for:\s*/i, "")
      .replace(/,?\s+(?:of about|of|for|at|worth)\s+\$[\d,.]*\d/gi, ""),
    25,
  );

function firstWords(text: string, max = shownWordsMax): string {
  const words = text
    .replace(/[#>*_`]/g, "")
    .split(/\s+/)
    .filter((word) => word !== "");
  return words.length > max ? `${words.slice(0, max).join(" ")} …` : words.join(" ");
}

const article: Form = {
  opening: [
    "Some news is best told plainly. Today it is this: {subject}. Here is what it means, why we do it now, and how you can take part from the first day.",
    "We have something to share with everyone who follows us. It can be said in one line: {subject}. The rest of this page says why it matters and what you can do with it.",
    "Every community grows in small steps that many people take together. This is the next one: {subject}. Read on for the reason behind it and for your own part in it.",
  ],
  sections: [
    {
      heading: "Why it matters",
      ways: [
        "People join a community for the mascot and stay for each other. What we announce here gives newcomers a reason to look in, and gives those who are here already a reason to bring a friend. It costs a known amount, it was decided in the open, and its result will be reported with figures.",
        "Attention is easy to buy and hard to keep. We would rather earn it: with something useful, told honestly, that is still worth reading next month. The decision behind it is on record, with the reasons of everyone who voted, and so is what it costs.",
      ],
    },
    {
      heading: "How to take part",
      ways: [
        "1. Read this page and ask what is unclear.\n2. Tell one person who would enjoy it, in your own words.\n3. Share what you made of it in the community channel: a picture, a line, a question.\n\nNobody will ask you for keys, passwords or payments. Whoever does is not one of us.",
        "1. Say hello in the community channel, even if you only read along so far.\n2. Pick one part of this that you like and show it to a friend.\n3. Come back in a week and tell us what worked.\n\nWe never ask for keys, passwords or payments, and we promise nothing about prices.",
      ],
    },
  ],
  closing: [
    "Questions are welcome at any time. We answer each one, and the best of them become part of the next guide.",
    "That is all for today. If you have read this far, you are the person we wrote it for: come and say hello.",
  ],
};

const review: Form = {
  opening: [
    "This review covers: {subject}. It looks for errors first, then for risks, then for what makes the next change harder than it needs to be. Findings stand in the order in which they should be handled.",
    "Subject of this review: {subject}. Only what is shown in the task was available, so each finding says what it rests on and what has still to be checked by its author.",
  ],
  sections: [
    {
      heading: "Findings",
      ways: [
        "1. **Input at the edge.** What comes from outside should be checked once, where it enters, and refused with a sentence that says what was expected.\n2. **Failure of a dependency.** Each call to another service needs a limit of time and one clear outcome when that limit is reached.\n3. **Missing test.** The case that made this change necessary has no test of its own; it would have to fail before the change and pass after it.",
        "1. **The empty case.** What happens for no rows, no text or no connection is not said anywhere and differs between pages.\n2. **Phone and slow network.** The first view should not wait for what is below it; measure it on a small device.\n3. **Names.** Two words are used for one thing; choose one and keep it in code, texts and tests.",
      ],
    },
    {
      heading: "What is good",
      ways: [
        "The change is small, its purpose is stated, and it can be taken back without touching data. That is how changes should look, and it made this review short. Nothing in it stores more about members than it did before.",
        "The parts are named after what they do, and the riskiest step comes last, when everything before it is known to work. No secret was found in what was shown, and no new permission is asked for.",
      ],
    },
  ],
  closing: [
    "Recommendation: handle the first finding before the release, the others with the next change. No finding needs a decision of the heads.",
    "Recommendation: release after the first finding is settled, and open a task for the rest so that it is not forgotten.",
  ],
};

const analysis: Form = {
  opening: [
    "The question is: {subject}. The short answer: it is worth a first, limited step whose result can be counted, and not yet worth a commitment that cannot be taken back. The reasons follow.",
    "Asked was: {subject}. In short: the known facts support a small start; two things that are not known yet decide about more. Both can be found out cheaply.",
  ],
  sections: [
    {
      heading: "What is known",
      ways: [
        "- The amount and the budget left are on record with the decision, in dollars and for this month.\n- The effect on members has not been measured before, so that any figure for it would be a guess.\n- The work needs one department and no new contract, which keeps the cost of stopping low.",
        "- Past spending of this kind is on record by decision and month.\n- The benefit shows late: first in visits, then in sign-ups, last in members who stay.\n- What cannot be counted within the month should not be the reason for spending within it.",
      ],
    },
    {
      heading: "What would change the answer",
      ways: [
        "1. If fewer than one in ten of those reached come back after a week, the next step should wait.\n2. If the cost of each new active member is below that of the last comparable effort, a second and larger step is justified. Both figures are available two weeks after the start, without buying any data.",
        "1. If the same effect can be had by improving what exists, that is cheaper and should come first.\n2. If members bring others without being paid for it, the effort pays for itself. Count both from the first day, because they cannot be reconstructed later.",
      ],
    },
  ],
  closing: [
    "Next step: name who counts, from which day, and when the result is reported. Without these three, do not start.",
    "Next step: a start within the amount that is approved, and a report after two weeks with the two figures above.",
  ],
};

const answers: Form = {
  opening: [
    "Here are the answers to: {subject}. They are written for someone who is new, can be sent as they are, and each ends with what to do if it does not help.",
    "This page answers: {subject}. Every answer stands alone, so that it can be copied into a reply, and the steps are in the order in which they are done.",
  ],
  sections: [
    {
      heading: "Questions and answers",
      ways: [
        "**How do I join?** Open the website, choose *Join*, and follow the link in the letter that you receive. If none arrives within an hour, look into the spam folder, then write to us.\n\n**What does it cost?** Nothing. Nobody from our side asks you for money, keys or passwords, ever.\n\n**Where do I start?** Say hello in the community channel and read the pinned guide.",
        "**Where do I find what is new?** In the announcements channel and on the first page of the website; both say the same.\n\n**How can I help?** Pick an open question and answer it kindly, or tell us what confused you on your first day.\n\n**Who decides?** Larger decisions are voted on and published with their reasons.",
      ],
    },
    {
      heading: "When something goes wrong",
      ways: [
        "Write down what you did and what you saw, with the time. Send it to the support channel, without any password or key in it. A person looks at it within a day. If someone writes to you first and offers help, do not answer: we never begin such conversations.",
        "Try the step once more in another browser. If it fails again, tell us which step it was and what the page said. We answer within a day and tell you honestly if we do not know yet. Be careful with helpers who write to you first: they are not ours.",
      ],
    },
  ],
  closing: [
    "Something missing? Ask, and the answer will be added here for the next person.",
    "Thank you for asking. Each question makes this page better for whoever comes after you.",
  ],
};

const report: Form = {
  opening: [
    "This note is about: {subject}. It says what was looked at, what follows from it, and what comes next, so that nobody has to ask twice.",
    "Asked for was: {subject}. Here is the result in short, with the order in which the department will act on it.",
  ],
  sections: [
    {
      heading: "Result",
      ways: [
        "- The matter was looked at from the side of those who meet it first: new members with little time.\n- Three points stand out: what is said first, how many steps follow, and whom to ask when a step fails.\n- Each can be improved without new cost, and each improvement can be seen within a week.",
        "- What exists works for people who know it already, and is hard for those who do not.\n- The largest gain is in the first minute: one clear sentence, one button, one person to ask.\n- The rest is a matter of order, and of leaving out what nobody missed so far.",
      ],
    },
    {
      heading: "What comes next",
      ways: [
        "1. The first point is changed right away, because it is small and can be taken back.\n2. The second is written down as a guide and shown to five new members before it is published.\n3. The third needs a name: one person who answers for it, known to the other departments. None of this needs a decision of the heads; whatever should cost money will be proposed with its amount.",
        "1. Begin with the change that helps most people for the least work, and measure it from the first day.\n2. Ask the department next door to read it with fresh eyes.\n3. Report figures, not impressions, in the next status. Nothing here commits the company to spending; if that changes, it will be put forward as a proposal with the full amount.",
      ],
    },
  ],
  closing: [
    "The task is closed with this note. If a figure in it turns out to be wrong, it will be corrected here, with the date.",
    "With this the task is done. Remarks from other departments are welcome and will be answered in the next loop.",
  ],
};

const forms: Record<string, Form> = {
  "content-writer": article,
  "code-reviewer": review,
  analyst: analysis,
  "support-bot": answers,
};
