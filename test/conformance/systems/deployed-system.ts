import assert from "node:assert/strict";
import type { SystemPlan } from "../../../components/core/plan-types";
import type { Instance, LiveTarget } from "../live-target";

/** Where exposed ports answer, by `service/port`. */
export type Addresses = Readonly<Record<string, string>>;

/** A system of the catalogue where it runs, as somebody sees it who may look into it and changes nothing. */
export class DeployedSystem {
  /** What was deployed. */
  readonly plan: SystemPlan;
  readonly #connect: () => LiveTarget;
  readonly #addresses: () => Promise<Addresses>;
  #live: LiveTarget | undefined;

  /** Connects to the platform when something is asked there for the first time: it may have none to connect to before. */
  constructor(plan: SystemPlan, connect: () => LiveTarget, addresses: () => Promise<Addresses>) {
    this.plan = plan;
    this.#connect = connect;
    this.#addresses = addresses;
  }

  get live(): LiveTarget {
    this.#live ??= this.#connect();
    return this.#live;
  }

  get name(): string {
    return this.plan.name;
  }

  /** What a command says inside an instance, or inside the first one of a service; fails when the command does. */
  async inside(where: string | Instance, ...command: readonly string[]): Promise<string> {
    const instance = typeof where === "string" ? (await this.live.instances(where))[0] : where;
    assert.ok(instance !== undefined, `${JSON.stringify(where)} is not there`);
    const { code, stdout, stderr } = await this.live.exec(instance, command);
    assert.equal(code, 0, `${instance.service}: ${command.join(" ")} ended with ${code}: ${stderr}`);
    return stdout.trim();
  }

  /** Where the stack says that ports answer. */
  addresses(): Promise<Addresses> {
    return this.#addresses();
  }

  /** Where the stack says that a port answers, such as `nginx/http`. */
  async address(port: string): Promise<string> {
    const all = await this.addresses();
    const found = all[port];
    assert.ok(found !== undefined, `${port} has no address, only ${Object.keys(all).join(", ")}`);
    return found;
  }

  /** What Prometheus answers to a question of its interface, such as `targets` or `query?query=up`. */
  async prometheus(path: string): Promise<unknown> {
    const answer = await this.inside("prometheus", "wget", "-q", "-O", "-", `http://127.0.0.1:9090/api/v1/${path}`);
    return (JSON.parse(answer) as { readonly data: unknown }).data;
  }

  /** What Prometheus answers to several expressions at once, each as it is written. */
  async queries(expressions: readonly string[]): Promise<readonly string[]> {
    const script = 'for url; do wget -q -O - "$url" || echo \'{"status":"refused"}\'; echo; done';
    const urls = expressions.map(
      (expression) => `http://127.0.0.1:9090/api/v1/query?query=${encodeURIComponent(expression)}`,
    );
    const answers = await this.inside("prometheus", "sh", "-c", script, "sh", ...urls);
    return answers.split("\n").filter((line) => line !== "");
  }
}
