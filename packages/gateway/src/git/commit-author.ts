/** A role as the author of commits; nothing is ever sent to the address. */
export const commitAuthor = (role: string): { name: string; email: string } => ({
  name: role,
  email: `${role}@agents.aito.invalid`,
});
