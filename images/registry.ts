import { setTimeout as sleep } from "node:timers/promises";
import { ImageError } from "./errors";
import { challengeOf, logIn } from "./registry-login";

/** Where a registry has an image. */
export interface Place {
  /** `host[:port]` of the registry. */
  readonly host: string;
  readonly repository: string;
  readonly tag: string;
}

/** Takes apart `host[:port]/repository:tag`. */
export function placeOf(reference: string): Place {
  const slash = reference.indexOf("/");
  const colon = reference.lastIndexOf(":");
  return {
    host: reference.slice(0, slash),
    repository: reference.slice(slash + 1, colon),
    tag: reference.slice(colon + 1),
  };
}

/** Milliseconds for one answer of a registry. */
const patience = 10_000;

/** Milliseconds before it is asked again after an error of its own: it may read what another push is just writing. */
const pauses = [250, 500, 1000];

/** What a registry's manifest may be; the digest depends on which one is asked for. */
const manifestTypes = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.index.v1+json",
].join(", ");

/**
 * The digest of a tag's image; undefined when the registry has none. Throws an ImageError that says what to do when the
 * registry does not answer, refuses, or is none.
 */
export async function digestOf(place: Place): Promise<string | undefined> {
  const url = new URL(`/v2/${place.repository}/manifests/${place.tag}`, baseOf(place));
  const response = await request(place, "pull", url, { method: "HEAD", headers: { accept: manifestTypes } });
  if (response.status === 404) return undefined;
  const digest = response.headers.get("docker-content-digest");
  if (!response.ok || digest === null) throw await refusal(place, response);
  return digest;
}

/**
 * Begins an upload and gives it up again, because Docker tries for the better part of a minute before it tells a refusal.
 * Throws an ImageError when the registry would not take the image.
 */
export async function requirePush(place: Place): Promise<void> {
  const url = new URL(`/v2/${place.repository}/blobs/uploads/`, baseOf(place));
  const response = await request(place, "pull,push", url, { method: "POST" });
  const upload = response.headers.get("location");
  if (response.status !== 202 || upload === null) throw await refusal(place, response);
  await request(place, "pull,push", new URL(upload, url), { method: "DELETE" });
}

/** Asks, and where the registry wants to know by whom, once more with what `docker login` has kept. */
async function request(
  { host, repository }: Place,
  actions: string,
  url: URL,
  init: RequestInit & { readonly headers?: Record<string, string> },
): Promise<Response> {
  const asked = (at: URL, what: RequestInit): Promise<Response> => ask(host, at, what);
  const first = await asked(url, init);
  const challenge = first.status === 401 ? challengeOf(first) : undefined;
  if (challenge === undefined) return first;
  const authorization = await logIn(host, challenge, `repository:${repository}:${actions}`, asked);
  return authorization === undefined ? first : asked(url, { ...init, headers: { ...init.headers, authorization } });
}

async function ask(host: string, url: URL, init: RequestInit): Promise<Response> {
  for (const pause of pauses) {
    const response = await askOnce(host, url, init);
    if (response.status < 500) return response;
    await response.body?.cancel();
    await sleep(pause);
  }
  return askOnce(host, url, init);
}

async function askOnce(host: string, url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(patience) });
  } catch (error) {
    throw new ImageError(`the image registry ${host} ${silence(error)}`);
  }
}

/** What Docker does: plain HTTP on this machine itself, and TLS everywhere else. */
function baseOf({ host }: Place): string {
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);
  return `${loopback ? "http" : "https"}://${host}`;
}

const remedy =
  "start it (make cluster starts the one on this machine), or set kubernetes.registry to one that the nodes can pull from";

function silence(error: unknown): string {
  if (error instanceof DOMException && error.name === "TimeoutError")
    return `gave no answer in ${patience / 1000} s; ${remedy}`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const why = cause instanceof Error ? cause.message || code : String(cause);
  if (/CERT|SELF_SIGNED|ISSUER/.test(code))
    return `shows a certificate that is not trusted (${why}); name its authority's file in NODE_EXTRA_CA_CERTS, and give it to Docker in /etc/docker/certs.d`;
  if (/SSL|EPROTO/.test(code)) return `speaks no TLS (${why}); only a registry on this machine may do without`;
  return `cannot be reached (${why}); ${remedy}`;
}

async function refusal({ host, repository }: Place, response: Response): Promise<ImageError> {
  const { status } = response;
  const said = (await response.text()).replace(/\s+/g, " ").slice(0, 300);
  const answer = `the image registry ${host} answers with status ${status} for ${repository}${said === "" ? "" : ` (${said})`}`;
  if (status === 401 || status === 403)
    return new ImageError(`${answer}; log in with docker login ${host}, as somebody who may push there`);
  if (status >= 500) return new ImageError(`${answer}; see whether its disk is full, and what its log says`);
  return new ImageError(`${answer}; see whether kubernetes.registry names an image registry`);
}
