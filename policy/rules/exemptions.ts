import { both, type Rule, type Settings } from "./rule";

/** One entry of `policy:exemptions`, as it is written. */
export interface Exemption {
  /** Name of the resource, or its URN. */
  readonly resource?: string | undefined;
  /** Id of the rule. */
  readonly rule?: string | undefined;
  readonly reason?: string | undefined;
  /** Last day on which it holds, as `YYYY-MM-DD`. */
  readonly until?: string | undefined;
}

const day = /^\d{4}-\d{2}-\d{2}$/;

/** What is wrong with an exemption. */
function problemsOf({ resource, rule, reason, until }: Exemption, { ruleIds, today }: Settings): readonly string[] {
  return [
    ...(resource ? [] : ["names no resource"]),
    ...(rule === undefined || !ruleIds.includes(rule) ? [`names ${rule ?? "no rule"}, which is no rule's id`] : []),
    ...(reason?.trim() ? [] : ["gives no reason"]),
    ...(until === undefined || !isDay(until) ? ['has no end: use until: "YYYY-MM-DD"'] : []),
    ...(until !== undefined && isDay(until) && until < today ? [`ended on ${until}`] : []),
  ];
}

function isDay(text: string): boolean {
  const moment = new Date(`${text}T00:00:00Z`);
  return day.test(text) && !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}

/** Whether an exemption of the settings holds for this. One that is not in order holds for nothing. */
export function isExempt(
  rule: string,
  resource: { readonly name: string; readonly urn: string },
  settings: Settings,
): boolean {
  return settings.exemptions.some(
    (exemption) =>
      exemption.rule === rule &&
      (exemption.resource === resource.name || exemption.resource === resource.urn) &&
      problemsOf(exemption, settings).length === 0,
  );
}

/** Exemptions are judged like everything else. */
export const exemptionRules: readonly Rule[] = [
  {
    of: "stack",
    id: "exemption-has-reason",
    title: "An exemption names its resource, its rule, a reason and an end",
    severity: "medium",
    targets: both,
    why: "An exemption without a reason is a hole that nobody dares to close, and one without an end stays for ever.",
    remedy: "Complete it, or remove it: until then it holds for nothing.",
    example: '{ resource: shop-agent, rule: no-host-path, reason: reads the node\'s figures, until: "2027-06-30" }',
    references: {},
    check: (_, settings) =>
      settings.exemptions.flatMap((exemption, index) =>
        problemsOf(exemption, settings).map((problem) => ({
          message: `policy:exemptions[${index}] (${exemption.rule ?? "?"} of ${exemption.resource ?? "?"}) ${problem}`,
        })),
      ),
  },
];
