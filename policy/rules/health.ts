import { isDeepStrictEqual } from "node:util";
import { at, hasPending, itemsAt, known, numberAt, pending, textAt, textsAt } from "../facts/plain";
import type { Workload } from "../facts/workload";
import { both, docker, kubernetes, type Rule, when } from "./rule";

const probes = ["startupProbe", "readinessProbe", "livenessProbe"] as const;
const hooks = ["postStart", "preStop"] as const;

/** How it shows that something works, and how it begins and ends. */
export const healthRules: readonly Rule[] = [
  {
    of: "workload",
    id: "healthcheck",
    title: "Every lasting container has a health check",
    severity: "medium",
    targets: docker,
    why: "Without one Docker calls everything that runs well, and others start before it answers.",
    remedy: "State the check with the container, also where the image brings one.",
    example: 'healthcheck: { tests: ["CMD", "pg_isready"], interval: "10s" }',
    references: { cisDocker: ["5.27"] },
    blind: "the check that an image brings",
    check: ({ lasting, plain }) => when(lasting && !hasHealthcheck(plain), "has no health check"),
  },
  {
    of: "container",
    id: "liveness",
    title: "Every lasting container has a liveness probe",
    severity: "medium",
    targets: kubernetes,
    why: "A process that hangs goes on for ever.",
    remedy: "Ask only whether the process itself answers, not what it depends on.",
    example: "livenessProbe: { tcpSocket: { port: 8080 } }",
    references: {
      kubeLinter: ["no-liveness-probe"],
      kubeScore: ["pod-probes"],
      polaris: ["livenessProbeMissing"],
      checkov: ["CKV_K8S_8"],
      cisDocker: ["5.27"],
    },
    check: ({ plain, init }, { lasting }) =>
      when(lasting && !init && at(plain, "livenessProbe") === undefined, "has no liveness probe"),
  },
  {
    of: "container",
    id: "readiness",
    title: "Every container that listens has a readiness probe",
    severity: "high",
    targets: kubernetes,
    why: "Requests go to pods that cannot answer yet, and an update replaces all pods although none of the new ones works.",
    remedy: "Ask for what shows that it can serve.",
    example: "readinessProbe: { httpGet: { path: /health, port: 8080 } }",
    references: {
      kubeLinter: ["no-readiness-probe"],
      kubeScore: ["pod-probes"],
      polaris: ["readinessProbeMissing"],
      checkov: ["CKV_K8S_9"],
    },
    check: ({ plain, init, ports }, { lasting }) =>
      when(lasting && !init && ports.length > 0 && at(plain, "readinessProbe") === undefined, "has no readiness probe"),
  },
  {
    of: "container",
    id: "distinct-probes",
    title: "Liveness and readiness ask different things",
    severity: "medium",
    targets: kubernetes,
    why: "When both ask the same, a pod that is only busy is ended instead of being left alone for a moment.",
    remedy: "Let liveness ask less, or give it more time.",
    example: "readinessProbe: { httpGet: … }, livenessProbe: { tcpSocket: … }",
    references: { kubeScore: ["pod-probes-identical"] },
    check: ({ plain }) => {
      const [ready, live] = [at(plain, "readinessProbe"), at(plain, "livenessProbe")];
      if (ready === undefined || hasPending(ready) || hasPending(live)) return [];
      return when(isDeepStrictEqual(ready, live), "has two identical probes");
    },
  },
  {
    of: "container",
    id: "probe-port-declared",
    title: "Probes ask ports that the container declares",
    severity: "high",
    targets: kubernetes,
    why: "A probe of a wrong port never succeeds, and the pod is ended again and again.",
    remedy: "Declare the port, or correct the probe.",
    example: "ports: [{ containerPort: 8080 }], readinessProbe: { tcpSocket: { port: 8080 } }",
    references: { kubeLinter: ["liveness-port", "readiness-port", "startup-port"] },
    check: ({ plain }) => {
      const ports = itemsAt(plain, "ports");
      if (hasPending(at(plain, "ports"))) return [];
      const declared = ports.flatMap((port) => [
        ...known(textAt(port, "containerPort")),
        ...known(textAt(port, "name")),
      ]);
      return probes.flatMap((probe) =>
        ["httpGet", "tcpSocket", "grpc"].flatMap((action) =>
          known(textAt(plain, probe, action, "port")).flatMap((port) =>
            when(!declared.includes(port), `has a ${probe} of port ${port}, which it does not declare`),
          ),
        ),
      );
    },
  },
  {
    of: "container",
    id: "probe-own-pod",
    title: "Probes ask their own pod",
    severity: "medium",
    targets: kubernetes,
    why: "With a host of its own a probe makes the node ask whom the manifest names, past every policy.",
    remedy: "Leave host out; set the header Host where the process needs one.",
    example: "httpGet: { path: /health, port: 8080 }",
    references: { podSecurity: ["baseline: Host Probes / Lifecycle Hooks"] },
    check: ({ plain }) =>
      [...probes.map((probe) => at(plain, probe)), ...hooks.map((hook) => at(plain, "lifecycle", hook))].flatMap(
        (each) =>
          ["httpGet", "tcpSocket"].flatMap((action) =>
            known(textAt(each, action, "host")).map((host) => `makes its node ask ${host}`),
          ),
      ),
  },
  {
    of: "container",
    id: "startup-probe-for-slow-start",
    title: "Liveness waits for the start",
    severity: "medium",
    targets: kubernetes,
    why: "A start that takes longer than usual is ended by liveness, and begins again for ever.",
    remedy: "Add a startupProbe with all the time that a bad day needs.",
    example: "startupProbe: { tcpSocket: { port: 5432 }, failureThreshold: 30 }",
    references: {},
    check: ({ plain, init }) => {
      const live = at(plain, "livenessProbe");
      if (init || live === undefined || live === pending) return [];
      const delay = numberAt(live, "initialDelaySeconds");
      return when(
        at(plain, "startupProbe") === undefined && (delay === undefined || delay === 0),
        "may be ended by its liveness probe while it starts",
      );
    },
  },
  {
    of: "workload",
    id: "grace-covers-prestop",
    title: "There is time to end in order",
    severity: "medium",
    targets: both,
    why: "What has no time left is killed in the middle of a write.",
    remedy:
      "On Kubernetes let terminationGracePeriodSeconds be more than preStop takes; on Docker set stopTimeout, and destroyGraceSeconds to as much, without which the provider kills at once.",
    example: "stopTimeout: 60, destroyGraceSeconds: 60 · terminationGracePeriodSeconds: 60",
    references: {},
    blind: "how long a preStop command takes, unless it is sleep",
    check: (workload) => (workload.target === "docker" ? dockerGrace(workload) : podGrace(workload)),
  },
  {
    of: "workload",
    id: "restart-policy",
    title: "What fails is started again, and not for ever where it should end",
    severity: "medium",
    targets: both,
    why: "A service that is not restarted stays down; a job that fails is tried until somebody looks.",
    remedy: "Use unless-stopped for services, and on-failure with maxRetryCount for jobs.",
    example: 'restart: "unless-stopped" · restartPolicy: Always',
    references: { kubeLinter: ["restart-policy"], kubeScore: ["cronjob-restartpolicy"], cisDocker: ["5.15"] },
    check: (workload) => (workload.target === "docker" ? dockerRestart(workload) : podRestart(workload)),
  },
];

