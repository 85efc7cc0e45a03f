import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ruleGroups, rules } from "../policy/rules/index";
import { type References, type Rule, type Severity, severities } from "../policy/rules/rule";

/** The tools whose checks rules cover, under their own names. */
const tools: Readonly<Record<keyof References, string>> = {
  kubeLinter: "kube-linter",
  kubeScore: "kube-score",
  polaris: "Polaris",
  trivy: "Trivy",
  checkov: "Checkov",
  podSecurity: "Pod Security Standards",
  cisDocker: "CIS Docker Benchmark",
};

type Tool = keyof References;

/** Checks that no rule covers, with the reason, for tools whose whole list is short enough to be held to. */
export const uncovered: Partial<Readonly<Record<Tool, Readonly<Record<string, string>>>>> = {
  kubeScore: {
    "container-ephemeral-storage-request-equals-limit": "what is left of a node's disk is for everybody to use",
  },
  cisDocker: {
    "5.1": "Swarm is not used",
    "5.9": "which ports are needed is what edge-declared and publish-loopback-only judge",
    "5.19": "limits of the engine's own are the engine's setting",
    "5.21": "the provider has no input for the UTS namespace",
    "5.23": "commands that people run are no part of a deployment",
    "5.24": "commands that people run are no part of a deployment",
    "5.25": "a cgroupParent is only used in place of a limit of processes",
  },
};

const targets = { docker: "Docker", kubernetes: "Kubernetes" } as const;

/** What each rule covers of a tool, by the tool's own ids. */
export function coverageOf(tool: Tool): ReadonlyMap<string, readonly string[]> {
  const pairs = rules.flatMap(({ id, references }) => (references[tool] ?? []).map((check) => ({ check, id })));
  const groups = Map.groupBy(pairs, ({ check }) => check);
  return new Map([...groups].map(([check, all]): [string, string[]] => [check, all.map(({ id }) => id)]).sort(byName));
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => a.localeCompare(b, "en", { numeric: true });

/** The page as it must be; a test compares it with the one that is checked in. */
export function policiesPage(): string {
  return `${introduction()}
## The rules

${countTable()}

${Object.entries(ruleGroups)
  .map(([group, members]) => `### ${group}\n\n${members.map(ruleText).join("\n\n")}`)
  .join("\n\n")}

## Compliance of TradeMaster

Its compliance checker gives six of these rules a type and a severity of its own.

| rule | type | severity there | severity here |
| --- | --- | --- | --- |
${rules
  .flatMap(({ id, severity, compliance }) =>
    compliance === undefined ? [] : [`| \`${id}\` | ${compliance.type} | ${compliance.severity} | ${severity} |`],
  )
  .join("\n")}

## What other tools check

Each check of another tool that a rule covers, by that tool's own id.

${(Object.keys(tools) as Tool[]).map(coverageText).join("\n\n")}
`;
}

function countTable(): string {
  const count = (severity: Severity, isThere: (rule: Rule) => boolean): number =>
    rules.filter((rule) => rule.severity === severity && isThere(rule)).length;
  const lines = severities.map((severity) => [
    severity,
    count(severity, () => true),
    count(severity, (rule) => rule.targets.includes("docker")),
    count(severity, (rule) => rule.targets.includes("kubernetes")),
    count(severity, (rule) => rule.of === "stack"),
  ]);
  const total = lines.reduce<number[]>(
    (sums, [, ...cells]) => cells.map((cell, at) => (sums[at] ?? 0) + Number(cell)),
    [],
  );
  const head = ["severity", "rules", "on Docker", "on Kubernetes", "of the whole stack"];
  return table([head, ...lines, ["all", ...total]]);
}

function table([head = [], ...lines]: readonly (readonly (string | number)[])[]): string {
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function ruleText({ id, title, severity, targets: where, why, remedy, example, references, blind, of }: Rule): string {
  const places = [...where.map((target) => targets[target]), ...(of === "stack" ? ["the whole stack"] : [])];
  const covered = (Object.keys(tools) as Tool[]).flatMap((tool) => {
    const checks = references[tool];
    return checks === undefined ? [] : [`${tools[tool]} ${checks.map((check) => `\`${check}\``).join(", ")}`];
  });
  return [
    `#### \`${id}\``,
    `${title}. **${severity}**, on ${places.join(", ")}.`,
    [
      `- Why: ${why}`,
      `- Remedy: ${remedy}`,
      `- Example: \`${example}\``,
      ...(blind === undefined ? [] : [`- Does not see: ${blind}.`]),
      ...(covered.length === 0 ? [] : [`- Covers: ${covered.join("; ")}`]),
    ].join("\n"),
  ].join("\n\n");
}

