// The check of an exported history for the command line, which reaches the company's rules through here only. It opens nothing.
export { type ExportReport, parseAnchors, verifyExport } from "@aito/company/verify-export";
