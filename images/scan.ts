import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { CommandError, run } from "./command";
import { fileNameOf } from "./file-name";

const severities = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "UNKNOWN"] as const;

/** What is read of a report of Trivy's, and nothing else of it. */
const trivyReport = z.object({
  Results: z
    .array(
      z.object({
        Target: z.string(),
        Vulnerabilities: z
          .array(
            z.object({
              VulnerabilityID: z.string(),
              PkgName: z.string(),
              InstalledVersion: z.string().default(""),
              FixedVersion: z.string().default(""),
              Severity: z.enum(severities).catch("UNKNOWN"),
            }),
          )
          .nullish(),
      }),
    )
    .nullish(),
});

/** A known vulnerability of something in an image. */
export interface Finding {
  readonly id: string;
  readonly severity: (typeof severities)[number];
  readonly package: string;
  readonly installed: string;
  /** The first version without it; empty while there is none. */
  readonly fixed: string;
}

/** The findings of a report, the worst first, each once. Throws a ZodError for what is no report. */
export function findingsIn(report: unknown): readonly Finding[] {
  const found = (trivyReport.parse(report).Results ?? []).flatMap(({ Vulnerabilities }) =>
    (Vulnerabilities ?? []).map(
      (each): Finding => ({
        id: each.VulnerabilityID,
        severity: each.Severity,
        package: each.PkgName,
        installed: each.InstalledVersion,
        fixed: each.FixedVersion,
      }),
    ),
  );
  const distinct = new Map(found.map((finding) => [Object.values(finding).join(" "), finding]));
  const rank = ({ severity }: Finding): number => severities.indexOf(severity);
  return [...distinct.values()].sort((a, b) => rank(a) - rank(b) || (a.package < b.package ? -1 : 1));
}

/**
 * Scans an image with Trivy, whose report goes into a folder, and says what is found. Gives whether nothing has to be
 * mended. Throws an ImageError where Trivy is not installed.
 */
export async function scanImage(reference: string, folder: string): Promise<boolean> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${fileNameOf(reference)}.json`);
  try {
    await run("trivy", ["image", "--quiet", "--scanners", "vuln", "--format", "json", "--output", file, reference]);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.log(`${reference} could not be scanned: ${error.message}`);
    return false;
  }
  const findings = findingsIn(JSON.parse(readFileSync(file, "utf8")));
  const grave = findings.filter(isToBeMended);
  console.log(`${reference}: ${countsOf(findings)}; ${grave.length} to be mended`);
  for (const { id, severity, package: name, installed, fixed } of grave)
    console.log(`  ${severity.padEnd(8)}  ${id}  ${name} ${installed}, mended in ${fixed}`);
  return grave.length === 0;
}

/** Whether it keeps an image from being pushed: it is grave, and there is a version without it. */
function isToBeMended({ severity, fixed }: Finding): boolean {
  return (severity === "CRITICAL" || severity === "HIGH") && fixed !== "";
}

/** How many there are of each severity, in words. */
function countsOf(findings: readonly Finding[]): string {
  const counts = severities.flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity.toLowerCase()}`];
  });
  return counts.length === 0 ? "nothing known" : counts.join(", ");
}
