import { pending } from "../../../policy/facts/plain";
import type { Resource } from "../../../policy/facts/stack";
import { type Cases, several } from "../support/cases";
import { container, dockerResource, object, pod } from "../support/plain";
import { dockerShop, kubernetesShop } from "../support/shop";

const volume = (outputs: unknown, more: Partial<Resource> = {}): Resource =>
  dockerResource("volume:Volume", "data", { name: "data" }, { outputs, ...more });
const claim = (spec: object = {}, more: Partial<Resource> = {}): Resource =>
  object("PersistentVolumeClaim", { storageClassName: "fast", ...spec }, { metadata: { name: "data" } }, more);

const backup = (...repositories: readonly object[]) => ({ outlineOfDb: { backup: { repositories } as never } });
const withoutBackup = { outlineOfDb: { backup: undefined } };
const [near, far] = [
  { offSite: false, encrypted: true },
  { offSite: true, encrypted: true },
];
const redis = (...args: readonly string[]) => ({ image: "redis:7.0", command: ["redis-server", ...args] });

export const dataCases: Cases = {
  "no-loss-of-data": {
    passes: [
      { resources: [volume({ mountpoint: "/a" })], before: [volume({ mountpoint: "/a" })] },
      { resources: [], before: [volume({ mountpoint: "/a" }, { isRetained: true }), pod()] },
      { resources: [volume({ mountpoint: pending })], before: [] },
      { resources: [claim({ resources: { requests: { storage: "2Gi" } } })], before: [claim()] },
    ],
    fails: {
      "data would be replaced, with the data in it": several(
        { resources: [volume({ mountpoint: pending })], before: [volume({ mountpoint: "/a" })] },
        { resources: [claim({ storageClassName: "slow" })], before: [claim()] },
      ),
      "data would be deleted, with the data in it": { resources: [], before: [claim()] },
    },
  },
  "stateful-protected": {
    passes: [
      dockerShop(),
      kubernetesShop(),
      claim({}, { isProtected: true }),
      { resources: [claim()], before: [claim({}, { isRetained: true })] },
    ],
    fails: {
      "shop-db.data goes with everything in it when it is removed": dockerShop({
        outlineOfDb: { volumes: { data: { keep: false } } },
      }),
      "data goes with everything in it when it is removed": claim(),
    },
  },
  "stateful-has-backup": {
    passes: [
      dockerShop(),
      kubernetesShop(),
      dockerShop({ ...withoutBackup, db: { labels: [{ label: "twofold.backup", value: "{}" }] } }),
      kubernetesShop({ ...withoutBackup, omitted: { db: "no image" } }),
    ],
    fails: { "shop-db holds data without a backup": several(kubernetesShop(withoutBackup), dockerShop(withoutBackup)) },
  },
  "backup-offsite-encrypted": {
    passes: [dockerShop(), kubernetesShop(withoutBackup)],
    fails: {
      "shop-db has a backup without a second repository": dockerShop(backup(far)),
      "shop-db has a backup without one off-site": kubernetesShop(backup(near, near)),
      "shop-db has a backup without encryption of each": dockerShop(backup(near, { ...far, encrypted: false })),
      "shop-db has a backup without a second repository, one off-site": dockerShop({
        ...withoutBackup,
        db: { labels: [{ label: "twofold.backup", value: "no JSON" }] },
      }),
    },
  },
  "durable-sync": {
    passes: [
      container(redis("--appendonly", "yes")),
      container(redis("--maxmemory-policy", "allkeys-lru")),
      container(redis("/etc/redis.conf")),
      pod({ container: { image: "postgres:15", args: ["-c", "max_connections=50"] } }),
      pod({ container: { image: "nats:2.10", args: ["-js", "-c", "/etc/nats.conf"] } }),
    ],
    fails: {
      "shop-api keeps data that it does not write to disk": container(redis("--maxmemory-policy", "noeviction")),
      "api has fsync, synchronous_commit off": pod({
        container: { image: "postgres:15", args: ["-c", "fsync=off", "-c", "synchronous_commit=off"] },
      }),
      "api has JetStream with its default, which writes to disk every two minutes": pod({
        container: { image: "nats:2.10", args: ["--jetstream"] },
      }),
    },
  },
};
