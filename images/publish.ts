import { ensureImages } from "./build";
import { CommandError, run } from "./command";
import { ImageError } from "./errors";
import { explainPush } from "./failure";
import { localPrefix } from "./local";
import { digestOf, placeOf, requirePush } from "./registry";
import { type BuildSpec, createResolver, type Resolver } from "./resolve";
import type { ImageSource } from "./source";
import { runTasks } from "./tasks";

export interface PublishOptions {
  readonly source: ImageSource;
  /** Where the nodes pull images from that were built here: `host[:port][/path]`. */
  readonly registry: string;
  /** Whether what the registry lacks is built and pushed; else it is named by its tag. @default true */
  readonly push?: boolean;
  /** Takes one line at a time. @default nothing is said */
  readonly progress?: (line: string) => void;
}

const pushesAtOnce = 2;

/** What an image that was built here is called in the registry: its name and the hash of what it is made of stay. */
function registryReference(reference: string, registry: string): string {
  return `${registry}/twofold/${reference.slice(localPrefix.length)}`;
}

/**
 * Has the images that are built here in the registry, and gives a resolver that names each by its digest there. What the
 * registry has with the same content is neither built nor pushed, and then no engine is asked for anything. Upstream
 * references are left as they are. Throws an ImageError with one line for each image that failed.
 */
export async function publishImages(
  images: readonly (string | BuildSpec)[],
  { source, registry, push = true, progress = () => undefined }: PublishOptions,
): Promise<Resolver> {
  const resolver = createResolver(source);
  const built = new Map<string, string | BuildSpec>();
  for (const image of images) {
    const resolved = resolver(image);
    if (resolved.kind === "image" && resolved.reference.startsWith(localPrefix)) built.set(resolved.reference, image);
  }
  const published = new Map<string, string>();
  const look = async (reference: string): Promise<void> => {
    const found = await byDigest(reference, registry);
    if (found !== undefined) published.set(reference, found);
  };
  await Promise.all([...built.keys()].map(look)).catch((error: unknown) => {
    if (push || !(error instanceof ImageError)) throw error;
    progress(`${error.message}; until then images are named by their tags`);
  });
  const missing = [...built].filter(([reference]) => !published.has(reference));
  if (push && missing.length > 0) {
    await ensureImages(
      missing.map(([, image]) => image),
      { source, progress },
    );
    const references = missing.map(([reference]) => reference);
    for (const [reference, found] of await pushAll(references, registry, progress)) published.set(reference, found);
  }
  return inRegistry(resolver, registry, published);
}

/** The resolver's images where the nodes find them: by the digest that is known of one, else by its tag in the registry. */
export function inRegistry(
  resolver: Resolver,
  registry: string,
  digests: ReadonlyMap<string, string> = new Map(),
): Resolver {
  return (image) => {
    const resolved = resolver(image);
    if (resolved.kind !== "image" || !resolved.reference.startsWith(localPrefix)) return resolved;
    const { reference } = resolved;
    return { kind: "image", reference: digests.get(reference) ?? registryReference(reference, registry) };
  };
}

/**
 * Pushes an image that the engine holds as `twofold.local/<name>:<hash>`, unless the registry has it, and gives its
 * reference by digest. Throws an ImageError, or a CommandError when Docker fails.
 */
export async function publish(reference: string, registry: string): Promise<string> {
  const there = await byDigest(reference, registry);
  if (there !== undefined) return there;
  const target = registryReference(reference, registry);
  const place = placeOf(target);
  await requirePush(place);
  await run("docker", ["tag", reference, target]);
  await push(target);
  const digest = await byDigest(reference, registry);
  if (digest === undefined)
    throw new ImageError(`the image registry ${place.host} has no ${target} after it was pushed; see its log`);
  return digest;
}

/** Once more where the registry had an error of its own: of two who push one image, each may read what the other is writing. */
async function push(target: string): Promise<void> {
  try {
    await run("docker", ["push", target]);
  } catch (error) {
    if (!(error instanceof CommandError) || !/unexpected HTTP status: 5\d\d/.test(error.message)) throw error;
    await run("docker", ["push", target]);
  }
}

async function byDigest(reference: string, registry: string): Promise<string | undefined> {
  const target = registryReference(reference, registry);
  const place = placeOf(target);
  const digest = await digestOf(place);
  return digest === undefined ? undefined : `${place.host}/${place.repository}@${digest}`;
}

async function pushAll(
  references: readonly string[],
  registry: string,
  say: (line: string) => void,
): Promise<ReadonlyMap<string, string>> {
  const pushed = new Map<string, string>();
  const tasks = references.map((reference) => {
    const label = reference.slice(localPrefix.length);
    const attempt = async (): Promise<void> => {
      say(`pushing ${label} to ${registry}`);
      try {
        pushed.set(reference, await publish(reference, registry));
      } catch (error) {
        throw explainPush(label, placeOf(registryReference(reference, registry)).host, error, say);
      }
      say(`${pushed.size} of ${references.length}: ${label} is in ${registry}`);
    };
    return { id: reference, needs: [], run: attempt };
  });
  const failures = await runTasks(tasks, pushesAtOnce);
  if (failures.length > 0)
    throw new ImageError(failures.map((error) => (error instanceof Error ? error.message : String(error))).join("\n"));
  return pushed;
}
