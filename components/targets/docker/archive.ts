import { pack } from "tar-stream";

/** A file, or a folder when the path ends with a slash. */
export interface Entry {
  readonly path: string;
  readonly content: string;
  /** Octal digits. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
}

/** A tar archive of these entries. */
export async function archiveOf(entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const { path, content, mode, uid, gid } of entries) {
    const folder = path.endsWith("/");
    const header = { name: path.slice(1), mode: Number.parseInt(mode, 8), uid, gid };
    if (folder) archive.entry({ ...header, type: "directory" });
    else archive.entry(header, content);
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
