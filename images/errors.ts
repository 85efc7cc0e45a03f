/** A problem with images that the user can solve; its message is one line that says what to do. */
export class ImageError extends Error {
  override readonly name = "ImageError";
}
