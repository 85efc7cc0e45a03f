/** A name for a file about an image: without the registry's slashes and colons, and without the prefix of local builds. */
export function fileNameOf(reference: string): string {
  return reference.replace(/^twofold\.local\//, "").replace(/[^A-Za-z0-9._-]+/g, "-");
}
