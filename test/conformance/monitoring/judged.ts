import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../images/command";
import { upstream } from "../../../images/table";
import { builtTool, criticalIn, scoreMilliseconds } from "../kube-score";
import { buildMilliseconds, presentImages } from "../present-images";
import { alertmanagerFile, type DeployedMonitoring, kubectl, kubectlDoes } from "./deployed-monitoring";

const scored = "deployments,statefulsets,daemonsets,services,networkpolicies,poddisruptionbudgets";

/** What others' tools say of the monitoring of a cluster as it runs, with all that the operator has made of it. */
export function itIsJudgedWell(monitoring: DeployedMonitoring): void {
  it("has rules and a configuration of Alertmanager that promtool and amtool accept, as the operator has written them", async function () {
    this.timeout(buildMilliseconds);
    const prometheus = upstream("prometheus");
    const image = (await presentImages([prometheus]))(prometheus);
    const folder = mkdtempSync(join(tmpdir(), "twofold-loaded-"));
    chmodSync(folder, 0o755); // promtool has a user of its own
    try {
      const files = await monitoring.ruleFiles();
      for (const [name, content] of files) writeFileSync(join(folder, name), content);
      const said = await run("docker", [
        ...["run", "--rm", "--network", "none", "--volume", `${folder}:/given:ro`, "--workdir", "/given"],
        ...["--entrypoint", "promtool", image, "check", "rules", "--lint=all", "--lint-fatal", ...files.keys()],
      ]);
      const found = [...said.matchAll(/SUCCESS: ([1-9]\d*) rules found/g)].map(([, count]) => Number(count));
      assert.equal(found.length, files.size, said);
      assert.equal(
        found.reduce((sum, count) => sum + count, 0),
        (await monitoring.rules()).length,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
    const judged = await monitoring.inside(
      "alertmanager-main-0",
      ...["alertmanager", "amtool", "check-config", alertmanagerFile],
    );
    assert.match(judged, /SUCCESS/);
  });

  it("has nothing that kube-score calls critical, with what the operator has made", async function () {
    this.timeout(scoreMilliseconds);
    const namespaces = [monitoring.namespace(), `${monitoring.namespace()}-agents`];
    const found = await Promise.all(
      namespaces.map((namespace) => kubectlDoes(["-n", namespace, "get", scored, "-o", "json"])),
    );
    const objects = found.flatMap((list) => (JSON.parse(list) as { readonly items: readonly Scored[] }).items);
    const sets = objects.filter(({ kind }) => kind === "StatefulSet").map(({ metadata }) => metadata.name);
    assert.deepEqual(sets.sort(), ["alertmanager-main", "prometheus-main"]);
    const documents = objects.map((each) => JSON.stringify(each)).join("\n---\n");
    assert.deepEqual(await criticalIn(builtTool(), documents), []);
  });

  it("has pods that the cluster's own Pod Security calls restricted, and node-exporter alone that it does not", async () => {
    /** What it would say of the pods that are there, were the namespace to be restricted. */
    const against = async (namespace: string): Promise<readonly string[]> => {
      const level = "pod-security.kubernetes.io/enforce=restricted";
      const { code, stderr } = await kubectl([
        "label",
        "--dry-run=server",
        "--overwrite",
        "namespace",
        namespace,
        level,
      ]);
      assert.equal(code, 0, stderr);
      return [...stderr.matchAll(/^Warning: ([a-z-]+?)(?:-[a-z0-9]{5})?(?: \(and \d+ other pods?\))?: /gm)].map(
        ([, name = ""]) => name,
      );
    };
    assert.deepEqual(await against(monitoring.namespace()), []);
    assert.deepEqual(await against(`${monitoring.namespace()}-agents`), ["node-exporter"]);
  });
}

interface Scored {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}
