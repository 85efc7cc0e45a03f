import * as pulumi from "@pulumi/pulumi";

/** Shows a failure under the resource, once, and without the stack trace, of which a user learns nothing. */
export async function blaming<Result>(resource: pulumi.Resource, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const shown = new pulumi.ResourceError(message, resource, true);
    delete shown.stack;
    // whatever waits for the same output would put its own name before the message
    Object.defineProperty(shown, "message", { get: () => message, set: () => undefined });
    throw shown;
  }
}
