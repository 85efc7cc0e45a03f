import type { CatalogueBuilder } from "../../components/builder";
import { external } from "../../components/core/connect";
import type { ConnectOptions, ServiceHandle } from "../../components/core/service-handle";
import { text, type Value } from "../../components/core/value";
import type { MarketPrismSettings, UpstreamKey } from "./settings";

/** The account by which stores and broker are used. */
export const account = "marketprism";

/** Something that services reach: a service of the system, or what the settings say is elsewhere. */
export type Upstream =
  | { readonly beside: ServiceHandle | ReturnType<ServiceHandle["endpoint"]> }
  | { readonly elsewhere: string; readonly password: Value | undefined };

/** What the services find around them; undefined is what the other room has, and nobody here needs. */
export interface Surroundings {
  readonly system: CatalogueBuilder;
  readonly settings: MarketPrismSettings;
  readonly upstreams: Partial<Record<UpstreamKey, Upstream>>;
}

/** What a service wants to know of an upstream, as names of variables. */
export interface Need {
  readonly upstream: UpstreamKey;
  readonly url: string;
  /** Beginning of the names of variables for user and password. */
  readonly account?: string | undefined;
  /** Whether the password is a part of the address, so that this comes as a file. */
  readonly urlHoldsPassword?: boolean;
  readonly wait?: ConnectOptions["wait"];
}

/** The variables for an address and, where there is one, for the account there. */
function variablesOf(
  service: string,
  { upstream, url: name, account: prefix, urlHoldsPassword = false }: Need,
  given: { readonly url: Value; readonly password: Value | undefined },
  { system }: Surroundings,
): Readonly<Record<string, Value>> {
  const address = urlHoldsPassword
    ? { [`${name}_FILE`]: system.secretFile(service, `${upstream}-url`, given.url) }
    : { [name]: given.url };
  if (prefix === undefined || given.password === undefined) return address;
  const password = system.secretFile(service, `${upstream}-password`, given.password);
  return { ...address, [`${prefix}_USER`]: account, [`${prefix}_PASSWORD_FILE`]: password };
}

/** Variables for what is elsewhere; they are a part of the service itself. */
export function variablesForElsewhere(
  service: string,
  needs: readonly Need[],
  around: Surroundings,
): Readonly<Record<string, Value>> {
  return Object.assign(
    {},
    ...needs.map((need) => {
      const upstream = around.upstreams[need.upstream];
      if (upstream === undefined || !("elsewhere" in upstream)) return {};
      const { elsewhere, password } = upstream;
      const [scheme = "", rest = ""] = elsewhere.split("://");
      const url =
        need.urlHoldsPassword === true && password !== undefined ? text`${scheme}://:${password}@${rest}` : elsewhere;
      return variablesOf(service, need, { url, password }, around);
    }),
  );
}

/** States the connections of a service to what it needs. */
export function connect(handle: ServiceHandle, needs: readonly Need[], around: Surroundings): ServiceHandle {
  for (const need of needs) {
    const upstream = around.upstreams[need.upstream];
    if (upstream === undefined) continue;
    if ("elsewhere" in upstream) {
      const { hostname, port } = new URL(upstream.elsewhere);
      handle.reaches(external(hostname.replaceAll(/[[\]]/g, ""), Number(port)));
      continue;
    }
    handle.connectsTo(upstream.beside, {
      ...(need.wait === undefined ? {} : { wait: need.wait }),
      env: ({ url, value }) =>
        variablesOf(
          handle.name,
          need,
          { url, password: need.account === undefined ? undefined : value("password") },
          around,
        ),
    });
  }
  return handle;
}
