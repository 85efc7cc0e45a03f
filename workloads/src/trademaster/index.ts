import { api } from "./api.ts";
import { web } from "./web.ts";
import { worker } from "./worker.ts";

export const tradeMaster = [web, api, worker];
