/** The connection never stood, so nothing of the request can have been read. */
export const neverSent = (error: unknown): boolean => {
  const code = (error as { code?: unknown }).code;
  return (
    typeof code === "string" &&
    /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT|UND_ERR_CONNECT_TIMEOUT)$/.test(code)
  );
};
