import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../policy/rules/index";
import { coverageOf, policiesPage, uncovered } from "../../scripts/policies";

/** All checks of kube-score 1.20. */
const kubeScore = [
  ...["deployment-strategy", "deployment-replicas", "ingress-targets-service", "cronjob-has-deadline"],
  ...["cronjob-restartpolicy", "container-resources", "container-resource-requests-equal-limits"],
  ...["container-cpu-requests-equal-limits", "container-memory-requests-equal-limits", "container-image-tag"],
  ...["container-image-pull-policy", "container-ephemeral-storage-request-and-limit"],
  ...["container-ephemeral-storage-request-equals-limit", "container-ports-check"],
  ...["environment-variable-key-duplication", "statefulset-has-poddisruptionbudget"],
  ...["deployment-has-poddisruptionbudget", "poddisruptionbudget-has-policy", "pod-networkpolicy"],
  ...["networkpolicy-targets-pod", "pod-probes", "pod-probes-identical", "container-security-context-user-group-id"],
  ...["container-security-context-privileged", "container-security-context-readonlyrootfilesystem"],
  ...["container-seccomp-profile", "service-targets-pod", "service-type", "stable-version"],
  ...["deployment-has-host-podantiaffinity", "statefulset-has-host-podantiaffinity"],
  ...["deployment-targeted-by-hpa-does-not-have-replicas-configured", "statefulset-has-servicename"],
  ...["deployment-pod-selector-labels-match-template-metadata-labels"],
  ...["statefulset-pod-selector-labels-match-template-metadata-labels", "label-values"],
  ...["horizontalpodautoscaler-has-target", "horizontalpodautoscaler-replicas", "pod-topology-spread-constraints"],
];

const podSecurity = [
  ...["AppArmor", "Capabilities", "Host Namespaces", "Host Ports", "Host Probes / Lifecycle Hooks", "HostPath Volumes"],
  ...["HostProcess", "/proc Mount Type", "Privileged Containers", "SELinux", "Seccomp", "Sysctls"],
].map((control) => `baseline: ${control}`);
const restricted = [
  ...[
    "Capabilities",
    "Privilege Escalation",
    "Running as Non-root",
    "Running as Non-root user",
    "Seccomp",
    "Volume Types",
  ],
].map((control) => `restricted: ${control}`);

/** The items on containers at run time, and those on images that rules are about. */
const cisDocker = [...Array.from({ length: 32 }, (_, index) => `5.${index + 1}`), "4.1", "4.2"];

describe("docs/policies.md", () => {
  it("is what the rules say; npm run docs writes it anew", () => {
    assert.equal(readFileSync(join(__dirname, "../../docs/policies.md"), "utf8"), policiesPage());
  });

  it("has a text for everything that a rule must say", () => {
    for (const { id, title, why, remedy, example, targets } of rules) {
      assert.match(id, /^[a-z][a-z0-9-]+$/);
      for (const text of [title, why, remedy, example]) assert.match(text, /\w{2}/, id);
      for (const text of [why, remedy]) assert.match(text, /\.$/, id);
      assert.ok(targets.length > 0, id);
    }
    assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
  });

  const lists = { kubeScore, podSecurity: [...podSecurity, ...restricted], cisDocker } as const;
  for (const tool of ["kubeScore", "podSecurity", "cisDocker"] as const)
    it(`accounts for every check of ${tool}, and for no other`, () => {
      const [covered, left] = [[...coverageOf(tool).keys()], Object.keys(uncovered[tool] ?? {})];
      assert.deepEqual([...covered, ...left].sort(), [...lists[tool]].sort());
    });
});
