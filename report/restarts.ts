import { byService, type Described, keyOf, type ServiceOutline } from "./outline";
import { textAt, valueAt } from "./property-path";
import { isCarrier, type Resource, types, workloads } from "./resource";
import type { Restart } from "./schema";

/** Services that restart, in the order in which the deployment comes to them. */
export function restartsOf(resources: ReadonlyMap<string, Resource>, descriptions: Described): readonly Restart[] {
  const restarting = new Map(
    [...byService(resources, descriptions)].flatMap(([key, group]) => {
      const { old, new: fresh } = descriptions.services.get(key) ?? {};
      const [first] = group;
      const found = restartOf(group, { old: old ?? fresh, new: fresh ?? old });
      if (first === undefined || found === undefined) return [];
      return [[key, { service: first.name, ...descriptions.placeOf(first), ...found }] as const];
    }),
  );
  const steps = stepsOf(restarting, descriptions);
  return [...restarting].map(([key, restart]) => ({ ...restart, step: steps(key) })).sort((a, b) => a.step - b.step);
}

interface Outlines {
  readonly old: ServiceOutline | undefined;
  readonly new: ServiceOutline | undefined;
}

type Found = Pick<Restart, "how" | "copies" | "pauseSeconds">;

function restartOf(group: readonly Resource[], outlines: Outlines): Found | undefined {
  const containers = group.filter((each) => each.type === types.container && !isCarrier(each));
  const ends = containers.some(({ kind }) => kind === "replace" || kind === "delete");
  const begins = containers.some(({ kind }) => kind === "replace" || kind === "create");
  if (ends && begins) return restartOnDocker(outlines);
  const workload = group.find((each) => workloads.includes(each.type) && makesPodsAnew(each));
  return workload === undefined ? undefined : restartOnKubernetes(workload, outlines);
}

function makesPodsAnew({ kind, diff }: Resource): boolean {
  return (
    kind === "replace" || (kind === "update" && diff.some(({ path }) => /^spec\.(template|jobTemplate)\b/.test(path)))
  );
}

function restartOnDocker({ old, new: fresh }: Outlines): Found {
  if (fresh?.kind === "job") return { how: "runsAgain" };
  // unless it is told otherwise, Docker checks every five seconds while a container may start
  const check = fresh?.probes.ready ?? fresh?.probes.live ?? fresh?.probes.startup;
  const first = Math.min(
    check?.periodSeconds ?? 0,
    fresh !== undefined && fresh.probes.startupSeconds > 0 ? 5 : Infinity,
  );
  return { how: "stopFirst", ...pauseOf({ old, new: fresh }, first) };
}

const none = { least: 0, most: 0 };

function restartOnKubernetes({ type, kind, new: state }: Resource, outlines: Outlines): Found {
  const name = type.split(":").at(-1) ?? "";
  const spec = state?.inputs["spec"];
  const replicas = outlines.new?.autoscale?.min ?? outlines.new?.replicas ?? Number(valueAt(spec, ["replicas"]) ?? 1);
  if (name === "Job") return { how: "runsAgain" };
  if (name === "CronJob") return { how: "nextRun" };
  if (kind === "replace") return { how: "goesFirst", ...pauseOf(outlines, 0) };
  if (name === "DaemonSet") return { how: "nodeByNode" };
  const atOnce = name === "StatefulSet" ? 1 : stoppedAtOnce(spec, replicas);
  if (atOnce === 0) return { how: "startFirst", pauseSeconds: none };
  if (atOnce >= replicas) return { how: "stopFirst", ...pauseOf(outlines, 0) };
  return { how: "someAtATime", copies: [atOnce, replicas], pauseSeconds: none };
}

/** How many copies a Deployment stops before it starts their successors. */
function stoppedAtOnce(spec: unknown, replicas: number): number {
  if (valueAt(spec, ["strategy", "type"]) === "Recreate") return replicas;
  const given = textAt(spec, ["strategy", "rollingUpdate", "maxUnavailable"]) ?? "25%";
  return given.endsWith("%") ? Math.floor((replicas * Number.parseInt(given, 10)) / 100) : Number(given);
}

/**
 * From the end of the old process, which may take its grace time, until the check of the new one says that it is up. At most
 * it takes all failures that the check allows after the time to start in, with the one that was running in between.
 */
function pauseOf({ old, new: fresh }: Outlines, first: number): Pick<Restart, "pauseSeconds"> {
  if (old === undefined || fresh === undefined) return {};
  const { ready, live, startup, startupSeconds } = fresh.probes;
  const check = ready ?? live ?? startup;
  const verdict =
    check === undefined ? 0 : startupSeconds + (check.failures + 1) * (check.periodSeconds + check.timeoutSeconds);
  return { pauseSeconds: { least: first, most: old.shutdown.graceSeconds + verdict } };
}

/** Who waits for somebody that restarts comes after them. */
function stepsOf(restarting: ReadonlyMap<string, unknown>, { services }: Described): (key: string) => number {
  const known = new Map<string, number>();
  const stepOf = (key: string): number => {
    const before = known.get(key);
    if (before !== undefined) return before;
    known.set(key, 1); // descriptions have no circles; a state that has one ends here
    const { place, old, new: fresh } = services.get(key) ?? {};
    const waits = (fresh ?? old)?.waits ?? [];
    const steps = waits.map(({ service }) => {
      const other = keyOf({ ...place, service });
      return stepOf(other) + (restarting.has(other) ? 1 : 0);
    });
    const step = Math.max(1, ...steps);
    known.set(key, step);
    return step;
  };
  return stepOf;
}
