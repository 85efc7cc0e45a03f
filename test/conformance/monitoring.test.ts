import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../images/command";
import { contentOf, planAlgoTrading, serviceOf } from "../support/algo-trading";
import { everyReceiver } from "../support/receivers";
import { buildMilliseconds, presentImages } from "./present-images";

const alertmanager = [
  "/bin/alertmanager --config.file=$0 --storage.path=/tmp --cluster.listen-address= &",
  "for n in $(seq 100); do wget -q -O - http://127.0.0.1:9093/-/ready && exit; kill -0 $! || exit; sleep 0.1; done",
  "exit 1",
].join("\n");

/** What a program of the image is given to judge, and how it is asked. */
const checks: readonly [service: string, path: string, command: readonly string[]][] = [
  ["prometheus", "/etc/prometheus/prometheus.yml", ["promtool", "check", "config", "--syntax-only"]],
  ["prometheus", "/etc/prometheus/alerts/trading.yml", ["promtool", "check", "rules"]],
  ["alertmanager", "/etc/alertmanager/alertmanager.yml", ["sh", "-c", alertmanager]],
];

describe("the files of algo-trading's monitoring", function () {
  this.timeout(60_000);
  const plan = planAlgoTrading({ alerting: { receivers: everyReceiver } });
  let folder: string;
  let imageOf: (service: string) => string;

  before(async function () {
    this.timeout(buildMilliseconds);
    const referenceOf = await presentImages(checks.map(([service]) => serviceOf(plan, service).image));
    imageOf = (service) => referenceOf(serviceOf(plan, service).image);
    folder = mkdtempSync(join(tmpdir(), "twofold-monitoring-"));
    chmodSync(folder, 0o755); // the programs have users of their own
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Gives the content to the program, and throws with what it says against it. */
  const judge = (service: string, content: string, [entrypoint = "", ...args]: readonly string[]): Promise<string> => {
    writeFileSync(join(folder, "file.yml"), content);
    const flags = ["--rm", "--network", "none", "--volume", `${folder}:/given:ro`, "--entrypoint", entrypoint];
    return run("docker", ["run", ...flags, imageOf(service), ...args, "/given/file.yml"]);
  };

  for (const [service, path, command] of checks) {
    it(`${path} is accepted by ${command[0] === "sh" ? service : command.slice(0, 3).join(" ")}`, async () => {
      const content = contentOf(serviceOf(plan, service), path);
      await judge(service, content, command);
      await assert.rejects(judge(service, `${content}\nunknown: true\n`, command));
    });
  }
});
