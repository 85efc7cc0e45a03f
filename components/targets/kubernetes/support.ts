import { approximated, native, type SupportTable, unsupported } from "../../core/gaps";

/** What Kubernetes does of each feature. The behaviour suite holds it to this table. */
export const support = {
  kind: native,
  schedule: native,
  image: native,
  command: native,
  args: native,
  ports: native,
  "ports.exposure": approximated(
    "a public HTTP port gets an ingress; other exposed ports are reached by kubectl port-forward alone",
  ),
  aliases: native,
  env: native,
  files: approximated("files belong to root and to the service's group, which may always read them"),
  "files.owner": unsupported(
    "a mounted file has no owner of its own: it is root's and the service's group's",
    "let the service's own group read it",
  ),
  volumes: native,
  "volumes.sizeMiB": approximated(
    "whether the size is a limit is for the storage class to say",
    "choose a storage class that enforces it",
  ),
  scratch: approximated(
    "a memory volume takes no mount flags, so what is in it can be executed",
    "leave no tools in the image that write programs",
  ),
  "scratch.noexec": unsupported("a memory volume takes no mount flags", "leave noexec out"),
  hostMounts: approximated(
    "the folder is the one of the node that the pod runs on, and the namespace must allow privileged pods",
    "let the cluster's own agents look at its nodes",
  ),
  "resources.cpuMillis": native,
  "resources.memoryMiB": native,
  "resources.pids": approximated(
    "a node limits all its pods alike, and only when its kubelet is told to",
    "set podPidsLimit of every kubelet to no less than the largest limit",
  ),
  replicas: native,
  singleton: native,
  autoscale: native,
  "probes.startup": native,
  "probes.ready": native,
  "probes.live": native,
  security: native,
  "security.appArmor": approximated("the profile must be loaded on every node that the pod may run on"),
  shutdown: native,
  "shutdown.signal": approximated(
    "the signal is the one that the image names, SIGTERM when it names none",
    "name the signal in the image with STOPSIGNAL",
  ),
  restart: approximated("what is no job is always restarted"),
  "restart.maxAttempts": unsupported(
    "what is no job is restarted for ever, at growing intervals",
    "make it a job, or alert on restarts",
  ),
  update: approximated(
    "a failed update stops, the previous version serves on, and nothing is rolled back; stateful services stop each replica before they start its successor, one at a time",
  ),
  logging: approximated(
    "a node rotates the logs of all its containers alike, ten MiB five times unless its kubelet is told otherwise",
    "set containerLogMaxSize and containerLogMaxFiles of every kubelet",
  ),
  "kernel.sysctls": approximated("a node admits other than the safe ones only when its kubelet is told to"),
  "kernel.ulimits": unsupported("pods have no limits of this kind", "set them in the node's container runtime"),
  "kernel.shmMiB": native,
  metrics: native,
  alerts: native,
  provides: native,
} satisfies SupportTable;
