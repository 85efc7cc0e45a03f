import { dirname, join } from "node:path";
import Docker from "dockerode";
import { support } from "../../../components/targets/kubernetes/support";
import { publish } from "../../../images/publish";
import { ownCluster } from "../../../systems/cluster";
import { fixtureImage } from "../docker/fixture-image";
import type { Platform } from "../harness/platform";
import { missingPrograms } from "../harness/programs";
import { admission } from "./admission";
import { besidePod } from "./beside";
import { addressForCluster, cluster, missingCluster, registry } from "./cluster";
import { disruption } from "./disruption";
import { forwarding } from "./forwarding";
import { LiveKubernetes } from "./live-kubernetes";

const docker = new Docker();
let published: Promise<string> | undefined;
const image = (): Promise<string> => {
  published ??= fixtureImage(docker).then((reference) => publish(reference, registry));
  return published;
};

/** The cluster that make cluster starts for this clone. */
export const kubernetesPlatform: Platform = {
  id: "kubernetes",
  support,
  exact: true,
  interruptions: 5,
  records: join(dirname(ownCluster.kubeconfig), "deployed"),
  own: { bench: [forwarding, disruption], pair: [admission] },
  missing: async () => (await missingCluster()) ?? (await missingPrograms("kubernetes")),
  address: addressForCluster,
  image,
  beside: async (instance, argv) => besidePod(cluster(), await image(), instance, argv),
  live: (prefix) => new LiveKubernetes(cluster(), prefix),
};
