import * as pulumi from "@pulumi/pulumi";
import { partsOf, type Value } from "../core/value";
import type { Scope } from "./target";

/** A value with its secrets filled in; itself a secret when it has any. */
export function resolveValue(value: Value, scope: Scope): pulumi.Output<string> {
  return pulumi.concat(...partsOf(value).map((part) => (typeof part === "string" ? part : scope.secret(part))));
}
