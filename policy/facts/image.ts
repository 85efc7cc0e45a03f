/** An image reference in its parts; a repository without a host is Docker Hub's. */
export interface ImageReference {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

export function imageReference(text: string): ImageReference {
  const [name = "", digest] = text.split("@");
  // an engine's own id of an image
  if (/^sha256:[0-9a-f]+$/.test(text)) return { registry: "", repository: "", tag: undefined, digest: text };
  const [, path = name, tag] = /^(.*):([\w.-]+)$/.exec(name) ?? [];
  const [first = "", ...rest] = path.split("/");
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  if (hasHost) return { registry: first, repository: rest.join("/"), tag, digest };
  return { registry: "docker.io", repository: rest.length === 0 ? `library/${path}` : path, tag, digest };
}

/** The last part of the repository, which names the program in most images. */
export function programOf(text: string): string {
  return imageReference(text).repository.split("/").at(-1) ?? "";
}
