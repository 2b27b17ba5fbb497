export { durabilityNotice, type Embedded, type EmbeddedOptions, startEmbedded } from "./start-embedded.ts";
export { checkFolder, freeBytesMin } from "./check-folder.ts";
export { checkPort } from "./check-port.ts";
export { lockHolder } from "./folder-lock.ts";
export { identityOf, isAlive, type ProcessIdentity } from "./process-identity.ts";
export { checkFleet, type CheckedFleet } from "./check-fleet.ts";
export { dumpFolder } from "./dump-folder.ts";
export { type BackupKeys, backupFolder, restoreFolder } from "./backup-folder.ts";
export { BackupHeader, checkSealed, sealed, sealedLines } from "@aito/db";
