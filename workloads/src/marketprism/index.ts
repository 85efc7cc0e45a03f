import type { Role } from "../roles/role.ts";
import { collector } from "./collector.ts";
import { gateway } from "./gateway.ts";
import { monitoring } from "./monitoring.ts";
import { scheduler } from "./scheduler.ts";
import { storage } from "./storage.ts";

/** The services of MarketPrism. */
export const marketPrism: readonly Role[] = [collector, storage, gateway, scheduler, monitoring];
