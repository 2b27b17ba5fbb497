import { z } from "zod";

/** With what each role that has a repository signs its commits: public halves only. */
export const SignersView = z.object({
  items: z.array(
    z.object({
      role: z.string(),
      email: z.string().describe("the author and committer of the role's commits; nothing is ever sent there"),
      publicKey: z.string().describe("ssh-ed25519, as GitHub takes it for a signing key"),
      allowedSigner: z.string().describe("a line of git's file of allowed signers (gpg.ssh.allowedSignersFile)"),
    }),
  ),
});
export type SignersView = z.infer<typeof SignersView>;
