import assert from "node:assert/strict";
import { CommandError, run } from "../../images/command";
import { ImageError } from "../../images/errors";
import { explain } from "../../images/failure";

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

describe("a command", () => {
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
