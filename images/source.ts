export type ImageSource = "upstream" | "local";

export interface ChosenSource {
  readonly source: ImageSource;
  /** One line for the user. */
  readonly because: string;
}

export interface RegistryCheck {
  /** Root of the registry that is asked. @default Docker Hub's */
  readonly registry?: string;
  /** Milliseconds to wait for its answer. @default 3000 */
  readonly timeoutMs?: number;
}

/** Takes the configured source, and without one the upstream images where an image registry answers, else local builds. */
export async function chooseSource(
  configured: ImageSource | undefined,
  check: RegistryCheck = {},
): Promise<ChosenSource> {
  if (configured !== undefined) return { source: configured, because: `imageSource is set to ${configured}` };
  const registry = check.registry ?? "https://registry-1.docker.io";
  const silence = await probe(registry, check.timeoutMs ?? 3000);
  if (silence === undefined) return { source: "upstream", because: `${new URL(registry).host} answers` };
  return {
    source: "local",
    because: `${new URL(registry).host} ${silence}, so images are built here; set imageSource to upstream to pull all the same`,
  };
}

/**
 * Asks for the registry interface's root, which every registry answers with 200 or, before log-in, 401 and its version
 * header. The header tells a registry from a proxy's or a hotel's login page. Gives undefined, or what was wrong.
 */
async function probe(registry: string, timeoutMs: number): Promise<string | undefined> {
  try {
    const response = await fetch(new URL("/v2/", registry), {
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    const version = response.headers.get("docker-distribution-api-version");
    const speaks = version?.startsWith("registry/2") === true && (response.ok || response.status === 401);
    return speaks ? undefined : `answers with status ${response.status}, but not as an image registry`;
  } catch (error) {
    if (error instanceof DOMException && error.name === "TimeoutError") return `gave no answer in ${timeoutMs} ms`;
    return "cannot be reached";
  }
}
