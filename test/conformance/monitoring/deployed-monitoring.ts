import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { ownCluster } from "../../../systems/cluster";
import type { Said } from "../live-target";

const program = join(dirname(ownCluster.kubeconfig), "bin/kubectl");

/** kubectl for the cluster of this clone, which is given a text to read. */
export function kubectl(args: readonly string[], input = ""): Promise<Said> {
  const where = ["--kubeconfig", ownCluster.kubeconfig, "--context", ownCluster.context];
  return new Promise((resolve) => {
    const options = { maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(program, [...where, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

/** The same; fails when the command does. */
export async function kubectlDoes(args: readonly string[], input = ""): Promise<string> {
  const { code, stdout, stderr } = await kubectl(args, input);
  assert.equal(code, 0, `kubectl ${args.join(" ")}: ${stderr}`);
  return stdout;
}

export interface ScrapeTarget {
  readonly labels: Readonly<Record<string, string>>;
  readonly health: string;
  readonly lastError: string;
}

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** The monitoring of a cluster as somebody sees it who has the rights of its administrator. */
export class DeployedMonitoring {
  readonly namespace: () => string;

  constructor(namespace: () => string) {
    this.namespace = namespace;
  }

  /** What a pod answers to a question, by way of the cluster's API. */
  async ask(pod: string, port: number, path: string): Promise<unknown> {
    const place = `/api/v1/namespaces/${this.namespace()}/pods/${pod}:${port}/proxy`;
    return JSON.parse(await kubectlDoes(["get", "--raw", `${place}${path}`])) as unknown;
  }

  /** What one of the two Prometheus answers. */
  async prometheus(path: string, ordinal = 1): Promise<unknown> {
    const { data } = (await this.ask(`prometheus-main-${ordinal}`, 9090, `/api/v1/${path}`)) as {
      readonly data: unknown;
    };
    return data;
  }

  async query(expression: string, ordinal = 1): Promise<readonly Sample[]> {
    const answer = await this.prometheus(`query?query=${encodeURIComponent(expression)}`, ordinal);
    return (answer as { readonly result: readonly Sample[] }).result;
  }

  async targets(ordinal: number): Promise<readonly ScrapeTarget[]> {
    const answer = await this.prometheus("targets?state=active", ordinal);
    return (answer as { readonly activeTargets: readonly ScrapeTarget[] }).activeTargets;
  }
}
