import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command";
import type { GoProgram } from "./table";

interface Places {
  /** Folder with go.mod and go.sum. */
  readonly sources: string;
  /** Name of the processor in Go. */
  readonly architecture: string;
  /** Build context of the image, with the recipe in it; programs get into its folder `bin`. */
  readonly folder: string;
}

/** Compiles a Go program and what comes with it for an image. */
export async function buildGo(program: GoProgram, { sources, architecture, folder }: Places): Promise<void> {
  const { package: main, binary, version, tags = [], tools = {}, edit } = program;
  const flags = ["-trimpath", "-buildvcs=false", "-mod=readonly", "-ldflags", ["-s -w", ...version].join(" -X ")];
  if (tags.length > 0) flags.push("-tags", tags.join(","));
  if (edit !== undefined) flags.push("-modfile", await withEdit(edit, sources, folder));
  const env = { CGO_ENABLED: "0", GOOS: "linux", GOARCH: architecture };
  for (const [name, source] of Object.entries({ [binary]: main, ...tools }))
    await run("go", ["build", ...flags, "-o", join(folder, "bin", name), source], { cwd: sources, env });
}

/** Copies the module with the file changed, and gives a go.mod that takes it from there: Go compiles its cache as it is. */
async function withEdit(
  { module, file, by }: NonNullable<GoProgram["edit"]>,
  sources: string,
  folder: string,
): Promise<string> {
  await run("go", ["mod", "download", module], { cwd: sources });
  const original = (await run("go", ["list", "-m", "-f", "{{.Dir}}", module], { cwd: sources })).trim();
  const changed = await run("sed", ["-E", "-f", join(folder, by), join(original, file)]);
  if (changed === readFileSync(join(original, file), "utf8"))
    throw new Error(`${by} changes nothing in ${module}/${file}: what it looks for is not there any more; correct it`);
  const work = join(folder, "edited");
  const copy = join(work, "module");
  mkdirSync(copy, { recursive: true });
  await run("cp", ["-R", "--no-preserve=mode", `${original}/.`, copy]);
  writeFileSync(join(copy, file), changed);
  for (const name of ["go.mod", "go.sum"]) cpSync(join(sources, name), join(work, name));
  await run("go", ["mod", "edit", "-replace", `${module}=${copy}`, join(work, "go.mod")]);
  return join(work, "go.mod");
}
