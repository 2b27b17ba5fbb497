import type { User } from "../github-state.ts";

/** A handle that stands for a thing in GraphQL; ours says what it is. */
export const nodeId = (kind: string, id: number | string): string => Buffer.from(`${kind}:${id}`).toString("base64url");

const parts = "followers following gists starred subscriptions organizations repos events received_events".split(" ");

export function presentAccount({ id, login, type }: User, baseUrl: string): Record<string, unknown> {
  const url = `${baseUrl}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId("User", id),
    avatar_url: `${url}/avatar`,
    gravatar_id: "",
    url,
    html_url: `${baseUrl}/${encodeURIComponent(login)}`,
    ...Object.fromEntries(parts.map((part) => [`${part}_url`, `${url}/${part}`])),
    type,
    site_admin: false,
  };
}
