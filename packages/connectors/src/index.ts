export { sendWebhook, webhookTimeoutMs, type WebhookResult } from "./webhook/send-webhook.ts";
export { signWebhook, verifyWebhook, webhookHeaders, webhookToleranceSecondsMax } from "./webhook/signature.ts";
