import { z } from "zod";
import { ApiError, type Client } from "./client";

/** Where a comment is to be, and whose. */
export interface Target {
  /** `owner/name`. */
  readonly repository: string;
  readonly pull: number;
  /** Login of whoever has written the earlier comment. @default - the token's own */
  readonly author?: string | undefined;
  /** The pull request's head that the report is about; another head has a report of its own. @default - any */
  readonly commit?: string | undefined;
}

export interface Comment {
  /** Begins the comment, and tells it from others. */
  readonly marker: string;
  /** The whole comment in no more than that many characters. */
  render(limit?: number): string;
}

export type Posted =
  | { readonly did: "created" | "updated"; readonly url: string }
  | { readonly did: "nothing"; readonly because: string };

const pull = z.object({ state: z.string(), head: z.object({ sha: z.string() }) });
const comments = z.array(
  z.object({ url: z.string(), body: z.string().nullish(), user: z.object({ login: z.string() }).nullish() }),
);
const written = z.object({ html_url: z.string() });

/** Writes the comment into a pull request: over the one that is there already, else as a new one. */
export async function postToGitHub(client: Client, target: Target, comment: Comment): Promise<Posted> {
  const path = `repos/${target.repository}`;
  const { state, head } = pull.parse((await client.get(`${path}/pulls/${target.pull}`)).body);
  if (state !== "open") return { did: "nothing", because: `pull request ${target.pull} is ${state}` };
  if (target.commit !== undefined && target.commit !== head.sha)
    return { did: "nothing", because: `pull request ${target.pull} has moved on to ${head.sha}` };
  const author = target.author ?? (await ownLogin(client));
  const list = `${path}/issues/${target.pull}/comments`;
  const write = async (limit?: number): Promise<Posted> => {
    // looked for each time: a write whose answer was an error may have been done all the same
    const own = await findOwn(client, `${list}?per_page=100`, author, comment.marker);
    const body = { body: comment.render(limit) };
    const answer = own === undefined ? await client.send("POST", list, body) : await client.send("PATCH", own, body);
    return { did: own === undefined ? "created" : "updated", url: written.parse(answer.body).html_url };
  };
  return client
    .retrying(() => write())
    .catch((error: unknown) => {
      if (!isTooLong(error)) throw error;
      return client.retrying(() => write(Math.floor(comment.render().length / 2)));
    });
}

const isTooLong = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 422 && /too long/i.test(error.message);

/** The address of the first comment with the marker that the author has written, on whatever page it is. */
async function findOwn(client: Client, first: string, author: string, marker: string): Promise<string | undefined> {
  for (let page: string | undefined = first; page !== undefined; ) {
    const { body, next } = await client.get(page);
    const own = comments.parse(body).find(({ body: text, user }) => user?.login === author && text?.startsWith(marker));
    if (own !== undefined) return own.url;
    page = next;
  }
  return undefined;
}

/** The token of a job may not ask who it is; it writes as this. */
const jobLogin = "github-actions[bot]";

async function ownLogin(client: Client): Promise<string> {
  try {
    return z.object({ login: z.string() }).parse((await client.get("user")).body).login;
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return jobLogin;
    throw error;
  }
}

/** The open pull request of a branch, as `owner:branch`: how a job that knows only the branch of a fork finds it. */
export async function pullOf(client: Client, repository: string, head: string): Promise<number | undefined> {
  const query = new URLSearchParams({ state: "open", head });
  const { body } = await client.get(`repos/${repository}/pulls?${query.toString()}`);
  return z.array(z.object({ number: z.int() })).parse(body)[0]?.number;
}
