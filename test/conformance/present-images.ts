import assert from "node:assert/strict";
import type { Image } from "../../components/core/spec";
import { ensureImages } from "../../images/build";
import { createResolver } from "../../images/resolve";
import { chooseSource } from "../../images/source";

/** How long images may take that have to be built first. */
export const buildMilliseconds = 1_200_000;

/** Has images of the catalogue on the engine, and gives the reference of each under which it is there. */
export async function presentImages(images: readonly Image[]): Promise<(image: Image) => string> {
  const { source } = await chooseSource(undefined);
  await ensureImages(images, { source, progress: (line) => console.log(line) });
  const resolve = createResolver(source);
  return (image) => {
    const resolved = resolve(image);
    assert.ok(resolved.kind !== "unavailable", "it cannot be had here");
    return resolved.reference;
  };
}