function hasHealthcheck(plain: unknown): boolean {
  const check = at(plain, "healthcheck");
  return check !== undefined && !textsAt(check, "tests").includes("NONE");
}

function dockerGrace({ plain, lasting }: Workload): readonly string[] {
  const stop = numberAt(plain, "stopTimeout");
  const destroy = numberAt(plain, "destroyGraceSeconds");
  if (!lasting || stop === pending || destroy === pending) return [];
  const isShort = stop === undefined || destroy === undefined || destroy < stop;
  return when(isShort, `has ${destroy ?? 0} s when Pulumi removes it and ${stop ?? 10} s when Docker stops it`);
}

function podGrace({ plain }: Workload): readonly string[] {
  const grace = numberAt(plain, "terminationGracePeriodSeconds") ?? 30;
  if (grace === pending) return [];
  return itemsAt(plain, "containers").flatMap((container) => {
    const seconds = Math.max(0, ...preStopSeconds(at(container, "lifecycle", "preStop")));
    return when(seconds >= grace, `ends after ${grace} s, of which preStop takes ${seconds}`);
  });
}

function preStopSeconds(preStop: unknown): readonly number[] {
  const words = textsAt(preStop, "exec", "command").join(" ");
  const [, slept] = /\bsleep (\d+)/.exec(words) ?? [];
  return [...known(numberAt(preStop, "sleep", "seconds")), ...(slept === undefined ? [] : [Number(slept)])];
}

function dockerRestart({ plain }: Workload): readonly string[] {
  const restart = textAt(plain, "restart") ?? "no";
  const attempts = numberAt(plain, "maxRetryCount");
  return [
    ...when(
      restart === "no" && !hasPending(at(plain, "healthcheck")) && hasHealthcheck(plain),
      "is not started again when it fails",
    ),
    ...when(restart === "on-failure" && (attempts === undefined || attempts === 0), "is tried again for ever"),
  ];
}

function podRestart({ plain, kind }: Workload): readonly string[] {
  const policy = textAt(plain, "restartPolicy");
  const isJob = kind === "Job" || kind === "CronJob";
  if (isJob) return when(policy === undefined || policy === "Always", "is a job that is never done");
  return when(policy !== undefined && policy !== pending && policy !== "Always", "is not started again when it fails");
}
