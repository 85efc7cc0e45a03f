import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type Docker from "dockerode";
import { x } from "tinyexec";

const sources = join(__dirname, "../fixture");
/**
 * Debian's packages with what the image is made of; start gates look names up with a program of libc-bin, and busybox
 * sends no datagrams.
 */
const packages = ["libc6", "libc-bin", "dash", "busybox-static", "netcat-traditional"];

/** Builds the image that the suite deploys, unless it is there already, and gives its reference. */
export async function fixtureImage(docker: Docker): Promise<string> {
  const reference = `twofold.local/probe:${hashOfSources()}`;
  const images = await docker.listImages({ filters: { reference: [reference] } });
  if (images.length > 0) return reference;
  const context = mkdtempSync(join(tmpdir(), "twofold-"));
  try {
    cpSync(sources, context, { recursive: true });
    await unpackPrograms(join(context, "package"));
    const progress = await docker.buildImage(
      { context, src: ["Dockerfile", "package", "bin", "www"] },
      { t: reference },
    );
    await finished(docker, progress);
    return reference;
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

/** Takes the programs out of Debian's packages, without installing them. */
async function unpackPrograms(folder: string): Promise<void> {
  const archives = mkdtempSync(join(tmpdir(), "twofold-"));
  try {
    const nodeOptions = { cwd: archives };
    await x("apt-get", ["download", ...packages], { throwOnError: true, nodeOptions });
    for (const archive of readdirSync(archives)) {
      await x("dpkg-deb", ["--extract", archive, folder], { throwOnError: true, nodeOptions });
    }
    renameSync(join(folder, "usr/bin/getent"), join(folder, "bin/getent"));
    rmSync(join(folder, "usr"), { recursive: true, force: true });
  } finally {
    rmSync(archives, { recursive: true, force: true });
  }
}

function finished(docker: Docker, progress: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(progress, (error, messages: readonly { error?: string }[]) => {
      const failure = error?.message ?? messages.find((message) => message.error !== undefined)?.error;
      if (failure === undefined) resolve();
      else reject(new Error(`the fixture image cannot be built: ${failure}`));
    });
  });
}

function hashOfSources(): string {
  const hash = createHash("sha256").update(packages.join());
  const files = readdirSync(sources, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).sort()) {
    hash.update(relative(sources, path)).update(readFileSync(path));
  }
  return hash.digest("hex").slice(0, 12);
}
