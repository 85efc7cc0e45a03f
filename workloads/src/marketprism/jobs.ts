import { z } from "zod";

/** What the scheduler asks others to do. */
export const jobSchema = z.object({ job: z.enum(["retention"]), at: z.iso.datetime() });

export type Job = z.output<typeof jobSchema>;

export const jobSubject = ({ job }: Job): string => `market.jobs.${job}`;
