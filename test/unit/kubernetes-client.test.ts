import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClusterError, connect, UnreachableError, unreachable } from "../../components/targets/kubernetes/client";
import { clusterOf } from "../../components/targets/kubernetes/cluster";
import type { Access } from "../../components/targets/kubernetes/kubeconfig";

describe("the API of a cluster", () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let access: Access;

  beforeEach((done) => {
    server = createServer((request, response) => answer(request, response)).listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      const none = { authority: undefined, serverName: undefined, certificate: undefined, key: undefined };
      const url = new URL(`http://127.0.0.1:${port}/base/`);
      access = {
        ...none,
        context: "lab",
        file: "/kube",
        server: url,
        insecure: false,
        authorization: "Bearer t",
        exec: undefined,
      };
      done();
    });
  });
  afterEach((done) => {
    server.closeAllConnections();
    server.close(done);
  });

  const answering = (status: number, body: unknown) => {
    answer = (_request, response) => {
      response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
    };
  };
  const failure = (asked: Promise<unknown>): Promise<Error> =>
    asked.then(
      () => assert.fail("it did not fail"),
      (error: Error) => error,
    );

  it("is asked below the server's path, with the credentials, over connections that are kept", async () => {
    const seen: unknown[] = [];
    answer = ({ url, headers, socket }, response) => {
      seen.push([url, headers.accept, headers.authorization, socket.remotePort]);
      response.end("{}");
    };
    const read = connect(access);
    await read("/api/v1/pods?x=1");
    await read("/version", "text/plain");
    const port = (seen[0] as unknown[])[3];
    assert.deepEqual(seen, [
      ["/base/api/v1/pods?x=1", "application/json", "Bearer t", port],
      ["/base/version", "text/plain", "Bearer t", port],
    ]);
  });

  it("has nothing at some paths, and refuses others in its own words", async () => {
    answering(404, { message: "not found" });
    assert.equal(await connect(access)("/x"), undefined);
    answering(403, { message: 'pods is forbidden: User "me" cannot list' });
    const refused = await failure(connect(access)("/x"));
    assert.ok(refused instanceof ClusterError && refused.status === 403);
    assert.equal(refused.message, 'pods is forbidden: User "me" cannot list');
    answering(502, "bad gateway\n<html>");
    assert.equal((await failure(connect(access)("/x"))).message, "bad gateway");
  });

  it("may not accept the credentials", async () => {
    answering(401, { message: "Unauthorized" });
    const refused = await failure(connect(access)("/x"));
    assert.ok(refused instanceof UnreachableError);
    assert.match(refused.message, /does not accept the credentials of the context lab \(Unauthorized\); log in again/);
  });

  it("may not answer", async () => {
    const gone = { ...access, server: new URL("http://127.0.0.1:1") };
    const refused = await failure(connect(gone)("/x"));
    assert.ok(refused instanceof UnreachableError);
    assert.match(
      refused.message,
      /^the cluster at http:\/\/127\.0\.0\.1:1 \(context lab\) does not answer \(.*ECONNREFUSED.*\); start it, or choose another context$/,
    );
  });

  const causes: readonly [string, RegExp][] = [
    ["CERT_HAS_EXPIRED", /^the certificate of CLUSTER has expired; renew it, or make the cluster anew/],
    [
      "SELF_SIGNED_CERT_IN_CHAIN",
      /^the certificate of CLUSTER is from another authority than the kubeconfig's; get the/,
    ],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", /^the certificate of CLUSTER is from another authority/],
    ["ERR_TLS_CERT_ALTNAME_INVALID", /^the certificate of CLUSTER is for other names: cause; correct server or/],
    ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", /^CLUSTER ended the TLS handshake \(cause\); its client certificate/],
    ["ENOTFOUND", /^CLUSTER does not answer \(cause\); start it/],
  ];
  for (const [code, says] of causes) {
    it(`is not reached for the cause ${code}, and what to do is said`, () => {
      const text = unreachable(Object.assign(new Error("cause"), { code }), new URL("https://api:6443/x"), "lab");
      assert.match(text.replace("the cluster at https://api:6443 (context lab)", "CLUSTER"), says);
    });
  }

  describe("with a command that gives credentials", () => {
    let folder = "";
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "twofold-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    /** A command that counts its runs, and gives the number as a token. */
    const login = (script: string): Access => {
      const command = join(folder, "login");
      writeFileSync(command, `#!/bin/sh\n${script}\n`);
      chmodSync(command, 0o755);
      const apiVersion = "client.authentication.k8s.io/v1";
      return { ...access, exec: { command, args: ["token"], env: { FOLDER: folder }, apiVersion } };
    };
    const counting = `
      echo "$1 $KUBERNETES_EXEC_INFO" >>"$FOLDER/runs"
      printf '{"status":{"token":"%s"}}' "$(wc -l <"$FOLDER/runs" | tr -d ' ')"`;

    it("runs it once, and again when its credentials are no longer accepted", async () => {
      const seen: unknown[] = [];
      answer = ({ headers: { authorization } }, response) => {
        seen.push(authorization);
        response.writeHead(seen.length === 3 ? 401 : 200).end("{}");
      };
      const read = connect(login(counting));
      for (let time = 0; time < 3; time += 1) await read("/x");
      assert.deepEqual(seen, ["Bearer 1", "Bearer 1", "Bearer 1", "Bearer 2"]);
    });

    it("says when it gives none", async () => {
      const refused = await failure(connect(login("echo 'session expired' >&2; exit 1"))("/x"));
      assert.ok(refused instanceof UnreachableError);
      assert.match(
        refused.message,
        /login, which the context lab gets its credentials from, gave none \(session expired\); run it by hand, and log in$/,
      );
    });
  });
});

