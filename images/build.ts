import { join, resolve } from "node:path";
import { baseReference } from "./base";
import { clearAbandoned } from "./cache";
import { withContext } from "./context";
import { buildBase } from "./debian";
import { build, engineArchitecture, heldImages } from "./engine";
import { ImageError } from "./errors";
import { explain } from "./failure";
import { baseOf, localBuild, localReference, nameOf, parentOf } from "./local";
import { type BuildSpec, createResolver, type Resolver, resolveBases } from "./resolve";
import type { ImageSource } from "./source";
import { runTasks } from "./tasks";
import type { LocalBuild } from "./table";

export interface EnsureOptions {
  readonly source: ImageSource;
  /** Takes one line at a time. @default nothing is said */
  readonly progress?: (line: string) => void;
}

/** An image that the engine shall hold. */
interface Wanted {
  readonly reference: string;
  readonly label: string;
  readonly from: string;
  readonly needs: readonly Wanted[];
  readonly run: (tools: Tools) => Promise<void>;
}

interface Tools {
  readonly say: (line: string) => void;
  /** The processor to build for. */
  readonly architecture: () => Promise<string>;
}

const buildsAtOnce = 2;

/**
 * Builds what the engine lacks of these images and of what they start from, two at a time. Upstream references are left
 * to the engine to pull. Throws an ImageError with one line for each image that failed; a second call takes up the work.
 */
export async function ensureImages(images: readonly (string | BuildSpec)[], options: EnsureOptions): Promise<void> {
  const say = options.progress ?? (() => undefined);
  const wanted = wantedImages(images, options.source, say);
  if (wanted.length === 0) return;
  const missing = missingImages(wanted, await heldImages());
  if (missing.length === 0) return;
  clearAbandoned();
  say(`${missing.length} of the images must be built, ${buildsAtOnce} at a time`);
  const failures = await runTasks(toTasks(missing, say), buildsAtOnce);
  if (failures.length > 0) throw new ImageError(failures.map((failure) => messageOf(failure)).join("\n"));
}

function wantedImages(
  images: readonly (string | BuildSpec)[],
  source: ImageSource,
  say: (line: string) => void,
): readonly Wanted[] {
  const resolver = createResolver(source);
  return images.flatMap((image) => {
    const resolved = resolver(image);
    if (resolved.kind === "unavailable") {
      say(`${typeof image === "string" ? image : image.build.context} is left out: ${resolved.because}`);
      return [];
    }
    if (typeof image !== "string") return [wantedBuild(image, resolved.reference, source, resolver)];
    return source === "upstream" ? [] : wantedByReference(image);
  });
}

/** Third-party images that a reference of the table stands for. */
function wantedByReference(reference: string): readonly Wanted[] {
  const name = nameOf(reference);
  const local = name === undefined ? undefined : localBuild(name);
  return local === undefined ? [] : [wantedLocal(local)];
}

const debian: Wanted = {
  reference: baseReference,
  label: "debian",
  from: "Debian packages, by mmdebstrap",
  needs: [],
  run: async ({ say }) => buildBase(say),
};

function wantedLocal(local: LocalBuild): Wanted {
  const parent = parentOf(local);
  const reference = localReference(local);
  return {
    reference,
    label: local.name,
    from: local.from,
    needs: [parent === undefined ? debian : wantedLocal(parent)],
    run: async ({ architecture }) =>
      withContext(local, await architecture(), async (context) => {
        const args = [["BASE", baseOf(local)]] as const;
        await build({ reference, context, dockerfile: join(context, "Dockerfile"), args });
      }),
  };
}

function wantedBuild(spec: BuildSpec, reference: string, source: ImageSource, resolver: Resolver): Wanted {
  const context = resolve(spec.build.context);
  const bases = resolveBases(spec, resolver);
  const args = bases.kind === "bases" ? bases.args : [];
  return {
    reference,
    label: reference.slice(reference.indexOf("/") + 1, reference.lastIndexOf(":")),
    from: spec.build.context,
    needs: source === "upstream" ? [] : Object.values(spec.build.baseImages ?? {}).flatMap(wantedByReference),
    run: () =>
      build({ reference, context, dockerfile: join(context, spec.build.dockerfile), target: spec.build.target, args }),
  };
}

/** What is not there, each image after what it starts from. What a present image was made of need not be there. */
function missingImages(wanted: readonly Wanted[], held: ReadonlySet<string>): readonly Wanted[] {
  const missing = new Map<string, Wanted>();
  const visit = (image: Wanted): void => {
    if (held.has(image.reference) || missing.has(image.reference)) return;
    image.needs.forEach(visit);
    missing.set(image.reference, image);
  };
  wanted.forEach(visit);
  return [...missing.values()];
}

function toTasks(missing: readonly Wanted[], say: (line: string) => void) {
  let done = 0;
  let asked: Promise<string> | undefined;
  const tools: Tools = { say, architecture: () => (asked ??= engineArchitecture()) };
  return missing.map((image) => ({
    id: image.reference,
    needs: image.needs.map((need) => need.reference),
    run: async () => {
      const start = performance.now();
      say(`building ${image.label} from ${image.from}`);
      try {
        await image.run(tools);
      } catch (error) {
        throw explain(image.label, error, say);
      }
      done += 1;
      say(
        `${done} of ${missing.length}: ${image.label} is built, ${((performance.now() - start) / 1000).toFixed(1)} s`,
      );
    },
  }));
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
