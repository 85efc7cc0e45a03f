// Node.js loads this before the program (nodeargs in Pulumi.yaml). It does what tsx does for the tests, and starts the
// program in a third of the time; docs/performance.md has the figures. Without write access nothing is kept, only slower.
const Module = require("node:module");
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { dirname, join, relative, sep } = require("node:path");

const root = dirname(__dirname);
const cache = join(root, ".twofold", "load");

// Machine code of the SDKs, so that V8 does not compile them anew in each run.
Module.enableCompileCache?.(join(cache, "v8"));

// The SDK loads these for functions that run in the cloud and for programs that run Pulumi: it gets them when it uses them.
const sdk = dirname(require.resolve("@pulumi/pulumi/package.json"));
deferred(["typescript", "@npmcli/arborist", "./automation"], sdk);

// The SDK takes a stack trace for each promise, and would trace its own sources through source maps in all of them. The
// program needs none: its lines stay where they are.
const mapping = require.resolve("source-map-support/register", { paths: [sdk] });
require.cache[mapping] = Object.assign(new Module(mapping), { loaded: true });

require.extensions[".ts"] = (module, file) => module._compile(javascript(file), file);

/** The file as JavaScript; each source file has one file in the cache, which ends with the hash of what it was made from. */
function javascript(file) {
  const source = readFileSync(file, "utf8");
  const hash = createHash("sha256").update(source).digest("hex");
  const kept = join(cache, "ts", `${relative(root, file).split(sep).join("+")}.js`);
  const before = attempt(() => readFileSync(kept, "utf8"));
  if (before?.endsWith(hash)) return before;
  const options = { transforms: ["typescript", "imports"], disableESTransforms: true, filePath: file };
  const fresh = `${require("sucrase").transform(source, options).code}\n//${hash}`;
  attempt(() => {
    mkdirSync(dirname(kept), { recursive: true });
    const part = `${kept}.${process.pid}`;
    writeFileSync(part, fresh);
    renameSync(part, kept);
  });
  return fresh;
}

/** Loads the modules of these names only when something of them is used, as far as files in the folder ask for them. */
function deferred(names, folder) {
  const load = Module._load;
  Module._load = (name, parent, isMain) => {
    if (!names.includes(name) || !parent?.filename?.startsWith(folder + sep)) return load(name, parent, isMain);
    const module = () => load(name, parent, isMain);
    // without the mark __esModule, importing the module would copy it, and so load it
    return new Proxy({}, { get: (_, key) => key === "__esModule" || module()[key] });
  };
}

function attempt(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}
