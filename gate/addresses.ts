import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect, isIPv6, type LookupFunction } from "node:net";
import type { SystemPlan } from "../components/core/plan-types";

/** An address at which a stack says that a port answers, and what is asked there. */
export interface Address {
  /** `service/port`, as the stack's output has it. */
  readonly name: string;
  readonly url: URL;
  /** The path of the service's own check, which must answer well; without one, any answer but a server's error will do. */
  readonly checked: boolean;
}

/** How to get to addresses from here. */
export interface Way {
  /** Where all names are, in place of what the name service says. */
  readonly ip?: string | undefined;
  /** Whether certificates of authorities that nobody knows will do. */
  readonly anyCertificate: boolean;
}

const answerMilliseconds = 5000;

/** The addresses in a stack's output that can be asked from here: what needs a forwarding first is not among them. */
export function addressesIn(output: Readonly<Record<string, string>>, plan: SystemPlan): readonly Address[] {
  return Object.entries(output).flatMap(([name, address]): Address[] => {
    if (address.startsWith("kubectl ")) return [];
    const [service, port] = name.split("/");
    if (!/^https?:\/\//.test(address)) return [{ name, url: new URL(`tcp://${address}`), checked: false }];
    const probes = plan.services.find((each) => each.name === service)?.probes;
    const paths = [probes?.ready, probes?.live, probes?.startup].flatMap((probe) =>
      probe !== undefined && "http" in probe && (port === undefined || probe.http.port === port)
        ? [probe.http.path]
        : [],
    );
    return [{ name, url: new URL(paths[0] ?? "/", address), checked: paths[0] !== undefined }];
  });
}

/** Asks at an address. Gives what is wrong with the answer, or undefined. */
export async function ask({ name, url, checked }: Address, way: Way): Promise<string | undefined> {
  try {
    if (url.protocol === "tcp:") {
      await knock(url);
      return undefined;
    }
    const status = await statusAt(url, way);
    const well = checked ? status < 400 : status < 500;
    return well ? undefined : `${name} answers with status ${status} at ${url.href}`;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `${name} does not answer at ${url.href}: ${reason.split("\n")[0] ?? ""}`;
  }
}

function knock({ hostname, port }: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port), timeout: answerMilliseconds });
    socket.once("connect", () => socket.end(resolve));
    socket.once("timeout", () => socket.destroy(new Error(late)));
    socket.once("error", reject);
  });
}

const late = `no answer within ${answerMilliseconds / 1000} s`;

function statusAt(url: URL, { ip, anyCertificate }: Way): Promise<number> {
  const request = url.protocol === "https:" ? httpsRequest : httpRequest;
  const options = {
    agent: false,
    timeout: answerMilliseconds,
    rejectUnauthorized: !anyCertificate,
    ...(ip === undefined ? {} : { lookup: always(ip) }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on("timeout", () => sent.destroy(new Error(late)));
    sent.on("error", reject);
    sent.end();
  });
}

/** A name service that knows one address for all names. */
function always(ip: string): LookupFunction {
  const family = isIPv6(ip) ? 6 : 4;
  return (_name, options, callback) => {
    if (options.all === true) callback(null, [{ address: ip, family }]);
    else callback(null, ip, family);
  };
}
