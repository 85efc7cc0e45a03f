import { join } from "node:path";
import Docker from "dockerode";
import type { SystemPlan } from "../../components/core/plan-types";
import { jobOf } from "../../components/monitoring/scrape";
import { shortened } from "../../components/targets/names";
import type { StackConfig } from "../../config/stack";
import { readStackFile } from "../../config/stack-file";
import { chooseCluster } from "../../systems/cluster";
import { planSystems } from "../../systems/plan";
import { prefixed } from "../../systems/prefix";
import { itTrades, type Watched } from "../conformance/algo-trading/cases";
import { Trading } from "../conformance/algo-trading/trading";
import { LiveDocker } from "../conformance/docker/live-docker";
import { clusterOf } from "../conformance/kubernetes/cluster";
import { LiveKubernetes } from "../conformance/kubernetes/live-kubernetes";

const stack = process.env["STACK"] ?? "dev";
const config = readStackFile(join(__dirname, "../.."), stack);

/** The system as the stack has it. */
class Running extends Trading {
  override readonly live = liveOn(config);
}

function liveOn(given: StackConfig): LiveDocker | LiveKubernetes {
  const name = prefixed("algo-trading", given);
  return given.target === "docker"
    ? new LiveDocker(new Docker(), name)
    : new LiveKubernetes(clusterOf(chooseCluster(given)), shortened(name));
}

/** What the description says that is scraped and alerted on. */
function watched({ scrapes, alerts }: SystemPlan): Watched {
  return {
    jobs: Object.fromEntries(scrapes.map(({ service, intervalSeconds }) => [jobOf(service), `${intervalSeconds}s`])),
    alerts: alerts.map(({ name }) => name),
  };
}

for (const { plan } of planSystems(config).filter(({ definition }) => definition.name === "algo-trading"))
  describe(`algo-trading of the stack ${stack}`, function () {
    this.timeout(240_000);
    itTrades(new Running(), watched(plan));
  });
