import type { SystemPlan } from "../components/core/plan-types";
import type { Image } from "../components/core/spec";
import type { StackConfig } from "../config/stack";
import { ensureImages } from "../images/build";
import { publishImages } from "../images/publish";
import { createResolver, type Resolver } from "../images/resolve";
import { type ChosenSource, chooseSource, type ImageSource } from "../images/source";
import { gateImage } from "./kubernetes";
import { monitoringImages } from "./monitoring/index";
import { planSystems } from "./plan";

/** Every image that the plans need on the stack's target. */
function imagesOf(
  config: Pick<StackConfig, "target" | "monitoring" | "clusterMonitoring">,
  plans: readonly SystemPlan[],
): readonly Image[] {
  const own = plans.flatMap(({ services }) => services.map(({ image }) => image));
  return config.target === "kubernetes" ? [...own, gateImage, ...monitoringImages(config)] : own;
}

/** Where a stack's images come from. The node of make cluster has no way to a registry beyond this machine. */
export async function sourceOf({
  imageSource,
  target,
  kubeContext,
}: Pick<StackConfig, "imageSource" | "target" | "kubeContext">): Promise<ChosenSource> {
  if (imageSource === undefined && target === "kubernetes" && kubeContext === undefined)
    return { source: "local", because: "the node of make cluster reaches no registry but that of this machine" };
  return chooseSource(imageSource);
}

export interface ProvideOptions {
  readonly source: ImageSource;
  /** Whether images are built and pushed that are not there; else they are only named. */
  readonly make: boolean;
  /** Takes one line at a time. */
  readonly progress: (line: string) => void;
}

/**
 * Has the images of the plans where the stack's target gets them: on the engine, or in the registry that the nodes pull
 * from. Gives what each is called there. Throws an ImageError with one line for each image that cannot be had.
 */
export async function provideImages(
  config: Pick<StackConfig, "target" | "kubernetes" | "monitoring" | "clusterMonitoring">,
  plans: readonly SystemPlan[],
  { source, make, progress }: ProvideOptions,
): Promise<Resolver> {
  const images = imagesOf(config, plans);
  if (config.target === "kubernetes")
    return publishImages(images, { source, registry: config.kubernetes.registry, push: make, progress });
  if (make) await ensureImages(images, { source, progress });
  return createResolver(source);
}

/** An image of a stack. */
export interface StackImage {
  /** What the systems call it: its reference, or the folder that it is built from. */
  readonly name: string;
  readonly resolved: ReturnType<Resolver>;
}

/** How far images are got: only named, as the engine has them; built where the engine lacks them; or where the target gets them. */
export type Provision = "named" | "built" | "published";

/** Gets the images of a stack's systems, and gives each of them once. Throws an ImageError as `provideImages` does. */
export async function stackImages(
  config: StackConfig,
  provision: Provision,
  progress: (line: string) => void,
): Promise<readonly StackImage[]> {
  const { source, because } = await sourceOf(config);
  progress(`images: ${source}, because ${because}`);
  const plans = planSystems(config).map(({ plan }) => plan);
  const images = imagesOf(config, plans);
  if (provision === "built") await ensureImages(images, { source, progress });
  const resolve =
    provision === "published"
      ? await provideImages(config, plans, { source, make: true, progress })
      : createResolver(source);
  const named = images.map((image) => ({
    name: typeof image === "string" ? image : image.build.context,
    resolved: resolve(image),
  }));
  return [...new Map(named.map((image) => [JSON.stringify(image), image])).values()];
}
