import { DescriptionError } from "../core/errors";
import type { Image } from "../core/spec";

/** What an image of a description is where it is to run. */
export type ResolvedImage =
  | { readonly kind: "image"; readonly reference: string }
  | { readonly kind: "unavailable"; readonly because: string };

export type ResolveImage = (image: Image) => ResolvedImage;

/** Takes references as they are, for the target of that name when nothing builds images for it. */
export function withoutBuilds(target: string): ResolveImage {
  return (image) => {
    if (typeof image === "string") return { kind: "image", reference: image };
    throw new DescriptionError(`${target} target`, [
      {
        path: "image.build.context",
        given: `is ${JSON.stringify(image.build.context)}, and nothing here builds images`,
        remedy: `give ${target}({ resolveImage }) that names what was built, or use an image's reference`,
      },
    ]);
  };
}

/** What an image is called, or would be called if it could be had. */
export function imageName(image: Image, resolved: ResolvedImage): string {
  if (resolved.kind === "image") return resolved.reference;
  return typeof image === "string" ? image : `built from ${image.build.context}`;
}
