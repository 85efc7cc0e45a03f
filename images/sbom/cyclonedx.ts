import { createHash } from "node:crypto";
import type { Component } from "./packages";

/** The image that a bill of materials is about. */
export interface ImageFacts {
  readonly reference: string;
  /** The engine's id of the image: a hash of what it is. */
  readonly id: string;
  /** When it was built, as an ISO date. */
  readonly created: string;
}

/** A bill of materials in CycloneDX 1.6, as an object of JSON. The same for the same image, whenever it is written. */
export function bomOf({ reference, id, created }: ImageFacts, components: readonly Component[]): object {
  const [name, version] = splitTag(reference);
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuidOf(`${reference} ${id}`)}`,
    version: 1,
    metadata: {
      timestamp: created,
      component: {
        type: "container",
        "bom-ref": reference,
        name,
        version,
        properties: [{ name: "twofold:image-id", value: id }],
      },
    },
    components: components.map((component) => ({
      type: "library",
      "bom-ref": component.purl,
      name: component.name,
      ...(component.version === "" ? {} : { version: component.version }),
      ...(component.license === undefined ? {} : { licenses: [{ license: { name: component.license } }] }),
      purl: component.purl,
    })),
    dependencies: [
      { ref: reference, dependsOn: components.map(({ purl }) => purl) },
      ...components.map(({ purl }) => ({ ref: purl })),
    ],
  };
}

/** Repository, and tag or digest. */
function splitTag(reference: string): readonly [string, string] {
  const [, name = reference, version = ""] = /^(.*?)(?:@|:(?=[^/]*$))(.*)$/.exec(reference) ?? [];
  return [name, version];
}

/** A UUID of version 8, which is one's own: a hash of a text. */
function uuidOf(text: string): string {
  const digits = createHash("sha256").update(text).digest("hex");
  const variant = ((Number.parseInt(digits.slice(16, 17), 16) & 3) | 8).toString(16);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join("-");
}
