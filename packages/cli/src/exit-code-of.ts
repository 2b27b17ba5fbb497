import { exitCodes, isAitoError } from "@aito/base";

/** The documented exit code for a failure. */
export function exitCodeOf(error: unknown): number {
  if (!isAitoError(error)) return exitCodes.failed;
  if (error.code === "AITO_CLI_USAGE") return exitCodes.usage;
  if (error.code === "AITO_CLI_NOT_ACTIVE") return exitCodes.notActive;
  if (error.code === "AITO_CLI_NO_CONSOLE" || error.status === 502 || error.status === 503) return exitCodes.unavailable;
  if (error.status === 401 || error.status === 403) return exitCodes.refused;
  // 423: a kill switch is on.
  if (error.fate === "human" || error.status === 423) return exitCodes.config;
  if (error.status === 404 || error.status === 422) return exitCodes.usage;
  return exitCodes.failed;
}

export const exitCodesHelp = `
Exit codes:
  ${exitCodes.ok}   done
  ${exitCodes.failed}   failed
  ${exitCodes.usage}   wrong arguments, or something named does not exist
  ${exitCodes.unavailable}  the console or something behind it does not answer
  ${exitCodes.refused}  refused: no operator key or a wrong one, or the model refuses ANTHROPIC_API_KEY
  ${exitCodes.config}  a setting, file, port or folder must be changed, or a kill switch ended, first
  ${exitCodes.notActive}  the company is up, but not all of its agents became active in time (up)

Settings:
  AITO_URL                  address of the console (else from the company's folder)
  AITO_OPERATOR_KEY_FILE    file with the operator key (else <folder>/operator-key)
  AITO_FOLDER               the company's folder (default .aito)
  ANTHROPIC_API_KEY         with it the agents run on Claude, without it they rehearse (up)
`;
