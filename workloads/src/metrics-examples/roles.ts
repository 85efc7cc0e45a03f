import { backend } from "./backend.ts";
import { scraper } from "./scraper.ts";
import { worker } from "./worker.ts";

export const metricsExamples = [worker, scraper, backend];
