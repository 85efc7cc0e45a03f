import { CommandError, run } from "../../../images/command";
import type { OwnClone } from "./own-clone";
import { host, namespace, type Service, services } from "./pods";

/** The services of the probe in a clone's cluster: what they reach, and what reaches them. */
export class Probe {
  readonly #clone: OwnClone;

  constructor(clone: OwnClone) {
    this.#clone = clone;
  }

  kubectl(...args: readonly string[]): Promise<string> {
    return this.#clone.kubectl(["--namespace", namespace, ...args]);
  }

  apply(objects: readonly object[]): Promise<string> {
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
    return this.#clone.kubectl(["apply", "--filename", "-"], list);
  }

  allReady(): Promise<string> {
    return this.kubectl("wait", "--for=condition=Available", "--timeout=90s", "deployment", "--all");
  }

  /** What the service gets from an address: the answer, or in a word why there is none. */
  async reach(from: Service, url: string): Promise<string> {
    const command = ["busybox", "timeout", "5", "busybox", "wget", "-qO-", url];
    try {
      return (await this.kubectl("exec", `deployment/${from}`, "--", ...command)).trim();
    } catch (error) {
      const said = /Connection refused|Network is unreachable|bad address/.exec(
        error instanceof CommandError ? error.tail.join("\n") : "",
      );
      if (said === null) throw error;
      return said[0];
    }
  }

  /** Who reaches whom, of every ordered pair. */
  async reachability(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const from of services)
      for (const to of services.filter((name) => name !== from))
        if ((await this.reach(from, `http://${to}/`)) === to) found.push(`${from} > ${to}`);
    return found;
  }

  /** What the ingress controller answers to the machine. */
  throughIngress(scheme: "http" | "https", ...more: readonly string[]): Promise<string> {
    const port = scheme === "http" ? 80 : 443;
    const options = ["--silent", "--show-error", "--fail", "--max-time", "10", ...more];
    return run("curl", [...options, "--resolve", `${host}:${port}:${this.#clone.address}`, `${scheme}://${host}/`]);
  }
}
