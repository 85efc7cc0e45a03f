import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BareMachine } from "../support/bare-machine";

/** A Go that builds a tool which says what $ACTIONLINT has, and ends with 1 where that is something. */
const go = `
case $1 in
  env) shift; for name; do case $name in GOVERSION) echo go1.26.8 ;; *) echo "$HOME" ;; esac; done ;;
  build) [[ -z $BROKEN ]] || exit 1
    while [[ $1 != -o ]]; do shift; done; echo 'echo "actionlint$* $ACTIONLINT"; [[ -z $ACTIONLINT ]]' >"$2" && chmod +x "$2" ;;
esac`;

/** A Python that makes an environment whose pip installs such a zizmor. */
const python = `
case $2 in
  venv) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  pip) echo "$*" >>"$HOME/pip"; [[ -z $OFFLINE ]] || { echo 'no route to the index' >&2; exit 1; }
    echo 'echo "zizmor $* $ZIZMOR"; [[ -z $ZIZMOR ]] || exit 14' >"\${0%/*}/zizmor" && chmod +x "\${0%/*}/zizmor" ;;
esac`;

describe("the linters of the workflows", () => {
  let machine: BareMachine;
  beforeEach(() => {
    machine = new BareMachine();
  });
  afterEach(() => machine.remove());
  const lint = (env: Readonly<Record<string, string>> = {}) =>
    machine.run("set -euo pipefail; . scripts/lib/linters.sh; lint_workflows", env);

  it("are left out by name on a machine that cannot have them", () => {
    const { code, stderr } = lint();
    assert.equal(code, 0);
    assert.equal(
      stderr,
      "actionlint is not built, and Go is not installed: the workflows were not linted with it\n" +
        "zizmor is not here, and Python is not installed: the workflows were not audited with it\n",
    );
  });

  describe("where they can be had", () => {
    beforeEach(() => {
      machine.gives("go", go);
      machine.gives("python3", python);
    });

    it("are got once, by hashes, and look at the workflows without the network", () => {
      const first = lint();
      assert.equal(first.code, 0, first.stderr);
      assert.equal(first.stdout, "actionlint \nzizmor --offline --quiet --persona pedantic .github \n");
      assert.match(
        readFileSync(join(machine.home, "pip"), "utf8"),
        /^-m pip install .*--require-hashes --only-binary :all: /,
      );
      machine.run('rm "$(command -v go)" "$(command -v python3)"');
      assert.equal(lint().stdout, first.stdout);
      assert.equal(lint().stderr, "");
    });

    it("both have their say, and what either finds fails", () => {
      const { code, stdout } = lint({ ACTIONLINT: "line 1", ZIZMOR: "unpinned" });
      assert.match(stdout, /actionlint line 1\nzizmor .* unpinned\n/);
      assert.equal(code, 14);
      assert.equal(lint({ ACTIONLINT: "line 1" }).code, 1);
    });

    it("are left out by name where they cannot be built or fetched", () => {
      const { code, stderr } = lint({ BROKEN: "1", OFFLINE: "1" });
      assert.equal(code, 0);
      assert.match(stderr, /actionlint could not be built: the workflows were not linted with it\n/);
      assert.match(
        stderr,
        / {2}\| no route to the index\nzizmor could not be fetched from PyPI: the workflows were not audited/,
      );
      assert.equal(lint().code, 0, "and are tried again");
    });
  });
});
