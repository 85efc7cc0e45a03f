import assert from "node:assert/strict";
import { ApiError, createClient } from "../../report/post/client";
import { type Posted, postToGitHub, pullOf, type Target } from "../../report/post/github";
import { freePort } from "../conformance/free-port";
import { FakeGitHub } from "../support/fake-github";

const marker = "<!-- preview-report 0123456789abcdef -->";
const now = 1_700_000_000;

describe("posting a comment to GitHub", () => {
  let github = new FakeGitHub();
  let waits: number[] = [];

  beforeEach(async () => {
    github = new FakeGitHub();
    waits = [];
    await github.listen();
  });

  afterEach(() => github.close());

  const client = (api = github.address) =>
    createClient({
      ...{ api, token: "token", now: () => now },
      sleep: (seconds) => {
        waits.push(seconds);
        return Promise.resolve();
      },
    });

  const post = (target: Partial<Target> = {}, text = "text"): Promise<Posted> =>
    postToGitHub(
      client(),
      { repository: "acme/shop", pull: 7, ...target },
      { marker, render: (limit = 100_000) => `${marker}\n${text}`.slice(0, limit) },
    );
  const bodies = (): readonly unknown[] => github.comments.map(({ body }) => body);

  it("makes a comment where there is none of its own", async () => {
    github.add("bot", "something else");
    github.add("mallory", `${marker}\nnot the bot's`);
    github.add(undefined, null);
    const posted = await post();
    assert.deepEqual(posted, { did: "created", url: "https://github.com/acme/shop/pull/7#4" });
    assert.equal(github.comments[3]?.body, `${marker}\ntext`);
    assert.equal(github.comments[1]?.body, `${marker}\nnot the bot's`);
  });

  it("writes over its own comment, on whatever page it is", async () => {
    for (let index = 0; index < 5; index++) github.add("alice", `comment ${index}`);
    github.add("bot", `quotes ${marker}`);
    github.add("bot", `${marker}\nold`);
    github.add("alice", "one more");
    assert.equal((await post()).did, "updated");
    assert.deepEqual(bodies().slice(5), [`quotes ${marker}`, `${marker}\ntext`, "one more"]);
    assert.deepEqual(github.requests.filter((request) => request.startsWith("GET /repos/acme/shop/issues")).length, 4);
  });

  it("knows the author of a job's token, which may not ask who it is, and takes one that it is told", async () => {
    github.login = undefined;
    github.add("github-actions[bot]", `${marker}\nold`);
    assert.equal((await post()).did, "updated");
    github.add("release-bot", `${marker}\nold`);
    assert.equal((await post({ author: "release-bot" })).did, "updated");
    assert.equal(github.comments[1]?.body, `${marker}\ntext`);
  });

  it("posts nothing to a pull request that is closed, or that has moved on", async () => {
    const other = await post({ commit: "b".repeat(40) });
    assert.deepEqual(other, { did: "nothing", because: `pull request 7 has moved on to ${"a".repeat(40)}` });
    assert.equal((await post({ commit: "a".repeat(40) })).did, "created");
    github.pull = { ...github.pull, state: "closed" };
    assert.deepEqual(await post(), { did: "nothing", because: "pull request 7 is closed" });
    assert.equal(github.comments.length, 1);
  });

  it("tries again, at growing intervals, while the server is in trouble", async () => {
    github.hinder("GET /repos/acme/shop/pulls/7", { status: 502 }, { status: 500 }, { status: 503 });
    github.hinder("POST", { status: 504 });
    assert.equal((await post()).did, "created");
    assert.deepEqual(waits, [1, 2, 4, 1]);
    assert.equal(github.comments.length, 1);
  });

  it("does not write twice, when a write was done and its answer lost", async () => {
    github.hinder("POST", { status: 502, done: true });
    assert.equal((await post()).did, "updated");
    assert.deepEqual(bodies(), [`${marker}\ntext`]);
  });

  it("waits for as long as a limit says, and no longer than anybody would", async () => {
    github.hinder("GET /user", { status: 429, headers: { "retry-after": "7" } });
    github.hinder("GET /repos/acme/shop/issues", {
      status: 403,
      headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(now + 42) },
    });
    github.hinder("POST", { status: 403, body: { message: "You have exceeded a secondary rate limit" } });
    assert.equal((await post()).did, "created");
    assert.deepEqual(waits, [7, 42, 60]);
    github.hinder("GET", { status: 429, headers: { "retry-after": "3600" } });
    await assert.rejects(post(), /429/);
  });

  it("gives up after six tries, and at once when it may not", async () => {
    github.hinder("GET /repos/acme/shop/pulls/7", ...Array.from({ length: 6 }, () => ({ status: 500 })));
    await assert.rejects(post(), (error) => error instanceof ApiError && error.status === 500);
    assert.deepEqual(waits, [1, 2, 4, 8, 16]);
    github.hinder("POST", { status: 403, body: { message: "Unable to create comment because issue is locked." } });
    await assert.rejects(post(), /POST .*: 403 .*issue is locked/);
    assert.equal(waits.length, 5);
  });

  it("says less, when the server takes less than it used to", async () => {
    github.longest = 1000;
    assert.equal((await post({}, "x".repeat(1500))).did, "created");
    assert.equal(github.comments[0]?.body?.length, Math.floor((marker.length + 1 + 1500) / 2));
  });

  it("finds the pull request of a fork's branch, if there is an open one", async () => {
    assert.equal(await pullOf(client(), "acme/shop", "fork:branch"), 7);
    assert.equal(await pullOf(client(), "acme/shop", "fork:other"), undefined);
  });

  it("tries again where nobody listens, and shows its token to nobody else", async () => {
    const port = await freePort();
    await assert.rejects(client(`http://127.0.0.1:${port}`).get("user"), /^ApiError: GET \/user: .*ECONNREFUSED/);
    assert.equal(waits.length, 5);
    await assert.rejects(client().send("GET", "http://other.example/x"), /other\.example is not/);
  });
});