describe("the questions to a cluster", () => {
  /** The cluster, and the paths that it was asked for. */
  const asked = (body: unknown) => {
    const paths: string[] = [];
    const read = async (path: string) => {
      paths.push(path);
      return body === undefined ? undefined : JSON.stringify(body);
    };
    return { cluster: clusterOf({ context: "lab", kubeconfig: "/kube" }, read), paths };
  };

  it("begin alike for a person", () => {
    assert.equal(asked({}).cluster.kubectl, "kubectl --kubeconfig /kube --context lab");
    const { kubectl } = clusterOf({ context: "lab" }, async () => undefined);
    assert.equal(kubectl, "kubectl --context lab");
  });

  it("go to where the API has the answers", async () => {
    const { cluster, paths } = asked(undefined);
    await cluster.namespace("shop");
    await cluster.objects("v1", "secrets", "shop");
    await cluster.objects("storage.k8s.io/v1", "storageclasses");
    await cluster.serves("metrics.k8s.io/v1beta1");
    for (const kind of ["Deployment", "StatefulSet", "Job"] as const) await cluster.workload(kind, "shop", "api");
    await cluster.pods("shop", "api");
    await cluster.replicaSets("shop", "api");
    await cluster.events("shop");
    await cluster.logs("shop", "api-1", "api", true, 5);
    assert.deepEqual(paths, [
      "/api/v1/namespaces/shop",
      "/api/v1/namespaces/shop/secrets",
      "/apis/storage.k8s.io/v1/storageclasses",
      "/apis/metrics.k8s.io/v1beta1",
      "/apis/apps/v1/namespaces/shop/deployments/api",
      "/apis/apps/v1/namespaces/shop/statefulsets/api",
      "/apis/batch/v1/namespaces/shop/jobs/api",
      "/api/v1/namespaces/shop/pods?labelSelector=app.kubernetes.io%2Fname%3Dapi",
      "/apis/apps/v1/namespaces/shop/replicasets?labelSelector=app.kubernetes.io%2Fname%3Dapi",
      "/api/v1/namespaces/shop/events",
      "/api/v1/namespaces/shop/pods/api-1/log?container=api&tailLines=5&previous=true",
    ]);
  });

  it("find nothing where nothing is, also when the API calls it null", async () => {
    for (const body of [undefined, { items: null }]) {
      const { cluster } = asked(body);
      assert.deepEqual(await cluster.pods("shop", "api"), []);
      assert.deepEqual(await cluster.events("shop"), []);
      assert.deepEqual(await cluster.objects("v1", "secrets", "shop"), []);
    }
    assert.equal(await asked(undefined).cluster.workload("Job", "shop", "api"), undefined);
    assert.equal(await asked(undefined).cluster.serves("metrics.k8s.io/v1beta1"), false);
  });

  it("have events in the order in which they happened, whichever clock they carry", async () => {
    const event = (name: string, times: object) => ({
      ...{ involvedObject: { kind: "Pod", name }, type: "Warning", reason: "BackOff", message: "again" },
      metadata: { creationTimestamp: null },
      ...times,
    });
    const items = [
      event("c", { lastTimestamp: "2026-01-01T00:00:03Z" }),
      event("a", { lastTimestamp: null, eventTime: "2026-01-01T00:00:01.000000Z" }),
      event("b", { lastTimestamp: null, metadata: { creationTimestamp: "2026-01-01T00:00:02Z" } }),
    ];
    const events = await asked({ items }).cluster.events("shop");
    assert.deepEqual(
      events.map(({ name }) => name),
      ["a", "b", "c"],
    );
    assert.deepEqual(events[0], {
      ...{ kind: "Pod", name: "a", reason: "BackOff", message: "again", warning: true },
      at: Date.parse("2026-01-01T00:00:01Z"),
    });
  });
});
