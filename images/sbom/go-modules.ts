/** What a Go program says that it was built from. */
export interface GoBuild {
  /** Version of the Go that built it, as `go1.25.11`. */
  readonly go: string;
  readonly modules: readonly { readonly path: string; readonly version: string }[];
}

const magic = Buffer.from("\xff Go buildinf:", "latin1");
/** Bytes of the header, and of the marks around the list of modules. */
const [headerBytes, markBytes] = [32, 16];
/** The flag of the header that says that both texts follow it, as they do since Go 1.18. */
const inline = 2;

/** Reads what `go version -m` reads; undefined for what Go has not built, or has before version 1.18. */
export function goBuildIn(program: Buffer): GoBuild | undefined {
  // a program may hold the words without being about itself, as Go's own tools do
  for (let at = program.indexOf(magic); at >= 0; at = program.indexOf(magic, at + 1)) {
    if (((program[at + magic.length + 1] ?? 0) & inline) === 0) continue;
    const version = textAt(program, at + headerBytes);
    if (version === undefined || !/^(go\d|devel )/.test(version.text.toString())) continue;
    const list = textAt(program, version.end);
    if (list === undefined) continue;
    return {
      go: version.text.toString().split(" ")[0] ?? "",
      modules: modulesIn(list.text.subarray(markBytes, Math.max(markBytes, list.text.length - markBytes)).toString()),
    };
  }
  return undefined;
}

/** A text after its length, which is written in groups of seven bits, the lowest first. */
function textAt(program: Buffer, at: number): { readonly text: Buffer; readonly end: number } | undefined {
  let [length, factor, position] = [0, 1, at];
  for (;;) {
    const byte = program[position];
    if (byte === undefined || factor > 2 ** 28) return undefined;
    length += (byte & 0x7f) * factor;
    factor *= 128;
    position += 1;
    if (byte < 0x80) break;
  }
  const end = position + length;
  return end > program.length ? undefined : { text: program.subarray(position, end), end };
}

/** Lines of a kind, a path, a version and a sum; `=>` takes the place of the line before. */
function modulesIn(list: string): GoBuild["modules"] {
  const modules: { path: string; version: string }[] = [];
  for (const line of list.split("\n")) {
    const [kind = "", path = "", version = ""] = line.split("\t");
    if (kind === "=>") modules.pop();
    if (["mod", "dep", "=>"].includes(kind)) modules.push({ path, version: version === "(devel)" ? "" : version });
  }
  return modules;
}
