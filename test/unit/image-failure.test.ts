import assert from "node:assert/strict";
import { CommandError, run } from "../../images/command";
import { ImageError } from "../../images/errors";
import { explain, explainPush } from "../../images/failure";

describe("a failed image build", () => {
  const explained = (tail: readonly string[]) => {
    const lines: string[] = [];
    const error = explain("redis7", new CommandError("docker ended with exit code 1", tail), (line) =>
      lines.push(line),
    );
    return { message: error.message, lines };
  };

  it("shows the last twenty lines and names the image", () => {
    const { message, lines } = explained(Array.from({ length: 30 }, (_, index) => `line ${index}`));
    assert.equal(
      message,
      "redis7 could not be built: docker ended with exit code 1: line 29; see its last lines above",
    );
    assert.equal(lines[0], "redis7: docker ended with exit code 1: line 29; its last lines:");
    assert.deepEqual(
      lines.slice(1),
      Array.from({ length: 20 }, (_, index) => `  line ${index + 10}`),
    );
  });

  it("says what to do when the disk is full", () => {
    const { message } = explained(["write /x: no space left on device"]);
    assert.match(
      message,
      /^redis7 could not be built: no space is left on the disk; free some in Docker's folder .* and run again$/,
    );
  });

  for (const line of [
    "W: Failed to fetch http://mirror/dists/bookworm/InRelease  Temporary failure resolving 'mirror'",
    "npm error code EAI_AGAIN",
    'go: github.com/x/y@v1: Get "https://proxy/x": dial tcp: lookup proxy: no such host',
  ]) {
    it(`says that packages could not be fetched on: ${line.slice(0, 40)}`, () => {
      const expected =
        "redis7 could not be built: packages could not be fetched; check the network and its proxy settings, and run again";
      assert.equal(explained([line]).message, expected);
    });
  }

  it("keeps a problem that is already explained, with the image's name", () => {
    const error = explain("redis7", new ImageError("npm is not installed"), () => undefined);
    assert.equal(error.message, "redis7: npm is not installed");
  });
});

describe("a failed push", () => {
  const explained = (error: unknown): string =>
    explainPush("redis7:0123", "registry.example.org", error, () => undefined).message;

  // what Docker's command line says last, of engine 20.10 and later
  for (const [said, expected] of [
    ["no basic auth credentials", "refuses it; log in with docker login registry.example.org, as"],
    ["denied: requested access to the resource is denied", "refuses it; log in with docker login"],
    ["received unexpected HTTP status: 500 Internal Server Error", "failed to store it; see whether its disk is full"],
    [
      "http: server gave HTTP response to HTTPS client",
      "speaks no TLS; only a registry on this machine may do without",
    ],
  ] as const) {
    it(`names the remedy for: ${said}`, () => {
      const message = explained(new CommandError("docker ended with exit code 1", [said]));
      assert.ok(message.startsWith(`redis7:0123 could not be pushed: registry.example.org ${expected}`), message);
    });
  }

  it("tells the engine's connection from this program's", () => {
    const said = 'Get "https://registry.example.org/v2/": dial tcp 192.0.2.1:443: connect: connection refused';
    assert.equal(
      explained(new CommandError("docker ended with exit code 1", [said])),
      "redis7:0123 could not be pushed: the connection from Docker to registry.example.org failed; see whether the engine can reach it, and run again",
    );
  });

  it("passes on what is known already", () => {
    const error = new ImageError("the registry says: no space left on device, denied");
    assert.equal(explained(error), "redis7:0123: the registry says: no space left on device, denied");
  });
});

describe("a command", () => {
  it("reads what it is given", async () => {
    assert.equal(await run("cat", [], { input: "in" }), "in");
    assert.equal(await run("true", [], { input: "unread".repeat(100_000) }), "");
  });

  it("gives its output, and on failure its last lines of both outputs", async () => {
    assert.equal(await run("sh", ["-c", "echo out"]), "out\n");
    await assert.rejects(run("sh", ["-c", "echo out; echo err >&2; exit 3"]), (error: unknown) => {
      assert.ok(error instanceof CommandError);
      assert.match(error.message, /^sh ended with exit code 3: (out|err)$/);
      assert.deepEqual([...error.tail].sort(), ["err", "out"]);
      return true;
    });
  });

  it("is an error of its own when it is not installed", async () => {
    await assert.rejects(run("no-such-command", []), {
      name: "ImageError",
      message: "no-such-command is not installed or not on PATH; make doctor says how to get it",
    });
  });
});
