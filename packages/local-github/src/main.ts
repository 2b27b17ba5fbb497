import { createLogger, readConfig, runProgram, systemClock } from "@aito/base";
import { LocalGithubConfig } from "./config.ts";
import { unlimited } from "./rate-limits.ts";
import { startLocalGithub } from "./start-local-github.ts";

const log = createLogger({ program: "local-github", level: process.env["LOG_LEVEL"] });

await runProgram(log, async (life) => {
  const config = readConfig(LocalGithubConfig, process.env);
  const github = life.add(
    "server",
    await startLocalGithub({
      folder: config.AITO_GITHUB_FOLDER,
      host: config.AITO_HOST,
      port: config.AITO_GITHUB_PORT,
      tokens: { [config.AITO_GITHUB_TOKEN]: config.AITO_GITHUB_LOGIN },
      ...(config.AITO_GITHUB_PUBLIC_URL === undefined ? {} : { publicUrl: config.AITO_GITHUB_PUBLIC_URL }),
      ...(config.AITO_GITHUB_REHEARSAL === "yes" ? { makesRepositories: true, checkAnswers: false, limits: unlimited } : {}),
      log,
      clock: systemClock,
    }),
  );
  for (const full of config.AITO_GITHUB_REPOSITORIES.split(",").filter((name) => name.includes("/"))) {
    const [owner = "", name = ""] = full.trim().split("/");
    await github.addRepository({ owner, name });
  }
});
