import type { Resource } from "../../../policy/facts/stack";
import type { Cases } from "../support/cases";
import { container, digest, object, pod } from "../support/plain";

const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:…" };

/** A stack whose last state has these resources. */
const had = (...before: readonly Resource[]) => ({ resources: [], before });

const env = (name: string, value: unknown) => pod({ container: { env: [{ name, value }] } });

/** Secrets, images and resources. */
export const contentCases: Cases = {
  "no-plain-secret-env": {
    passes: [
      container({
        envs: ["DB_PASSWORD_FILE=/run/secrets/db", "TOKEN_TTL_SECONDS=60", "API_KEY=", "URL=http://db:80/a"],
      }),
      env("DB_PASSWORD", "$(OTHER)"),
    ],
    fails: {
      "shop-api has a secret in plain text in DB_PASSWORD": container({ envs: ["DB_PASSWORD=hunter2"] }),
      "shop-api has a secret in plain text in DATABASE_URL": container({
        envs: ["DATABASE_URL=postgres://a:b2c@db/x"],
      }),
      "api has a secret in plain text in AWS_ID": env("AWS_ID", "AKIAIOSFODNN7EXAMPLE"),
    },
  },
  "no-secret-arguments": {
    passes: [container({ command: ["server", "--password-file=/run/secrets/db"] }), pod()],
    fails: {
      "shop-api has a secret in plain text in --pass": container({ command: ["redis-server", "--pass=hunter2"] }),
      "api has a secret in plain text in an argument": pod({ container: { args: ["amqp://user:hunter2@mq:5672"] } }),
    },
  },
  "secrets-as-files": {
    passes: [pod()],
    fails: {
      "api has a secret in the variable PASSWORD": pod({
        container: { env: [{ name: "PASSWORD", valueFrom: { secretKeyRef: { name: "api", key: "password" } } }] },
      }),
      "api has a secret in the variable all of api": pod({ container: { envFrom: [{ secretRef: { name: "api" } }] } }),
    },
  },
  "no-secret-in-configmap": {
    passes: [
      object("ConfigMap", undefined, { data: { "app.conf": "password_file: /run/secrets/db\npassword=$PASSWORD\n" } }),
      container({ uploads: [{ file: "/run/secret", contentBase64: "aHVudGVyMg==" }] }),
    ],
    fails: {
      "api app.conf has a secret in plain text: db.password": object("ConfigMap", undefined, {
        data: { "app.conf": "db.host = db\ndb.password = hunter2\n" },
      }),
      "api api_key has a secret in plain text: it": object("ConfigMap", undefined, { data: { api_key: "hunter2" } }),
      "shop-api /etc/key.pem has a secret in plain text: a key or a URL with a password": container({
        uploads: [{ file: "/etc/key.pem", content: "-----BEGIN RSA PRIVATE KEY-----\nMII…\n" }],
      }),
    },
  },
  "secret-stays-secret": {
    passes: [
      had(object("Secret", undefined, { stringData: { password: secret } }), pod()),
      had(object("Secret", undefined, { data: secret }), container({ uploads: [{ contentBase64: secret }] })),
    ],
    fails: {
      "shop-api has a secret in envs": had(container({ envs: [secret] })),
      "api has a secret in spec": had(env("PASSWORD", secret)),
      "api keeps password in the state in plain text": had(
        object("Secret", undefined, { stringData: { password: "hunter2" } }),
      ),
    },
  },
  "pinned-image": {
    passes: [container({ image: "redis:7.0" }), container({ image: `redis@${digest}` }), pod()],
    fails: {
      "shop-api runs localhost:5000/shop, without a version": container({ image: "localhost:5000/shop" }),
      "api runs redis:latest, without a version": pod({ container: { image: "redis:latest" } }),
    },
  },
  "image-digest": {
    passes: [container(), container({ image: digest }), pod()],
    fails: {
      "shop-api runs redis:7.0, without a digest": container({ image: "redis:7.0" }),
      "api runs redis:7.0, without a digest": pod({ container: { image: "redis:7.0" } }),
    },
  },
  "pull-policy-matches-pin": {
    passes: [pod(), pod({ container: { image: "redis:7.0", imagePullPolicy: "Always" } })],
    fails: {
      "api runs redis:7.0 without looking whether the tag has moved": pod({ container: { image: "redis:7.0" } }),
    },
  },
  "trusted-registries": {
    passes: [
      container({ image: "evil.example/redis:7" }),
      {
        resources: [container({ image: "redis:7" }), pod()],
        settings: { registries: ["docker.io/library", "docker.io/shop"] },
      },
    ],
    fails: {
      "shop-api runs example.org/team2/api:1, from example.org/team2/api": {
        resources: [container({ image: "example.org/team2/api:1" })],
        settings: { registries: ["example.org/team"] },
      },
      "api runs redis:7, from docker.io/library/redis": {
        resources: [pod({ container: { image: "redis:7" } })],
        settings: { registries: ["example.org"] },
      },
    },
  },
  "image-size": {
    passes: [container(), container({ imageBytes: 999_000_000 })],
    fails: { "shop-api runs an image of 1500 MB": container({ imageBytes: 1_500_000_000 }) },
  },
  "cpu-request": {
    passes: [pod()],
    fails: { "api asks for no CPU": pod({ container: { resources: { requests: { memory: "1Gi" } } } }) },
  },
  "cpu-bound": {
    passes: [container(), container({ cpus: undefined, cpuQuota: 50_000 }), pod()],
    fails: {
      "shop-api has no limit of CPU": container({ cpus: "0" }),
      "api has no limit of CPU": pod({ container: { resources: {} } }),
    },
  },
  "memory-request": {
    passes: [pod()],
    fails: { "api asks for no memory": pod({ container: { resources: { requests: { cpu: "1" } } } }) },
  },
  "memory-limit": {
    passes: [container(), pod()],
    fails: {
      "shop-api has no limit of memory": container({ memory: 0 }),
      "api has no limit of memory": pod({ container: { resources: { limits: { cpu: "1" } } } }),
    },
  },
  "guaranteed-for-stateful": {
    passes: [pod({ kind: "StatefulSet" }), pod({ container: { resources: {} } })],
    fails: {
      "api asks for another memory than its limit": pod({
        kind: "StatefulSet",
        container: { resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1000m", memory: "2Gi" } } },
      }),
    },
  },
  "ephemeral-bound": {
    passes: [pod()],
    fails: { "api has no limits, requests for ephemeral-storage": pod({ container: { resources: {} } }) },
  },
  "log-rotation": {
    passes: [container(), container({ logDriver: "journald", logOpts: undefined })],
    fails: {
      "shop-api has a log without max-file, max-size": container({ logDriver: undefined, logOpts: undefined }),
      "shop-api has a log without max-file": container({ logOpts: { "max-size": "10m" } }),
    },
  },
};
