import { type Machine, openRound } from "./machine.ts";
import type { Columns } from "./queries.ts";

/** Pure: the seed's columns as the machine's ballots fill them: each voter's latest. */
export function columnsOf(machine: Machine): Columns {
  const open = openRound(machine);
  const latest = new Map(machine.rounds.flatMap((round) => round.ballots).map((ballot) => [ballot.voter, ballot.vote]));
  // The seed names its two heads. In a fleet with other heads the columns hold them in the order of the fleet file.
  const dao =
    machine.heads.find((head) => head === "dao") ??
    machine.heads.filter((head) => head !== "ceo").at(machine.heads.includes("ceo") ? 0 : 1);
  const ceo = machine.heads.find((head) => head !== dao);
  return {
    ceoVote: (ceo && latest.get(ceo)) ?? null,
    daoVote: (dao && latest.get(dao)) ?? null,
    councilVotes: {
      v: 1,
      ...Object.fromEntries(machine.council.flatMap((member) => (latest.has(member) ? [[member, latest.get(member)]] : []))),
    },
    phase: open?.phase ?? null,
    deadlineAt: open ? new Date(open.deadline) : null,
  };
}
