import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BareMachine } from "../support/bare-machine";

/** A kubectl that notes how it is called, and answers as the API server does unless $ENDS is set. */
const kubectl = `echo "$*" >>"$HOME/calls"
[[ -z \${ENDS:-} ]] || { echo 'connection refused' >&2; exit 1; }
echo '{ "major": "1", "gitVersion": "v1.33.1" }'`;

describe("the scripts of the cluster", function () {
  this.timeout(60_000);
  let machine: BareMachine;
  beforeEach(() => {
    machine = new BareMachine();
    machine.gives("kubectl", kubectl);
  });
  afterEach(() => machine.remove());

  const configure = (...lines: readonly string[]): void =>
    machine.write(
      "clone/Pulumi.dev.yaml",
      ["config:", "  twofold:target: kubernetes", ...lines.map((line) => `  ${line}`), ""].join("\n"),
    );
  const cluster = (line: string, env?: Readonly<Record<string, string>>) =>
    machine.run(`set -euo pipefail; . scripts/lib/cluster.sh; ${line}`, env);

  describe("with a cluster that the stack names", () => {
    for (const [written, read] of [
      ["twofold:kubeContext: prod", "prod"],
      ['twofold:kubeContext: "admin@kind-one" # ours', "admin@kind-one"],
      ["twofold:kubeContext: 'arn:aws:eks:x:1:cluster/a b'", "arn:aws:eks:x:1:cluster/a b"],
      ["twofold:kubernetes: { domain: x }", ""],
      ["# twofold:kubeContext: prod", ""],
    ] as const)
      it(`reads ${written}`, () => {
        configure(written);
        assert.equal(cluster("stack_context").stdout.trimEnd(), read);
      });

    it("knows of none where the stack has no file", () => {
      const { code, stdout } = cluster('context=$(stack_context); echo "<$context>"', { STACK: "nowhere" });
      assert.deepEqual([code, stdout], [0, "<>\n"]);
    });

    it("asks it whether it answers, and does nothing else", () => {
      configure("twofold:kubeContext: mine");
      const { code, stderr } = machine.run("scripts/cluster.sh up");
      assert.equal(code, 0, stderr);
      assert.equal(stderr, "using v1.33.1  context mine, which Pulumi.dev.yaml names; nothing is installed in it\n");
      const calls = readFileSync(join(machine.home, "calls"), "utf8");
      assert.equal(calls, "--context mine get --raw /version --request-timeout 10s\n");
      assert.equal(machine.has("clone/.twofold"), false);
    });

    it("says why it cannot be used", () => {
      configure("twofold:kubeContext: mine");
      const { code, stderr } = machine.run("scripts/cluster.sh up", { ENDS: "1" });
      assert.equal(code, 1);
      assert.equal(
        stderr,
        "twofold: no answer from the cluster: context mine, which Pulumi.dev.yaml names: connection refused\n" +
          "  make the cluster answer (kubectl --context mine get nodes), or take kubeContext out of Pulumi.dev.yaml\n",
      );
    });

    it("leaves it alone when it takes down", () => {
      configure("twofold:kubeContext: mine");
      const { code, stderr } = machine.run("scripts/cluster.sh down");
      assert.equal(code, 0, stderr);
      assert.equal(
        stderr,
        "context mine, which Pulumi.dev.yaml names, is left alone\nthere is no cluster of this clone\n",
      );
      assert.equal(machine.has("home/calls"), false);
    });
  });

  it("does not take another process for its node, whose number it has after a restart of the machine", () => {
    machine.write("clone/.twofold/cluster/run/pid", `${process.pid}\n`);
    assert.equal(cluster("cluster_started").code, 1);
    const own = cluster(
      'bash -c "while true; do sleep 0.2; done" node.sh "$cluster_id" >/dev/null 2>&1 & echo $! >.twofold/cluster/run/pid; sleep 0.3; cluster_started; kill $!',
    );
    assert.match(own.stdout, /^\d+$/);
    assert.equal(own.stdout, readFileSync(join(machine.clone, ".twofold/cluster/run/pid"), "utf8").trim());
  });

  it("gives the node an address that nothing on the machine has a route to, and keeps it while that is so", () => {
    // `ip route show match` and `show root`: what $TAKEN names is taken by another interface
    machine.gives(
      "ip",
      `echo 'default via 192.0.2.1 dev eth0'; for net in $TAKEN; do [[ $5 != "$net".* ]] || echo "$net.0/24 dev vpn0"; done
[[ \${OURS:-} == '' || $5 != "$OURS".* ]] || echo "$OURS.0/30 dev $LINK proto kernel"`,
    );
    const choose = (env: Readonly<Record<string, string>>): string => {
      const { code, stdout, stderr } = cluster("export LINK=$cluster_link; choose_address", env);
      assert.equal(code, 0, stderr);
      return stdout;
    };
    const first = choose({ TAKEN: "" });
    assert.match(first, /^10\.250\.\d+\.2$/);
    const subnet = first.replace(/\.2$/, "");
    const next = `10.250.${(Number(subnet.split(".")[2]) + 1) % 256}.2`;
    assert.equal(choose({ TAKEN: subnet }), next);
    machine.write("clone/.twofold/cluster/run/address", next);
    assert.equal(choose({ TAKEN: "" }), next);
    assert.equal(choose({ TAKEN: "", OURS: next.replace(/\.2$/, "") }), next);
    assert.equal(choose({ TAKEN: next.replace(/\.2$/, "") }), first);
  });

  it("says what cannot be had without root", () => {
    const { stdout } = cluster("can_be_root() { return 1; }; remedy_cluster || true");
    assert.equal(stdout, "install sudo or run as root, or name a cluster in Pulumi.dev.yaml (kubeContext)");
  });
});

