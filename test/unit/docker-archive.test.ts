import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { extract, type Header } from "tar-stream";
import { archiveOf } from "../../components/targets/docker/archive";

describe("archive", () => {
  it("keeps path, mode, owner and content of files and folders", async () => {
    const archive = await archiveOf([
      { path: "/run/secrets/", content: "", mode: "0755", uid: 0, gid: 0 },
      { path: "/run/secrets/password", content: "söcret", mode: "0400", uid: 70, gid: 71 },
      { path: "/etc/app/empty", content: "", mode: "0444", uid: 10001, gid: 10001 },
    ]);
    assert.deepEqual(await entriesOf(archive), [
      { name: "run/secrets/", type: "directory", mode: 0o755, uid: 0, gid: 0, content: "" },
      { name: "run/secrets/password", type: "file", mode: 0o400, uid: 70, gid: 71, content: "söcret" },
      { name: "etc/app/empty", type: "file", mode: 0o444, uid: 10001, gid: 10001, content: "" },
    ]);
  });

  it("keeps a path that leads out of where it is unpacked", async () => {
    const archive = await archiveOf([{ path: "/../data/", content: "", mode: "0700", uid: 70, gid: 70 }]);
    const [folder] = await entriesOf(archive);
    assert.deepEqual(folder, { name: "../data/", type: "directory", mode: 0o700, uid: 70, gid: 70, content: "" });
  });
});

type Found = Pick<Header, "name" | "type" | "mode" | "uid" | "gid"> & { readonly content: string };

async function entriesOf(archive: Buffer): Promise<Found[]> {
  const found: Found[] = [];
  for await (const entry of Readable.from([archive]).pipe(extract())) {
    const { name, type, mode, uid, gid } = entry.header;
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    found.push({ name, type, mode, uid, gid, content: Buffer.concat(chunks).toString() });
  }
  return found;
}
