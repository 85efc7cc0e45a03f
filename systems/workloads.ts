import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ServiceSpec } from "../components/core/spec";
import { upstream } from "../images/table";

/** The image of all applications; each is told its role by its arguments. */
export const workloadsImage = {
  build: { context: "workloads", baseImages: { NODE_IMAGE: upstream("node24") } },
} satisfies ServiceSpec["image"];

/** Where the sources are: beside the folder of the systems, and in the image. */
const sources = { here: join(__dirname, "../workloads/src"), image: "/app/src" };
/** What starts a program anew when its sources change; development only. */
const hotReload = { here: join(__dirname, "algo-trading/hot-reload.ts"), image: "/app/development/hot-reload.ts" };

type Running = { readonly [Key in "args" | "files" | "hostMounts"]: NonNullable<ServiceSpec[Key]> };

/** How a program of the image runs: as it is, or anew with each change of its sources. */
export function running(program: readonly string[], { development }: { readonly development: boolean }): Running {
  if (!development) return { args: [...program], files: [], hostMounts: [] };
  return {
    args: ["node", hotReload.image, sources.image, ...program],
    files: [{ path: hotReload.image, content: readFileSync(hotReload.here, "utf8") }],
    hostMounts: [{ source: sources.here, path: sources.image, because: "a change of the sources is run at once" }],
  };
}
