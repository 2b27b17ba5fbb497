import { AitoError } from "@aito/base";
import { z } from "zod";

/** The first line of a backup. */
export const BackupHeader = z.object({
  aito: z.literal("backup"),
  v: z.literal(1),
  company: z.string(),
  companyId: z.uuid(),
  at: z.iso.datetime(),
  /** Those that the database had run, in order. */
  migrations: z.array(z.string()),
});
export type BackupHeader = z.infer<typeof BackupHeader>;

/** Error: AITO_BACKUP_INVALID for a line that begins no backup, or one of a format that this version does not know. */
export function readHeader(line: string): BackupHeader {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = null;
  }
  const parsed = BackupHeader.safeParse(value);
  if (parsed.success) return parsed.data;
  const version = (value as { aito?: unknown; v?: unknown } | null)?.aito === "backup" ? (value as { v?: unknown }).v : undefined;
  throw new AitoError(
    "AITO_BACKUP_INVALID",
    typeof version === "number" && version !== 1
      ? `the backup has format ${version}, and this version reads format 1`
      : "this is no backup of AITO",
    { hint: "backups are made with: aito backup", fate: "human" },
  );
}
