import type { Row } from "./rows";

/** Why no test shows a row: something is missing yet, or the row asks for what this catalogue does not have. */
export type Reason = { readonly open: string } | { readonly notApplicable: string };

/** The rows of a system that no test shows. */
export type Reasons = Partial<Record<Row, Reason>>;
