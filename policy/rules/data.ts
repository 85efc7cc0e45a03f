import { backupOf } from "../facts/backup";
import { programOf } from "../facts/image";
import { dataIn, lossesIn } from "../facts/losses";
import { at, hasPending, known, pending } from "../facts/plain";
import type { Service, View } from "../facts/stack";
import type { Container } from "../facts/workload";
import { both, type Rule, when } from "./rule";

const backupPlace =
  "a backup that is stated neither as backup in the description's outline nor as the annotation (on Docker the label) twofold.backup of what runs";

/** What must not be lost. */
export const dataRules: readonly Rule[] = [
  {
    of: "stack",
    id: "no-loss-of-data",
    title: "Nothing that holds data is replaced or deleted",
    severity: "critical",
    targets: both,
    why: "A new name, place or class makes another volume, and the old one goes with what is in it.",
    remedy: "Take the change back, move the data first, or exempt the volume for that one deployment.",
    example: "retainOnDelete: true",
    references: {},
    readsState: true,
    blind:
      "runs without a preview; the last state, where the pack cannot read it with pulumi stack export: then it says so",
    check: ({ stack }) =>
      lossesIn(stack).map(({ resource, how }) => ({ on: resource, message: `would be ${how}, with the data in it` })),
  },
  {
    of: "stack",
    id: "stateful-protected",
    title: "Volumes outlive a mistake",
    severity: "high",
    targets: both,
    why: "One wrong name deletes a database.",
    remedy: "Say keep: true of the volume, set keepVolumes for the stack, or protect the resource.",
    example: "volumes: { data: { path: /data, keep: true } }",
    references: {},
    readsState: true,
    blind:
      "retainOnDelete, of which a policy is not told: keep is looked for in the outline, in the annotation twofold.keep, and in the last state",
    check: (view) =>
      dataIn(view)
        .filter(({ isKept }) => !isKept)
        .map(({ resource }) => ({ on: resource, message: "goes with everything in it when it is removed" })),
  },
  {
    of: "stack",
    id: "stateful-has-backup",
    title: "What holds data has a backup",
    severity: "high",
    targets: both,
    why: "Disks fail, and people delete.",
    remedy: "State the backup, or exempt what may be lost, with the reason.",
    example: 'twofold.backup: {"repositories":[{"offSite":true,"encrypted":true},{"offSite":false,"encrypted":true}]}',
    references: {},
    blind: backupPlace,
    check: (view) =>
      stateful(view)
        .filter((service) => backupOf(service) === undefined)
        .map(({ resource }) => ({ on: resource, message: "holds data without a backup" })),
  },
  {
    of: "stack",
    id: "backup-offsite-encrypted",
    title: "A backup is in two places, one of them elsewhere, and nobody else can read it",
    severity: "high",
    targets: both,
    why: "What destroys the data destroys the copy beside it, and a copy that anybody reads is a leak.",
    remedy: "Name two repositories, one of them off-site, both encrypted.",
    example: "repositories: [{ offSite: false, encrypted: true }, { offSite: true, encrypted: true }]",
    references: {},
    blind: backupPlace,
    check: (view) =>
      stateful(view).flatMap((service) => {
        const backup = backupOf(service);
        if (backup === undefined || backup === pending) return [];
        const { repositories } = backup;
        const missing = [
          ...when(repositories.length < 2, "a second repository"),
          ...when(!repositories.some(({ offSite }) => offSite), "one off-site"),
          ...when(
            repositories.some(({ encrypted }) => !encrypted),
            "encryption of each",
          ),
        ];
        return missing.length === 0
          ? []
          : [{ on: service.resource, message: `has a backup without ${missing.join(", ")}` }];
      }),
  },
  {
    of: "container",
    id: "durable-sync",
    title: "What is acknowledged is on disk",
    severity: "high",
    targets: both,
    why: "A store that answers before it has written loses what it has promised when the machine ends.",
    remedy:
      "Redis: --appendonly yes, unless it evicts like a cache; PostgreSQL: leave fsync, full_page_writes and synchronous_commit on; NATS with JetStream: a configuration file with sync_interval.",
    example: "redis-server --appendonly yes",
    references: {},
    blind: "settings in the store's own configuration file",
    check: (container) => known(container.image).flatMap((image) => unsafeStore(programOf(image), container)),
  },
];

/** Services that are described as stateful, and are there. */
function stateful({ services }: View): readonly Service[] {
  return services.filter(
    ({ outline, system }) => outline.kind === "stateful" && system?.omitted.includes(outline.name) !== true,
  );
}

const isServer = (program: string, name: string): boolean =>
  program === name || new RegExp(`^${name}\\d+$`).test(program);

function unsafeStore(program: string, { commandLine, plain }: Container): readonly string[] {
  const words = commandLine.join(" ");
  const stated = ["command", "args", "entrypoints"].map((key) => at(plain, key));
  if (hasPending(stated)) return [];
  if (isServer(program, "redis") || isServer(program, "valkey")) {
    const evicts = /--maxmemory-policy (allkeys|volatile)-/.test(words);
    const hasFile = /redis-server \S+\.conf/.test(words);
    const isOpen = !evicts && !hasFile && !/--appendonly yes/.test(words);
    return when(isOpen && words !== "", "keeps data that it does not write to disk");
  }
  if (isServer(program, "postgres")) {
    const off = ["fsync", "full_page_writes", "synchronous_commit"].filter((name) =>
      new RegExp(`\\b${name}=(off|false|0|no)\\b`).test(words),
    );
    return when(off.length > 0, `has ${off.join(", ")} off`);
  }
  if (!isServer(program, "nats")) return [];
  const isDefault = /(^|\s)(-js|--jetstream)\b/.test(words) && !/(^|\s)(-c|--config)\b/.test(words);
  return when(isDefault, "has JetStream with its default, which writes to disk every two minutes");
}
