/** Parts from which a hundred thousand different entries of a company's diary are made; few words are common, many are rare. */
const who =
  "the bakery|the harbour office|a supplier from Porto|our newsletter team|the night shift|the payment provider|a customer in Graz|the legal adviser|the warehouse|the new intern|a journalist|the printing house|the school board|the insurance company|the festival crew|the data centre|the city council|the cleaning firm|an angry tenant|the research group|the tax office|the courier|the landlord|a former colleague|the support desk|the marketing agency|the works council|the dentist|the orchestra|the ferry company".split(
    "|",
  );
const did =
  "confirmed the order of|cancelled the contract for|asked for a second offer on|complained about|moved the deadline of|paid the invoice for|found a mistake in|praised|wants to replace|tested|lost the documents of|signed the agreement on|halved the price of|forgot|translated|inspected|delivered|returned|photographed|insured|measured the effect of|stopped the work on|doubled the budget of|reported a defect in|reviewed|archived|announced|postponed|repaired|explained".split(
    "|",
  );
const what =
  "the tote bags|the summer campaign|the backup server|the allergen list|the wooden stage|the quarterly report|the login page|the delivery van|the fire alarm|the apple harvest|the price table|the translation of the manual|the rye bread|the safety training|the new logo|the rental agreement|the customer survey|the water pump|the photo archive|the solar panels|the mobile app|the wristbands|the coffee machine|the museum tickets|the certificate|the boiler|the shipping labels|the chess tournament|the cookie banner|the library shelves".split(
    "|",
  );
const how =
  "after a long telephone call|because of heavy rain|before the board meeting|without giving a reason|for a client in Vienna|to save money|since the old one broke|at the request of the union|during the trade fair|in spite of our warning|with the help of volunteers|as the law demands|within two days|to everybody's surprise|for the third time this year|by registered letter|against the advice of the auditor|at half the usual cost|while the office was closed|on the way to the airport".split(
    "|",
  );
const lists = [who, did, what, how] as const;

/** Numbers that look drawn, the same in each run. */
export function drawn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

export const parts: readonly string[] = lists.flat();

export interface Sentence {
  text: string;
  /** Which of `parts` it is made of. */
  of: number[];
}

export function sentence(random: () => number, at: number): Sentence {
  let offset = 0;
  const of = lists.map((list) => {
    // Squared: the first ones are common, the last ones rare.
    const chosen = offset + Math.floor(random() ** 2 * list.length);
    offset += list.length;
    return chosen;
  });
  const [a, b, c, d] = of.map((each) => parts[each]!) as [string, string, string, string];
  return { text: `${a} ${b} ${c} ${d}, case ${at} of lot x${Math.floor(random() * 40_000)}`, of };
}

/** A question about some entry, in its words but for one part. */
export function questionAbout({ of }: Sentence, random: () => number): string {
  const [a, b, c, d] = of.map((each) => parts[each]!) as [string, string, string, string];
  const forms = [
    `Who ${b} ${c} ${d}?`,
    `What did ${a} do about ${c}?`,
    `Why was it that ${a} ${b} something ${d}?`,
    `Tell me about ${c} and ${a}`,
  ];
  return forms[Math.floor(random() * forms.length)]!;
}
