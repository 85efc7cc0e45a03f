import { Readable } from "node:stream";
import type Docker from "dockerode";
import { support } from "../../../components/targets/docker/support";
import type { Ended, Instance, LiveTarget, Published, Said } from "../live-target";
import { demultiplexed } from "./streams";

/** What was deployed under a prefix, seen through the engine's interface. */
export class LiveDocker implements LiveTarget {
  readonly id = "docker";
  readonly support = support;
  readonly #docker: Docker;
  readonly #prefix: string;
  /** Volumes without a name of ours that containers of ours had, so that it is known when one is left behind. */
  readonly #anonymousVolumes = new Set<string>();

  constructor(docker: Docker, prefix: string) {
    this.#docker = docker;
    this.#prefix = `${prefix}-`;
  }

  async instances(service: string): Promise<readonly Instance[]> {
    const containers = await this.#containers();
    const own = containers.filter(({ Labels }) => Labels["twofold.service"] === service && "twofold.replica" in Labels);
    own.sort((a, b) => Number(a.Labels["twofold.replica"]) - Number(b.Labels["twofold.replica"]));
    return Promise.all(
      own.map(async ({ Id }) => {
        const { State, RestartCount } = await this.#docker.getContainer(Id).inspect();
        const ended = State.Running ? {} : { exitCode: State.ExitCode };
        return { id: Id, service, running: State.Running, restarts: RestartCount, ...ended };
      }),
    );
  }

  async exec({ id }: Instance, argv: readonly string[]): Promise<Said> {
    const exec = await this.#docker.getContainer(id).exec({ Cmd: [...argv], AttachStdout: true, AttachStderr: true });
    const [stdout, stderr] = await demultiplexed(this.#docker, await exec.start({}));
    const { ExitCode } = await exec.inspect();
    return { code: ExitCode ?? -1, stdout, stderr };
  }

  async logs({ id }: Instance): Promise<string> {
    const raw = await this.#docker.getContainer(id).logs({ stdout: true, stderr: true, follow: false });
    // in pieces, because the demultiplexer calls itself for every line of a piece
    const pieces = Array.from({ length: Math.ceil(raw.length / 4096) }, (_, index) =>
      raw.subarray(index * 4096, (index + 1) * 4096),
    );
    return (await demultiplexed(this.#docker, Readable.from(pieces))).join("");
  }

  async follow({ id }: Instance): Promise<{ readonly ended: Promise<string> }> {
    const stream = await this.#docker.getContainer(id).logs({ stdout: true, stderr: true, follow: true });
    return { ended: demultiplexed(this.#docker, stream).then((texts) => texts.join("")) };
  }

  async addresses({ id }: Instance): Promise<readonly string[]> {
    const { NetworkSettings } = await this.#docker.getContainer(id).inspect();
    return Object.values(NetworkSettings.Networks)
      .map(({ IPAddress }) => IPAddress)
      .filter((address) => address !== "");
  }

  async published(service: string): Promise<readonly Published[]> {
    const instances = await this.instances(service);
    const inspected = await Promise.all(instances.map(({ id }) => this.#docker.getContainer(id).inspect()));
    return inspected
      .flatMap(({ NetworkSettings }) => Object.values(NetworkSettings.Ports).flatMap((bindings) => bindings ?? []))
      .map(({ HostIp, HostPort }) => ({ address: HostIp, port: Number(HostPort) }));
  }

  async metadata(): Promise<string> {
    const containers = await this.#containers();
    const inspected = await Promise.all([
      ...containers.map(({ Id }) => this.#docker.getContainer(Id).inspect()),
      ...(await this.#networks()).map(({ Id }) => this.#docker.getNetwork(Id).inspect()),
      ...(await this.#volumes()).map((name) => this.#docker.getVolume(name).inspect()),
    ]);
    return JSON.stringify(inspected);
  }

  async stop(instance: Instance): Promise<Ended> {
    const container = this.#docker.getContainer(instance.id);
    await container.stop();
    const { State } = await container.inspect();
    return { exitCode: State.ExitCode, log: await this.logs(instance) };
  }

  async objects(): Promise<readonly string[]> {
    const containers = await this.#containers();
    return [
      ...containers.map(({ Names }) => `container ${Names[0]?.slice(1) ?? ""}`),
      ...(await this.#networks()).map(({ Name }) => `network ${Name}`),
      ...(await this.#volumes()).map((name) => `volume ${name}`),
    ].sort();
  }

  async sweep(): Promise<void> {
    for (const { Id } of await this.#containers()) await this.#docker.getContainer(Id).remove({ force: true, v: true });
    for (const { Id } of await this.#networks()) await this.#docker.getNetwork(Id).remove();
    for (const name of await this.#volumes()) await this.#docker.getVolume(name).remove();
  }

  async #containers(): Promise<readonly Docker.ContainerInfo[]> {
    const all = await this.#docker.listContainers({ all: true });
    const own = all.filter(({ Names }) => Names.some((name) => name.startsWith(`/${this.#prefix}`)));
    for (const { Name = "" } of own.flatMap(({ Mounts }) => Mounts)) {
      if (/^[0-9a-f]{64}$/.test(Name)) this.#anonymousVolumes.add(Name);
    }
    return own;
  }

  async #networks(): Promise<readonly Docker.NetworkInspectInfo[]> {
    return (await this.#docker.listNetworks()).filter(({ Name }) => Name.startsWith(this.#prefix));
  }

  async #volumes(): Promise<readonly string[]> {
    const { Volumes } = await this.#docker.listVolumes();
    return Volumes.map(({ Name }) => Name).filter(
      (name) => name.startsWith(this.#prefix) || this.#anonymousVolumes.has(name),
    );
  }
}
