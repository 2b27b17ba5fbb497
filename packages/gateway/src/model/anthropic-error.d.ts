import { type AitoError } from "@aito/base";
/** Our errors as the Messages API writes its own, so that every SDK reads them. */
export declare function anthropicError(error: AitoError): {
    type: "error";
    error: {
        type: string;
        message: string;
    };
};
