/** Stands where an act would, for whom it would only be refused. */
export const LooksOnly = ({ children }: { children: string }) => <p className="mt-3 text-sm text-quiet">{children}</p>;
