import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { x } from "tinyexec";

const sources = join(__dirname, "../fixture");

/** Builds the image that the suite deploys, unless it is there already, and gives its reference. */
export async function fixtureImage(docker: Docker): Promise<string> {
  const reference = `twofold.local/probe:${hashOfSources()}`;
  const images = await docker.listImages({ filters: { reference: [reference] } });
  if (images.length > 0) return reference;
  const context = mkdtempSync(join(tmpdir(), "twofold-"));
  try {
    cpSync(sources, context, { recursive: true });
    await fetchBusybox(context);
    const progress = await docker.buildImage(
      { context, src: ["Dockerfile", "busybox", "probe", "www"] },
      { t: reference },
    );
    await finished(docker, progress);
    return reference;
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

/** Takes the static busybox out of Debian's package, without installing it. */
async function fetchBusybox(folder: string): Promise<void> {
  const nodeOptions = { cwd: folder };
  await x("apt-get", ["download", "busybox-static"], { throwOnError: true, nodeOptions });
  const archive = readdirSync(folder).find((name) => name.endsWith(".deb"));
  if (archive === undefined) throw new Error("apt-get download busybox-static brought no package");
  await x("dpkg-deb", ["--extract", archive, "package"], { throwOnError: true, nodeOptions });
  cpSync(join(folder, "package/bin/busybox"), join(folder, "busybox"));
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
  const hash = createHash("sha256");
  for (const name of ["Dockerfile", "probe", "www/index.html", "www/cgi-bin/whoami"]) {
    hash.update(name).update(readFileSync(join(sources, name)));
  }
  return hash.digest("hex").slice(0, 12);
}
