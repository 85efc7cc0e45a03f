import { DescriptionError, type Problem } from "../../core/errors";
import type { ServicePlan } from "../../core/plan-types";
import { parentOf } from "../file-problems";
import type { CarrierModel, UploadModel } from "./model";

/** Uploaded files lie over copies of the folders that hold them, so that the image's own files stay beside them. */
export function carriersOf(service: ServicePlan, image: string, name: string): readonly CarrierModel[] {
  if (service.files.length === 0) return [];
  const folders = outermost(service.files.map(({ path }) => parentOf(path)));
  const { user, group } = service.security;
  const files = service.files.map(({ path, content, mode, uid = user, gid = group }) => ({
    path,
    content,
    mode: octal(mode),
    uid,
    gid,
  }));
  return [
    {
      name: `${name}.files`,
      image,
      folders,
      uploads: [...mountPoints(service, folders), ...files],
    },
  ];
}

/** What is mounted inside a folder that cannot be written must have its place there before. */
function mountPoints(service: ServicePlan, folders: readonly string[]): readonly UploadModel[] {
  const mounts = [...Object.values(service.volumes), ...Object.values(service.scratch), ...service.hostMounts];
  return mounts
    .map(({ path }) => path)
    .filter((path) => folders.some((folder) => path.startsWith(`${folder}/`)))
    .sort()
    .map((path) => folderEntry(path, "0755", 0, 0));
}

const folderEntry = (path: string, mode: string, uid: number, gid: number): UploadModel => ({
  path: `${path}/`,
  content: "",
  mode,
  uid,
  gid,
});

const octal = (mode: number): string => mode.toString(8).padStart(4, "0");

/** Of folders inside one another, the outermost. */
function outermost(folders: readonly string[]): readonly string[] {
  const sorted = [...new Set(folders)].sort();
  return sorted.filter((folder) => !sorted.some((other) => folder.startsWith(`${other}/`)));
}

export function refuse(system: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new DescriptionError(`system ${system} on docker`, problems);
}
