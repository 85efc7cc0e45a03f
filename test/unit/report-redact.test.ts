import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import fc from "fast-check";
import { isSecretName, redactor } from "../../report/redact";

const redact = redactor(new Set());

describe("hiding secrets by how they look", () => {
  const names: readonly (readonly [string, boolean])[] = [
    ["password", true],
    ["POSTGRES_PASSWORD", true],
    ["PGPASSWORD", true],
    ["apiKey", true],
    ["api-key", true],
    ["aws_secret_access_key", true],
    ["clientSecret", true],
    ["authToken", true],
    ["dbPwd", true],
    ["Authorization", true],
    ["connectionString", true],
    ["EXCHANGE_API_KEY_FILE", false],
    ["secretName", false],
    ["passwordSecretRef", false],
    ["author", false],
    ["tokenizer", false],
    ["keepers", false],
    ["compass", false],
    ["image", false],
  ];
  for (const [name, expected] of names)
    it(`takes ${name} for ${expected ? "the name of a secret" : "no secret's name"}`, () => {
      assert.equal(isSecretName(name), expected);
    });

  const random = randomBytes(24);
  const hiding: Readonly<Record<string, string>> = {
    "DB_PASSWORD=hunter2": "DB_PASSWORD=[secret]",
    "run --password hunter2 --level debug": "run --password [secret] --level debug",
    '{"apiKey": "abc", "level": "debug"}': '{"apiKey": [secret], "level": "debug"}',
    "token: abc123def, level: debug": "token: [secret], level: debug",
    "postgres://trader:hunter2@db:5432/trading": "postgres://[secret]@db:5432/trading",
    "redis://:p@ss/w0rd@redis:6379 is down": "redis://[secret]@redis:6379 is down",
    "Authorization: Bearer abcdefgh.ijkl": "Authorization: Bearer [secret]",
    "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----": "[secret]",
    "a truncated -----BEGIN EC PRIVATE KEY-----\nMHcCAQ": "a truncated [secret]",
    "uses ghp_16C7e42F292c6912E7710c838347Ae178B4a now": "uses [secret] now",
    "key AKIAIOSFODNN7EXAMPLE": "key [secret]",
    Zx8Kq2Lm9Pw4Rt7Vb3Nc6Yh1: "[secret]",
    [`blob ${random.toString("hex")}`]: "blob [secret]",
  };
  for (const [text, expected] of Object.entries(hiding))
    it(`makes ${JSON.stringify(expected)} of it`, () => {
      assert.equal(redact(text), expected);
    });

  const kept = [
    "image nginx:1.27.0-alpine3.22 of algo-trading-redis-streams-exporter",
    `registry.example.com:5000/team/app@sha256:${createHash("sha256").update("x").digest("hex")}`,
    `ghcr.io/acme/app:${createHash("sha1").update("x").digest("hex")}`,
    "urn:pulumi:dev::twofold::twofold:index:System$twofold:index:Service::algo-trading-postgres",
    "spec.template.spec.containers[0].terminationGracePeriodSeconds",
    "kubernetes:rbac.authorization.k8s.io/v1beta1:ClusterRoleBinding",
    "/docker-entrypoint-initdb.d/02-schema.sql",
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "secrets.exchange-api-key: is not in the stack's configuration; run pulumi config set --secret exchangeApiKey",
    "https://example.com/a/b?c=d",
    'password=$(sed "s/x/y/" "$POSTGRES_PASSWORD_FILE")',
    "10.201.28.248/29, 2026-11-21T21:02:34.732131235Z",
  ];
  for (const text of kept)
    it(`leaves ${JSON.stringify(text.slice(0, 50))} alone`, () => {
      assert.equal(redact(text), text);
    });

  it("hides nearly everything that is drawn by chance", () => {
    const alphabets = ["base64", "base64url", "hex"] as const;
    const missed = alphabets.flatMap((alphabet) =>
      Array.from({ length: 500 }, () => randomBytes(24).toString(alphabet)).filter((token) => redact(token) === token),
    );
    // of 24 bytes as Base64 a few in a hundred look like words by their kinds of letters, and none of hexadecimal digits
    assert.ok(missed.length < 75, `${missed.length} of 1500: ${missed.slice(0, 3).join(" ")}`);
    assert.ok(missed.every((token) => !/^[0-9a-f]+$/.test(token)));
  });
});

describe("hiding known secrets", () => {
  const secrets = fc.string({ minLength: 6, maxLength: 40, unit: "grapheme" }).filter((text) => text.trim() === text);

  it("leaves no known secret in any text, in whatever spelling it is there", () => {
    fc.assert(
      fc.property(fc.uniqueArray(secrets, { minLength: 1, maxLength: 4 }), fc.string(), fc.string(), (known, a, b) => {
        const hide = redactor(new Set(known));
        for (const secret of known) {
          const spellings = [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")];
          for (const spelling of spellings) {
            const text = hide(`${a} ${spelling} ${b}`);
            assert.ok(
              !text.replaceAll("[secret]", "").includes(spelling),
              `${JSON.stringify(spelling)} in ${JSON.stringify(text)}`,
            );
          }
        }
      }),
    );
  });

  it("hides the longer of two secrets as a whole, also when the shorter is its beginning", () => {
    assert.equal(redactor(new Set(["hunter2", "hunter2-and-more"]))("x hunter2-and-more y"), "x [secret] y");
  });
});