function coverageText(tool: Tool): string {
  const rows = [...coverageOf(tool)].map(([check, ids]) => [`\`${check}\``, ids.map((id) => `\`${id}\``).join(", ")]);
  const left = Object.entries(uncovered[tool] ?? {}).map(([check, why]) => [`\`${check}\``, `none: ${why}`]);
  return `### ${tools[tool]}: ${rows.length}\n\n${table([["check", "rule"], ...rows, ...left])}`;
}

function introduction(): string {
  return `# Policies

\`policy/\` is a Pulumi policy pack. It judges what a deployment is about to make: containers, networks and volumes of Docker,
objects of Kubernetes, and the stack as a whole against what was described.

\`\`\`sh
pulumi preview --policy-pack policy                                     # in this repository, after npm ci
pulumi preview --policy-pack policy --policy-pack-config strict.json    # with levels of your own for single rules
pulumi policy analyze --file state.json --policy-pack policy            # of what is there, as pulumi stack export has it
pulumi policy publish policy                                            # for an organisation; npm ci in policy/ first
\`\`\`

It works with any Pulumi, and for programs that have nothing to do with Twofold: only the rules about descriptions then have
nothing to look at.

## Levels

What is critical or high forbids a deployment (\`mandatory\`), the rest advises (\`advisory\`). A stack may say otherwise in its
configuration, by severity or for single rules; \`disabled\` switches off. This is what development has, and one rule besides:

\`\`\`yaml
config:
  policy:enforcement:
    critical: advisory
    high: advisory
    image-digest: disabled
\`\`\`

Pulumi's own configuration of packs, \`--policy-pack-config FILE\`, knows rules and \`all\`, and comes before that:
\`{ "all": "advisory", "no-privileged": "mandatory" }\`.

## Exemptions

An exemption names a resource, by its name in Pulumi or its URN, a rule, a reason, and the last day on which it holds. One that
lacks any of that, names no rule, or whose day has passed holds for nothing, and is a violation of \`exemption-has-reason\`.

\`\`\`yaml
config:
  policy:exemptions:
    - resource: algo-trading-node-exporter
      rule: no-host-path
      reason: the machine's own figures are in its folders
      until: "2027-05-31"
\`\`\`

\`policy:registries\` lists what images may come from, for \`trusted-registries\`.

## What a preview does not know

A value that is known only when it is deployed is neither wrong nor missing: rules say nothing about it, and judge it in the next
preview. Inputs of a resource are judged as the program gives them; what an image brings of its own (a user, a health check) is
not seen. Where a rule cannot see something else, it says so below.

Rules about replaced or deleted volumes compare with the last state, which the pack reads with \`pulumi stack export\` in a preview.
A run without a preview (\`make up\`) is not compared.

Each rule is a value in \`policy/rules\` with a pure check over plain data, without Pulumi. The same checks judge rendered manifests
(\`stackOfManifests\` in \`policy/facts/stack.ts\`) and whatever else is brought into that form.
`;
}

if (require.main === module) writeFileSync(join(__dirname, "../docs/policies.md"), policiesPage());
