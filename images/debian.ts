import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { baseRecipe, baseReference } from "./base";
import { workFolder } from "./cache";
import { run } from "./command";
import { importArchive } from "./engine";
import { ImageError } from "./errors";
import { isOnPath } from "./on-path";

const packages = ["mmdebstrap", "debian-archive-keyring"];
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Makes the Debian base of all local images and gives it to the engine. Needs mmdebstrap; as root, installs it. */
export async function buildBase(say: (line: string) => void): Promise<void> {
  await requireMmdebstrap(say);
  const folder = workFolder("debian");
  try {
    const archive = join(folder, "base.tar");
    const recipe = baseRecipe;
    await run("mmdebstrap", [
      `--variant=${recipe.variant}`,
      `--include=${recipe.include.join(",")}`,
      ...recipe.aptOptions.map((option) => `--aptopt=${option}`),
      ...recipe.dpkgOptions.map((option) => `--dpkgopt=${option}`),
      ...recipe.customise.map((command) => `--customize-hook=${command}`),
      recipe.suite,
      archive,
    ]);
    await importArchive(archive, baseReference, recipe.changes);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function requireMmdebstrap(say: (line: string) => void): Promise<void> {
  if (isOnPath("mmdebstrap") && existsSync(keyring)) return;
  const remedy = `apt-get install ${packages.join(" ")}`;
  if (!isOnPath("apt-get")) {
    throw new ImageError(
      `local images need mmdebstrap, which is on Debian and Ubuntu (${remedy}); or set imageSource to upstream`,
    );
  }
  if (process.getuid?.() !== 0) throw new ImageError(`local images need mmdebstrap; install it: sudo ${remedy}`);
  say(`installing what builds the Debian base: ${remedy}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update"], { env });
  await run("apt-get", ["install", "--yes", "--no-install-recommends", ...packages], { env });
}
