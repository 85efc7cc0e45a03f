import * as pulumi from "@pulumi/pulumi";
import { readStack } from "./config/stack";
import { deploySystems, explained } from "./systems/deploy";

const deployment = pulumi.output(deploySystems(readStack()).catch(explained));

/** Where exposed ports answer, by system and `service/port`. */
export const addresses = deployment.addresses;
/** What the target does otherwise than described, or not at all, by system. */
export const parity = deployment.parity;
/** Services that were left out, with the reason, by system. */
export const omitted = deployment.omitted;
