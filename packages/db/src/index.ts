export { type Database, type Queries, type Role, type Scope, statementTimeoutMs, type Tx } from "./database.ts";
export { checkPostgres, connectPostgres } from "./postgres/connect-postgres.ts";
export { type EmbeddedDatabase, openPglite } from "./pglite/open-pglite.ts";
export { migratePglite, migratePostgres } from "./migrate.ts";
export { type Statement, together } from "./together.ts";
export { dumpCompany } from "./transfer/dump-company.ts";
export { loadCompany } from "./transfer/load-company.ts";