describe("what a script has started", () => {
  it("is not there where nothing was started, nor when it is asked for as the script ends", () => {
    const machine = new BareMachine();
    try {
      const { code, stdout, stderr } = machine.run(
        "set -euo pipefail; . scripts/lib/checks.sh; trap 'stop_cluster; stop_registry; stop_docker; echo ended' EXIT; true",
      );
      assert.deepEqual([code, stdout, stderr], [0, "ended\n", "there is no cluster of this clone\n"]);
    } finally {
      machine.remove();
    }
  });

  it("is ended only after the command that uses it, when the script is told to end", () => {
    const machine = new BareMachine();
    try {
      machine.gives(
        "long",
        `trap 'sleep 0.3; echo used; exit 1' TERM; touch "$HOME/begun"; for _ in {1..50}; do sleep 0.1; done`,
      );
      const script = "set -euo pipefail; . scripts/lib/common.sh; trap 'echo ended' EXIT; until_ended long";
      const { stdout } = machine.run(
        `bash -c '${script.replaceAll("'", "'\\''")}' & until [[ -e $HOME/begun ]]; do sleep 0.05; done; kill -TERM $!; wait`,
      );
      assert.equal(stdout, "used\nended\n");
    } finally {
      machine.remove();
    }
  });

  for (const code of [0, 3])
    it(`leaves it with the command's code: ${code}`, () => {
      const machine = new BareMachine();
      try {
        const ended = machine.run(`set -euo pipefail; . scripts/lib/common.sh; until_ended bash -c 'exit ${code}'`);
        assert.equal(ended.code, code);
      } finally {
        machine.remove();
      }
    });
});

describe("the certificates of a cluster", function () {
  this.timeout(60_000);
  const dir = mkdtempSync(join(tmpdir(), "twofold-certificates-"));
  after(() => rmSync(dir, { recursive: true }));

  const made = (address: string, before = ""): readonly string[] =>
    execFileSync("bash", ["-c", `. scripts/lib/certificates.sh; ${before} certificates "$0" "$1"`, dir, address], {
      encoding: "utf8",
    })
      .split("\n")
      .filter((name) => name !== "");
  const inspect = (name: string, ...options: readonly string[]): string =>
    execFileSync("openssl", ["x509", "-in", join(dir, `${name}.crt`), "-noout", ...options], { encoding: "utf8" });

  it("are made once, signed, for a year, and readable to their user alone", () => {
    const all = made("10.250.7.2");
    assert.equal(all.length, 15);
    assert.deepEqual(made("10.250.7.2"), []);
    assert.match(inspect("apiserver", "-checkip", "10.250.7.2"), /does match/);
    assert.match(inspect("apiserver", "-checkhost", "kubernetes.default.svc"), /does match/);
    assert.match(inspect("admin", "-subject"), /O = system:masters, CN = twofold/);
    for (const name of all.filter((each) => each !== "service-accounts" && !each.endsWith("ca"))) {
      const authority = name === "front-proxy-client" ? "front-proxy-ca" : "ca";
      execFileSync("openssl", ["verify", "-CAfile", join(dir, `${authority}.crt`), join(dir, `${name}.crt`)]);
    }
    for (const file of readdirSync(dir)) assert.equal(statSync(join(dir, file)).mode & 0o077, 0, file);
  });

  it("are made anew for another address: the two that name it", () => {
    assert.deepEqual(made("10.250.8.2"), ["apiserver", "kubelet-server"]);
    assert.match(inspect("kubelet-server", "-checkip", "10.250.8.2"), /does match/);
  });

  it("are made anew before they expire, and with their authority", () => {
    const everything = made("10.250.8.2", "renewed_before=$((366 * 24 * 3600));");
    assert.ok(!everything.includes("ca") && everything.includes("apiserver"), everything.join(" "));
    writeFileSync(join(dir, "front-proxy-ca.crt"), "half a certi");
    assert.deepEqual(made("10.250.8.2"), ["front-proxy-ca", "front-proxy-client"]);
    rmSync(join(dir, "ca.crt"));
    const anew = made("10.250.8.2");
    assert.equal(anew[0], "ca");
    assert.equal(anew.length, 12);
  });
});

describe("the image registry", () => {
  it("is told from another process that has its number, and takes no other for its own", () => {
    const machine = new BareMachine();
    const registry = (line: string) => machine.run(`. scripts/lib/registry.sh; ${line}`);
    mkdirSync(join(machine.cache, "registry"), { recursive: true });
    machine.write("cache/registry/registry.pid", `${process.pid}\n`);
    assert.equal(registry("registry_runs").code, 1);
    assert.equal(registry("stop_registry").code, 0); // and this test goes on
    machine.write("cache/registry/registry.pid", "");
    // what listens at the address is not ours to end
    const taken = registry("has_package() { true; }; registry_answers() { true; }; start_registry");
    assert.equal(taken.code, 1);
    assert.match(
      taken.stderr,
      /^twofold: another registry than Twofold's listens at 127\.0\.0\.1:5055\n {2}end it \(ss -ltnp 'sport = :5055' names the process\), and run again\n$/,
    );
    machine.remove();
  });
});
