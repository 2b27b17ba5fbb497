import { twMerge } from "tailwind-merge";

/** Joins class names; a later utility wins over an earlier one of its kind. */
export const cn = (...classes: (string | false | null | undefined)[]): string => twMerge(classes.filter(Boolean).join(" "));
