import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { connect, type Read } from "../../../components/targets/kubernetes/client";
import { readKubeconfig } from "../../../components/targets/kubernetes/kubeconfig";
import { ownCluster } from "../../../systems/cluster";
import type { Said } from "../live-target";
import type { Watch } from "./watch";

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

export interface LoadedRule {
  readonly name: string;
  readonly query: string;
  readonly health: string;
  readonly lastError?: string;
}

/** The monitoring of a cluster as somebody sees it who has the rights of its administrator. */
export class DeployedMonitoring implements Watch {
  readonly namespace: () => string;
  #read: Read | undefined;

  constructor(namespace: () => string) {
    this.namespace = namespace;
  }

  /** What a pod answers to a question, by way of the cluster's API. */
  async ask(pod: string, port: number, path: string): Promise<unknown> {
    const place = `/api/v1/namespaces/${this.namespace()}/pods/${pod}:${port}/proxy`;
    this.#read ??= connect(readKubeconfig(ownCluster, process.env));
    const answer = await this.#read(`${place}${path}`);
    assert.ok(answer !== undefined, `${pod} has nothing at ${path}`);
    return JSON.parse(answer) as unknown;
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

  /** The rules that it has loaded. */
  async rules(): Promise<readonly LoadedRule[]> {
    const { groups } = (await this.prometheus("rules")) as {
      readonly groups: readonly { readonly rules: readonly LoadedRule[] }[];
    };
    return groups.flatMap(({ rules }) => rules);
  }

  /** The files with rules that the operator has written, by name. */
  async ruleFiles(): Promise<ReadonlyMap<string, string>> {
    const place = ["-n", this.namespace(), "get", "configmaps", "-o", "json"];
    const { items } = JSON.parse(
      await kubectlDoes([...place, "-l", "prometheus-name=main,managed-by=prometheus-operator"]),
    ) as { readonly items: readonly { readonly data?: Readonly<Record<string, string>> }[] };
    return new Map(items.flatMap(({ data = {} }) => Object.entries(data)));
  }

  async value(expression: string): Promise<number> {
    const [first] = await this.query(expression);
    return Number(first?.value[1] ?? Number.NaN);
  }

  /** What a command says in a container of a pod. */
  inside(pod: string, container: string, ...command: readonly string[]): Promise<string> {
    return kubectlDoes(["-n", this.namespace(), "exec", pod, "-c", container, "--", ...command]);
  }

  configuration(): Promise<string> {
    return this.inside("alertmanager-main-0", "alertmanager", "cat", alertmanagerFile);
  }

  async logs(): Promise<string> {
    const parts = ["alertmanager", "prometheus", "prometheus-operator"].map((part) =>
      kubectlDoes([
        ...["-n", this.namespace(), "logs", "-l", `app.kubernetes.io/name=${part}`],
        ...["--all-containers", "--tail=-1"],
      ]),
    );
    return (await Promise.all(parts)).join();
  }
}

/** Where the operator lays what Alertmanager is to read. */
export const alertmanagerFile = "/etc/alertmanager/config_out/alertmanager.env.yaml";
