import { imageReference } from "../facts/image";
import { known, textAt } from "../facts/plain";
import { both, docker, kubernetes, type Rule, when } from "./rule";

const megabyte = 1_000_000;

/** Which programs run. */
export const imageRules: readonly Rule[] = [
  {
    of: "container",
    id: "pinned-image",
    title: "Images have a version",
    severity: "high",
    targets: both,
    why: "latest is another program tomorrow, and differs between two machines that pulled it on different days.",
    remedy: "Name a version, better still with its digest.",
    example: "image: redis:7.0.15-alpine3.20",
    references: {
      kubeLinter: ["latest-tag"],
      kubeScore: ["container-image-tag"],
      polaris: ["tagNotSpecified"],
      trivy: ["KSV-0013"],
      checkov: ["CKV_K8S_14"],
      cisDocker: ["5.28"],
    },
    compliance: { type: "security", severity: "medium" },
    check: ({ image }) =>
      known(image).flatMap((text) => {
        const { tag, digest } = imageReference(text);
        return when(digest === undefined && (tag === undefined || tag === "latest"), `runs ${text}, without a version`);
      }),
  },
  {
    of: "container",
    id: "image-digest",
    title: "Images are named by their content",
    severity: "medium",
    targets: both,
    why: "Whoever may push to the registry can move a tag; nobody can move a digest.",
    remedy: "Add the digest that the registry gave the image.",
    example: "image: redis:7.0.15@sha256:…",
    references: { checkov: ["CKV_K8S_43"] },
    check: ({ image }) =>
      known(image).flatMap((text) => when(imageReference(text).digest === undefined, `runs ${text}, without a digest`)),
  },
  {
    of: "container",
    id: "pull-policy-matches-pin",
    title: "A node cannot go on with another image of the same name",
    severity: "low",
    targets: kubernetes,
    why: "A tag that has moved is not pulled again by nodes that have it, so pods differ, and a pod may use what it has no right to pull.",
    remedy: "Name the digest, or set imagePullPolicy: Always.",
    example: "image: redis:7.0.15@sha256:…",
    references: {
      kubeScore: ["container-image-pull-policy"],
      polaris: ["pullPolicyNotAlways"],
      checkov: ["CKV_K8S_15"],
    },
    check: ({ image, plain }) => {
      const policy = textAt(plain, "imagePullPolicy");
      if (policy === "Always" || typeof policy === "symbol") return [];
      return known(image).flatMap((text) =>
        when(imageReference(text).digest === undefined, `runs ${text} without looking whether the tag has moved`),
      );
    },
  },
  {
    of: "container",
    id: "trusted-registries",
    title: "Images come from the registries that are named",
    severity: "medium",
    targets: both,
    why: "An image is a program with the service's rights; a name that is one letter off is somebody else's.",
    remedy: "Use an image of a registry in policy:registries, or add that registry.",
    example: "policy:registries: [registry.example.org/team, docker.io/library]",
    references: { trivy: ["KSV-0034", "KSV-0125"], cisDocker: ["4.2"] },
    blind: "nothing is judged while policy:registries is not set",
    check: ({ image }, _, { registries }) =>
      registries.length === 0
        ? []
        : known(image).flatMap((text) => {
            const { registry, repository } = imageReference(text);
            const place = `${registry}/${repository}`;
            const isTrusted = registries.some((prefix) => place === prefix || place.startsWith(`${prefix}/`));
            return when(!isTrusted, `runs ${text}, from ${place}`);
          }),
  },
  {
    of: "container",
    id: "image-size",
    title: "Images are smaller than 1000 MB",
    severity: "low",
    targets: docker,
    why: "What nobody needs takes disk and time at each start on a new machine, and has holes of its own.",
    remedy: "Build in one stage, and copy the result into another.",
    example: "FROM node:24-bookworm-slim",
    references: {},
    compliance: { type: "performance", severity: "low" },
    blind: "the size where nobody has asked the engine for it, and so every preview",
    check: ({ imageBytes = 0 }) =>
      when(imageBytes > 1000 * megabyte, `runs an image of ${Math.round(imageBytes / megabyte)} MB`),
  },
];
