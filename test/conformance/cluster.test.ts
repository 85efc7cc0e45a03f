import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../images/command";
import { marksOf, processesIn } from "./cluster/marks";
import { OwnClone } from "./cluster/own-clone";
import { host, namespace, policies, workloads } from "./cluster/pods";
import { Probe } from "./cluster/probe";
import { eventually } from "./eventually";

/** Only a failure takes that long; a machine that is busy elsewhere needs some of it. */
const readySeconds = 90;

describe("make cluster", function () {
  this.timeout(300_000);
  const clone = new OwnClone();
  const probe = new Probe(clone);

  before(async function () {
    this.timeout(1_800_000); // the node may have to be built
    const impossible = await clone.script(". scripts/lib/cluster.sh; remedy_cluster || true");
    if (!impossible.startsWith("start a node")) {
      console.log(`    nothing is tried of make cluster: ${impossible}`);
      return this.skip();
    }
    assert.deepEqual(new Set(Object.values(await marksOf(clone)).flat()), new Set());
    await clone.script(
      "STACK=prod scripts/setup.sh registry && . scripts/lib/cluster.sh && get_node_packages && build_node",
    );
    const interrupted = clone.starting();
    await eventually(async () => assert.ok(existsSync(join(clone.state, "run/pid"))), 30);
    interrupted.kill("SIGKILL");
    const begun = performance.now();
    assert.match(await clone.up(), /^the cluster is ready after .*: node 10\.250\.\d+\.2$/m);
    console.log(
      `    a start that was killed went on, and was ready after ${Math.round((performance.now() - begun) / 1000)} s`,
    );
  });

  after(async () => {
    await clone.down();
    clone.remove();
  });

  it("does nothing where everything runs, and gives the kubeconfig to its user alone", async () => {
    const { pid } = clone;
    assert.match(await clone.up(), /^the cluster runs: node 10\.250\.\d+\.2$/m);
    assert.equal(clone.pid, pid);
    assert.equal(statSync(join(clone.state, "kubeconfig")).mode & 0o777, 0o600);
    assert.equal((await clone.kubectl(["config", "current-context"])).trim(), "twofold");
  });

  it("has what systems need: names, metrics, a default class of volumes and of ingresses", async () => {
    const classes = await clone.kubectl(["get", "storageclass,ingressclass", "--output", "name"]);
    assert.deepEqual(classes.trim().split("\n"), [
      "storageclass.storage.k8s.io/local-path",
      "ingressclass.networking.k8s.io/traefik",
    ]);
    assert.match(await clone.kubectl(["top", "node", "twofold", "--no-headers"]), /^twofold +\d+m +\d+% +\d+Mi +\d+%/);
  });

  it("starts a component again that has ended", async () => {
    const scheduler = (): number | undefined =>
      readdirSync("/proc")
        .map(Number)
        .find((pid) => {
          try {
            const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
            return (
              command[0] === "/run/twofold/bin/kube-scheduler" &&
              readFileSync(`/proc/${pid}/cgroup`, "utf8").includes(`/${clone.id}/`)
            );
          } catch {
            return false; // no process, or one that has ended
          }
        });
    const first = scheduler();
    assert.ok(first !== undefined);
    process.kill(first, "SIGKILL");
    await eventually(async () => assert.ok(scheduler() !== undefined && scheduler() !== first), 20);
    assert.match(
      readFileSync(join(clone.state, "run/node.log"), "utf8"),
      /^kube-scheduler has ended, and is started again$/m,
    );
  });

  describe("with pods", () => {
    let outside: Server;
    let outsideUrl: string;
    let certificates: string;

    before(async () => {
      const manifest = readFileSync(join(clone.state, "manifests/local-path.yaml"), "utf8");
      const image = /twofold\.local\/busybox:[0-9a-f]+/.exec(manifest)?.[0];
      assert.ok(image !== undefined);
      await probe.apply(workloads(image));
      certificates = mkdtempSync(join(tmpdir(), "twofold-certificate-"));
      const files = ["-keyout", join(certificates, "key"), "-out", join(certificates, "crt")];
      const names = ["-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`];
      execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...files, ...names], {
        stdio: "ignore",
      });
      const [cert, key] = [`--cert=${join(certificates, "crt")}`, `--key=${join(certificates, "key")}`];
      await probe.kubectl("create", "secret", "tls", "shop", cert, key);
      outside = createServer((_request, response) => response.end("outside")).listen(
        0,
        clone.address.replace(/2$/, "1"),
      );
      await new Promise((resolve) => outside.once("listening", resolve));
      outsideUrl = `http://${clone.address.replace(/2$/, "1")}:${(outside.address() as AddressInfo).port}/`;
      await probe.allReady();
    });

    after(() => {
      outside.close();
      rmSync(certificates, { recursive: true });
    });

    it("gives a volume to the first pod that wants it, with the pod's group", async () => {
      assert.match(await probe.kubectl("get", "pvc", "data", "--no-headers"), /^data +Bound .* local-path /);
      const list = await probe.kubectl("exec", "deployment/store", "--", "busybox", "stat", "-c", "%g %a", "/data");
      assert.equal(list.trim(), "10001 2777");
    });

    it("lets everybody reach everybody without a policy, and the outside only as far as this machine", async () => {
      assert.equal((await probe.reachability()).length, 6);
      assert.equal(await probe.reach("stranger", outsideUrl), "outside");
      assert.equal(await probe.reach("stranger", "http://192.0.2.1/"), "Network is unreachable");
      assert.equal(await probe.reach("stranger", "http://example.org/"), "bad address");
    });

    it("lets exactly the declared connections pass, and refuses the others at once", async () => {
      await probe.apply(policies);
      await eventually(async () => assert.deepEqual(await probe.reachability(), ["shop > store"]), 20);
      assert.equal(await probe.reach("stranger", "http://store/"), "Connection refused");
      assert.equal(await probe.reach("shop", outsideUrl), "Connection refused");
      // the API server and the node are not to be had either
      assert.equal(await probe.reach("shop", `http://${clone.address}:6443/`), "Connection refused");
      assert.equal(await probe.reach("shop", `http://${clone.address}:10250/`), "Connection refused");
    });

    it("lets a block of addresses pass where a policy names it", async () => {
      const egress = [{ to: [{ ipBlock: { cidr: `${clone.address.replace(/2$/, "1")}/32` } }] }];
      const spec = { podSelector: { matchLabels: { app: "shop" } }, policyTypes: ["Egress"], egress };
      const metadata = { name: "outside", namespace };
      await probe.apply([{ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec }]);
      await eventually(async () => assert.equal(await probe.reach("shop", outsideUrl), "outside"), 20);
      assert.equal(await probe.reach("store", outsideUrl), "Connection refused");
    });

    it("has no way around the policies by the addresses of IPv6 that interfaces give themselves", async () => {
      const found = /fe80::[0-9a-f:]+/.exec(
        await probe.kubectl("exec", "deployment/store", "--", "busybox", "ip", "-6", "address", "show", "eth0"),
      );
      assert.ok(found !== null, "a pod has such an address");
      const command = ["busybox", "timeout", "3", "busybox", "nc", `${found[0]}%eth0`, "8080"];
      await assert.rejects(probe.kubectl("exec", "deployment/stranger", "--", ...command), /exit code 143/);
    });

    it("lets this machine in by the ingress, with and without TLS, and not otherwise", async () => {
      assert.equal(await eventually(() => probe.throughIngress("http"), 20), "shop\n");
      assert.equal(await probe.throughIngress("https", "--cacert", join(certificates, "crt")), "shop\n");
      const address = await probe.kubectl(
        "get",
        "ingress",
        "shop",
        "--output",
        "jsonpath={.status.loadBalancer.ingress[0].ip}",
      );
      assert.equal(address, clone.address);
      await probe.kubectl("expose", "deployment", "shop", "--name=direct", "--type=NodePort", "--port=8080");
      const port = await probe.kubectl("get", "service", "direct", "--output", "jsonpath={.spec.ports[0].nodePort}");
      const direct = run("curl", ["--silent", "--show-error", "--max-time", "5", `http://${clone.address}:${port}/`]);
      await assert.rejects(direct, /Failed to connect|timed out/);
    });

    it("admits no pod that Pod Security calls unrestricted, and evicts none that a budget keeps", async () => {
      const pod = probe.kubectl("run", "loose", "--image=any", "--restart=Never");
      await assert.rejects(pod, /violates PodSecurity "restricted/);
      const name = await probe.kubectl(
        "get",
        "pod",
        "--selector=app=store",
        "--output",
        "jsonpath={.items[0].metadata.name}",
      );
      const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name } };
      const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
      const evicted = clone.kubectl(["create", "--raw", path, "--filename", "-"], JSON.stringify(eviction));
      await assert.rejects(evicted, /violate the pod's disruption budget/);
    });

    it("comes back with its data after the node was killed", async () => {
      await probe.kubectl("exec", "deployment/store", "--", "sh", "-c", "echo kept >/data/kept");
      const { pid } = clone;
      process.kill(pid, "SIGKILL");
      await eventually(async () => assert.ok(!existsSync(`/proc/${pid}`)), 20);
      assert.match(await clone.up(), /^the cluster is ready after /m);
      assert.notEqual(clone.pid, pid);
      await eventually(() => probe.allReady(), readySeconds);
      const kept = () => probe.kubectl("exec", "deployment/store", "--", "busybox", "cat", "/data/kept");
      assert.equal(await eventually(kept, readySeconds), "kept\n");
      await eventually(async () => assert.deepEqual(await probe.reachability(), ["shop > store"]), readySeconds);
    });
  });

  describe("taken down", () => {
    it("leaves nothing of its own behind when it is taken down", async () => {
      const running = await marksOf(clone);
      assert.ok(running.processes.length > 20, "its processes are seen");
      for (const kind of ["namespaces", "links", "addresses", "routes", "groups", "files"] as const)
        assert.ok(running[kind].length > 0, `its ${kind} are seen`);
      assert.match(await clone.down(), /^ending the node, process \d+$/m);
      assert.deepEqual(new Set(Object.values(await marksOf(clone)).flat()), new Set());
      assert.deepEqual(processesIn(running.namespaces), []);
      assert.match(await clone.down(), /^there is no cluster of this clone$/m);
    });
  });
});
