import {
  Brain,
  Coins,
  House,
  Lightbulb,
  ListChecks,
  type LucideIcon,
  MessageCircleQuestionMark,
  MessagesSquare,
  ScrollText,
  UsersRound,
  Vote,
} from "lucide-react";

export const pages = [
  { to: "/", title: "Overview", icon: House },
  { to: "/fleet", title: "Fleet", icon: UsersRound },
  { to: "/decisions", title: "Decisions", icon: Vote },
  { to: "/ideas", title: "Ideas", icon: Lightbulb },
  { to: "/work", title: "Work", icon: ListChecks },
  { to: "/costs", title: "Costs", icon: Coins },
  { to: "/messages", title: "Messages", icon: MessagesSquare },
  { to: "/memory", title: "Memory", icon: Brain },
  { to: "/ask", title: "Ask", icon: MessageCircleQuestionMark },
  { to: "/history", title: "History", icon: ScrollText },
] as const satisfies { to: string; title: string; icon: LucideIcon }[];
