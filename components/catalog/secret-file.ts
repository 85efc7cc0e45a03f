import type { SystemBuilder } from "../core/system";
import type { Value } from "../core/value";

const folder = "/run/secrets";

/** Where a service finds its secret of this name. */
export const secretPath = (name: string): string => `${folder}/${name}`;

/**
 * Gives a service a secret as a file that only its own user can read, and returns the path for a variable such as
 * `DATABASE_URL_FILE`. A file shows up neither in `docker inspect` nor in the environment of a child process.
 */
export function secretFile(system: SystemBuilder, service: string, name: string, content: Value): string {
  const path = secretPath(name);
  system.onClose(() => [{ service, files: [{ path, content, mode: 0o400 }] }]);
  return path;
}
