/** What an API answered, when it was no error. */
export interface Answer {
  readonly body: unknown;
  /** Address of the next page of a list. */
  readonly next: string | undefined;
}

/** An answer of an API that is an error. */
export class ApiError extends Error {
  readonly status: number;
  /** Seconds to wait before it is worth another try; undefined when it is not. */
  readonly retrySeconds: number | undefined;

  constructor(message: string, status: number, retrySeconds: number | undefined) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.retrySeconds = retrySeconds;
  }
}

export interface ClientOptions {
  /** Address of the API. */
  readonly api: string;
  readonly token: string;
  /** Waits that many seconds. */
  sleep(seconds: number): Promise<void>;
  /** The time in seconds since 1970, as an API's limits count it. */
  now(): number;
}

export interface Client {
  /** Asks once. Throws an `ApiError`. */
  send(method: "GET" | "POST" | "PATCH", path: string, body?: object): Promise<Answer>;
  /** Asks until there is an answer, as long as that is worth it. Only for what may happen twice. */
  get(path: string): Promise<Answer>;
  /** Repeats what fails in passing. */
  retrying<Result>(action: () => Promise<Result>): Promise<Result>;
}

const attempts = 6;
/** Nobody waits longer than this for a limit to end. */
const longestWaitSeconds = 900;
/** GitHub asks for as much where it names no time. */
const secondaryLimitSeconds = 60;
const answerSeconds = 30;

export function createClient({ api, token, sleep, now }: ClientOptions): Client {
  const base = new URL(api.endsWith("/") ? api : `${api}/`);

  const send: Client["send"] = async (method, path, body) => {
    const url = new URL(path, base);
    // the token is for this server alone, whatever a link says
    if (url.origin !== base.origin) throw new ApiError(`${url.origin} is not ${base.origin}`, 0, undefined);
    const response = await fetch(url, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "user-agent": "preview-report",
        "x-github-api-version": "2022-11-28",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerSeconds * 1000),
    }).catch((error: unknown) => {
      throw new ApiError(`${method} ${url.pathname}: ${reasonOf(error)}`, 0, 1);
    });
    const text = await response.text();
    if (!response.ok) throw refusal(`${method} ${url.pathname}`, response, text, now());
    return {
      body: text === "" ? undefined : (JSON.parse(text) as unknown),
      next: nextPage(response.headers.get("link")),
    };
  };

  const retrying: Client["retrying"] = async (action) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await action();
      } catch (error) {
        const wait = error instanceof ApiError ? error.retrySeconds : undefined;
        if (wait === undefined || wait > longestWaitSeconds || attempt === attempts) throw error;
        await sleep(wait > 1 ? wait : 2 ** (attempt - 1));
      }
    }
  };

  return { send, retrying, get: (path) => retrying(() => send("GET", path)) };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function refusal(what: string, { status, headers }: Response, text: string, now: number): ApiError {
  const preset = /secondary rate limit/i.test(text) ? secondaryLimitSeconds : undefined;
  const seconds = waitOf(status, headers, now) ?? preset;
  return new ApiError(`${what}: ${status} ${text.slice(0, 300)}`, status, seconds);
}

/** A limit says when it ends; a server in trouble does not. */
function waitOf(status: number, headers: Headers, now: number): number | undefined {
  const limited = status === 429 || status === 403;
  const after = Number(headers.get("retry-after") ?? Number.NaN);
  if ((limited || status === 503) && Number.isFinite(after)) return Math.max(1, after);
  if (limited && headers.get("x-ratelimit-remaining") === "0")
    return Math.max(1, Number(headers.get("x-ratelimit-reset") ?? now) - now);
  return status === 429 || status >= 500 ? 1 : undefined;
}

function nextPage(link: string | null): string | undefined {
  return /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(link ?? "")?.[1];
}
