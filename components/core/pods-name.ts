const ending = "-pods";

/**
 * The second name of a service, which stands for the addresses of its replicas and not for the service as one: for whoever
 * has to speak to each of them. On Kubernetes it resolves to those that are ready, and to nothing while none is.
 */
export const podsName = (service: string): string => `${service}${ending}`;

/** Whose replicas a name would stand for. */
export const podsOwner = (name: string): string | undefined =>
  name.endsWith(ending) ? name.slice(0, -ending.length) : undefined;
