export { type EmailOptions, emailChannel } from "./email/email-channel.ts";
export { EmbedderConfig, makeEmbedder } from "./embedders/embedder-settings.ts";
export { localEmbedder } from "./embedders/local/local-embedder.ts";
export { allowedSigner, type CommitKey, commitKey } from "./github/commit-signature.ts";
export { GithubLimit } from "./github/github-errors.ts";
export { GithubIssues, type IssueBoardOptions } from "./github/issue-board.ts";
export {
  type Branch,
  type FileWrite,
  commitsUnder,
  findCommit,
  pushCommit,
  readBlob,
  readBranch,
  searchFiles,
  type TreeEntry,
} from "./github/git-repository.ts";
export { githubApp, isPrivateKey } from "./github/github-app.ts";
export { GithubClient, type GithubOptions } from "./github/github-client.ts";
export type { GithubPlace } from "./github/octokit-by-token.ts";
export { ensurePull, findPull, hasReview, mergePull, type PullState, readPull, writeReview } from "./github/pull-request.ts";
export {
  type EntryMode,
  type FileChange,
  type GitRight,
  indexTree,
  judgeChange,
  type PathScope,
  type ScopeRefusal,
  type TreeIndex,
} from "./github/path-scope.ts";
export { hidesText, inertLine, visibleLine } from "./inert-text.ts";
export type { ChatInbox, ChatUpdate } from "./chat-inbox.ts";
export { type NoticeChannel, type NoticeMessage, sendMsMax, type SendResult } from "./notice-channel.ts";
export { noticeSubject, noticeText } from "./notice-text.ts";
export { telegramChannel } from "./telegram/telegram-channel.ts";
export { sendWebhook, webhookTimeoutMs, type WebhookResult } from "./webhook/send-webhook.ts";
export {
  signWebhook,
  verifyWebhook,
  webhookHeaders,
  webhookSecretsMax,
  webhookToleranceSecondsMax,
} from "./webhook/signature.ts";
export { webhookChannel } from "./webhook/webhook-channel.ts";
