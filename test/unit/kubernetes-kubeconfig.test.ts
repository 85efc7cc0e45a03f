import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { stringify } from "yaml";
import { readKubeconfig } from "../../components/targets/kubernetes/kubeconfig";
import { expiredCertificate } from "../support/expired-certificate";
import { problemsOf } from "../support/problems";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("a kubeconfig", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "twofold-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === "string" ? content : stringify(content));
    return path;
  };
  const config = (cluster: object = {}, user: object = {}, name = "lab", who = "me") => ({
    "current-context": "never-this",
    clusters: [{ name, cluster: { server: `https://${name}.example:6443`, ...cluster } }],
    users: [{ name: who, user }],
    contexts: [{ name, context: { cluster: name, user: who } }],
  });
  const read = (content: unknown, context = "lab") =>
    readKubeconfig({ context, kubeconfig: write("config", content) }, {});

  it("says where a context's cluster is, whom to trust and who one is", () => {
    write("key.pem", "key");
    const access = read(
      config(
        { "certificate-authority-data": base64("authority"), "tls-server-name": "kubernetes" },
        { "client-key": "key.pem", token: "abc" },
      ),
    );
    assert.deepEqual(access, {
      context: "lab",
      file: join(folder, "config"),
      server: new URL("https://lab.example:6443"),
      authority: "authority",
      serverName: "kubernetes",
      insecure: false,
      certificate: undefined,
      key: "key",
      authorization: "Bearer abc",
      exec: undefined,
    });
  });

  it("may hold a password, a file with a token, or a command that gives credentials", () => {
    write("token", "from-file\n");
    const authorizationOf = (user: object) => read(config({}, user)).authorization;
    assert.equal(authorizationOf({ username: "me", password: "pw" }), `Basic ${base64("me:pw")}`);
    assert.equal(authorizationOf({ tokenFile: "token", token: "other" }), "Bearer from-file");
    assert.equal(authorizationOf({}), undefined);
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "./login", args: ["a"], env: null };
    assert.deepEqual(read(config({}, { exec })).exec, {
      ...{ apiVersion: "client.authentication.k8s.io/v1", args: ["a"], env: {} },
      command: join(folder, "login"),
    });
    assert.equal(read(config({}, { exec: { ...exec, command: "login" } })).exec?.command, "login");
  });

  it("may be several files, of which the first counts; the current context never does", () => {
    const first = write("first", config({}, { token: "first" }));
    const second = write("second", config({}, { token: "second" }));
    const third = write("third", config({}, { token: "third" }, "prod", "you"));
    const environment = { KUBECONFIG: [first, join(folder, "absent"), second, third].join(delimiter) };
    const of = (context: string) => readKubeconfig({ context }, environment);
    assert.equal(of("lab").authorization, "Bearer first");
    assert.equal(of("prod").server.hostname, "prod.example");
    assert.deepEqual(
      problemsOf(() => of("never-this")).map((line) => line.replaceAll(folder, "")),
      ['context: is "never-this", which is no context of /first, /absent, /second, /third; use one of lab, prod'],
    );
  });

  it("has all of a context in one file", () => {
    const users = write("users", { users: [{ name: "me", user: { token: "first" } }] });
    const rest = write("rest", config());
    const environment = { KUBECONFIG: [users, rest].join(delimiter) };
    assert.deepEqual(
      problemsOf(() => readKubeconfig({ context: "lab" }, environment)),
      [
        `context lab in ${rest}: takes its cluster or user from another file, and the provider reads one; put them together (kubectl config view --flatten --minify --context lab >FILE) and name that file`,
      ],
    );
  });

  it("must be there", () => {
    const path = join(folder, "absent");
    assert.deepEqual(
      problemsOf(() => readKubeconfig({ context: "lab", kubeconfig: path }, {})),
      [`kubeconfig: is ${path}, which is not there; name one that is`],
    );
  });

  const broken: readonly [string, unknown, RegExp][] = [
    ["no YAML", "clusters: [", /^FILE: is no kubeconfig: .*; get a new one, or name another$/],
    ["of another shape", { clusters: "none" }, /^FILE: is no kubeconfig: .*expected array/],
    [
      "without the cluster of its context",
      { ...config(), clusters: [] },
      /^context lab in FILE: names the cluster "lab", which is not there; add the cluster/,
    ],
    [
      "without the user of its context",
      { ...config(), users: [] },
      /^context lab in FILE: names the user "me", which is not there/,
    ],
    ["with a server that is no URL", config({ server: "lab:6443" }), /^cluster lab in FILE: has a wrong server: /],
    [
      "with a certificate that is nowhere",
      config({}, { "client-certificate": "me.pem" }),
      /^FILE: names FOLDER\/me\.pem, which is not there; get a new kubeconfig$/,
    ],
    [
      "with a certificate that is none",
      config({}, { "client-certificate-data": base64("me") }),
      /^user me in FILE: has a client certificate that cannot be read/,
    ],
    [
      "with a certificate that has expired",
      config({}, { "client-certificate-data": base64(expiredCertificate) }),
      /^user me in FILE: has a client certificate that expired on 2020-02-01T00:00:00\.000Z; get a new kubeconfig; make cluster writes one/,
    ],
    [
      "with a proxy",
      config({ "proxy-url": "http://proxy" }),
      /^cluster lab: has proxy-url, which is not supported; reach it without a proxy$/,
    ],
    [
      "with a way to log in of the past",
      config({}, { "auth-provider": { name: "gcp" } }),
      /^user me: has the auth-provider gcp, which is not supported; use an exec plugin in its place$/,
    ],
  ];
  for (const [what, content, says] of broken) {
    it(`is refused when it is ${what}`, () => {
      const [problem = "", ...others] = problemsOf(() => read(content));
      assert.deepEqual(others, []);
      assert.match(problem.replaceAll(join(folder, "config"), "FILE").replaceAll(folder, "FOLDER"), says);
    });
  }
});
