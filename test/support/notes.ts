import * as pulumi from "@pulumi/pulumi";
import { approximated, native, type SupportTable, unsupported } from "../../components/core/gaps";
import type { SystemPlan } from "../../components/core/plan-types";
import { secretsIn } from "../../components/core/value";
import { support as docker } from "../../components/targets/docker/support";
import type { Target } from "../../components/targets/target";

/** Type of the one resource that the target makes for each service. */
export const noteType = "notes:index:Note";

class Note extends pulumi.CustomResource {}

const support: SupportTable = {
  ...(Object.fromEntries(Object.keys(docker).map((feature) => [feature, native])) as SupportTable),
  replicas: approximated("a note is a note"),
  autoscale: unsupported("notes do not grow", "write another note"),
};

/** A target that makes a note of each service, with the secrets that it is given. */
export const notes: Target<SystemPlan> = {
  id: "docker",
  support,
  render: (plan) => plan,
  realise: ({ services }, { parentOf, secret }) => {
    const [first] = services.map(({ name, env }) => {
      const secrets = Object.values(env).flatMap(secretsIn).map(secret);
      return new Note(noteType, `note-of-${name}`, { name, secrets }, { parent: parentOf(name) });
    });
    new Note(noteType, "note-of-all", {}, { parent: parentOf(undefined) });
    const ready = first?.id ?? pulumi.output("none");
    return { addresses: ready.apply((id): Record<string, string> => ({ "api/http": id })), omitted: {} };
  },
};

/** The same, but for one service that it leaves out. */
export const notesWithout = (service: string, because: string): Target<SystemPlan> => ({
  ...notes,
  realise: (plan, scope) => ({ ...notes.realise(plan, scope), omitted: { [service]: because } }),
});
