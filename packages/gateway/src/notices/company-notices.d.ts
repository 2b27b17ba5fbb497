import { type CompanyDeps } from "@aito/company";
import type { NoticeRecords } from "./send-notices.ts";
/** The waiting escalations of the company, as the notice's receiver sees them: what is asked, how it was voted on, and the link. */
export declare function companyNotices(deps: CompanyDeps, links: {
    linkKey: string;
    publicUrl: string;
}): NoticeRecords;
