import { type CompanyDeps, gitRoles } from "@aito/company";
import { allowedSigner, commitKey } from "@aito/connectors";
import type { SignersView } from "@aito/protocol";
import { commitAuthor } from "./commit-author.ts";

/** The public keys with which the roles' commits can be verified. */
export async function commitSigners(deps: CompanyDeps, commitSecret: string): Promise<SignersView> {
  const items = (await gitRoles(deps)).map((role) => {
    const { email } = commitAuthor(role);
    const key = commitKey(commitSecret, role);
    return { role, email, publicKey: key.publicKey, allowedSigner: allowedSigner(email, key) };
  });
  return { items };
}
