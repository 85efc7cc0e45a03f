import type { Problem } from "../core/errors";
import type { ServicePlan } from "../core/plan-types";

/** The folder that a file lies in. */
export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));

/** The engine and the kernel fill these themselves. */
const reserved = ["/dev", "/proc", "/sys"];

/** Files where a target cannot mount anything. */
export function fileProblems(service: ServicePlan, target: string): readonly Problem[] {
  return service.files
    .filter(({ path }) => parentOf(path) === "" || reserved.some((folder) => path.startsWith(`${folder}/`)))
    .map(({ path }) => ({
      path: `services.${service.name}.files`,
      given: `has ${path}, where ${target} cannot put a file`,
      remedy: "put it into a folder of its own, such as /etc/app or /run/secrets",
    }));
}
