import { statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { readArguments, wrong } from "./arguments";
import { ApiError, createClient } from "./post/client";
import { writeWhole } from "./post/file";
import { postToGitHub, pullOf } from "./post/github";
import { reportIn } from "./project";
import { markerOf, renderComment } from "./render/comment";
import type { Report } from "./schema";

const usage = `usage: preview-report post --report FILE (--file FILE | --repo OWNER/NAME --pull NUMBER) [options]

Renders the comment of a report anew, and writes it over its own earlier comment on the pull request. The report may come
from a job that nobody trusts: nothing in it becomes a link or a mention, and its comment.md is not used.

options:
  --report FILE        report.json of a preview
  --file FILE          writes into a file instead
  --repo OWNER/NAME    GITHUB_REPOSITORY by default
  --pull NUMBER        the pull request; that of GITHUB_REF by default
  --head OWNER:BRANCH  finds the pull request by its branch
  --commit SHA         posts only while this is the pull request's head
  --author LOGIN       who has written the earlier comment; the token's own account by default
  --api URL            GITHUB_API_URL or https://api.github.com by default
  -h, --help           this text

environment:
  GITHUB_TOKEN         may write comments on pull requests`;

const options = {
  report: { type: "string" },
  file: { type: "string" },
  repo: { type: "string", default: process.env["GITHUB_REPOSITORY"] ?? "" },
  pull: { type: "string" },
  head: { type: "string" },
  commit: { type: "string" },
  author: { type: "string" },
  api: { type: "string", default: process.env["GITHUB_API_URL"] ?? "https://api.github.com" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** More than a report of a hundred thousand changes has. */
const largestReport = 128 * 1024 * 1024;

/** Runs the command and gives its exit code. */
export async function runPost(args: readonly string[]): Promise<number> {
  const given = readArguments(args, options);
  if (given.help) {
    console.log(usage);
    return 0;
  }
  if (given.report === undefined) throw wrong("--report", "is missing", "name the report.json of a preview");
  const size = statSync(given.report, { throwIfNoEntry: false })?.size ?? 0;
  if (size > largestReport)
    throw wrong(given.report, `has ${size} bytes`, "post a report that this command has written");
  const report = withoutForeignLink(reportIn(given.report), given.repo);
  if (given.file !== undefined) {
    writeWhole(given.file, renderComment(report));
    return 0;
  }
  return postReport(report, given);
}

interface Where {
  readonly repo: string;
  readonly pull?: string | undefined;
  readonly head?: string | undefined;
  readonly commit?: string | undefined;
  readonly author?: string | undefined;
  readonly api: string;
}

async function postReport(report: Report, { repo, head, commit, author, api, ...given }: Where): Promise<number> {
  if (!/^(?!\.+\/)[\w.-]+\/(?!\.+$)[\w.-]+$/.test(repo))
    throw wrong("--repo", `is ${JSON.stringify(repo)}`, "use OWNER/NAME");
  const token = process.env["GITHUB_TOKEN"];
  if (token === undefined || token === "")
    throw wrong("GITHUB_TOKEN", "is not set", "set it to a token that may write comments on pull requests");
  const now = (): number => Date.now() / 1000;
  const client = createClient({ api, token, sleep: async (seconds) => delay(seconds * 1000), now });
  try {
    const pull = head === undefined ? numberOf(given.pull) : await pullOf(client, repo, head);
    if (pull === undefined) {
      console.error(`nothing is posted: ${head} has no open pull request`);
      return 0;
    }
    const render = (limit?: number): string => renderComment(report, limit);
    const posted = await postToGitHub(
      client,
      { repository: repo, pull, author, commit },
      { marker: markerOf(report), render },
    );
    console.error(posted.did === "nothing" ? `nothing is posted: ${posted.because}` : `${posted.did}: ${posted.url}`);
    return 0;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw wrong(api, `refuses: ${error.message}`, "see that GITHUB_TOKEN may write comments there, or try again");
  }
}

function numberOf(given: string | undefined): number {
  const text = given ?? /^refs\/pull\/(\d+)\//.exec(process.env["GITHUB_REF"] ?? "")?.[1];
  if (text === undefined || !/^[1-9]\d*$/.test(text))
    throw wrong(
      "--pull",
      text === undefined ? "is missing" : `is ${JSON.stringify(text)}`,
      "use the number of a pull request",
    );
  return Number(text);
}

/** A report may come from anybody: the only address that it may link to is a run of the repository itself. */
function withoutForeignLink(report: Report, repository: string): Report {
  const server = process.env["GITHUB_SERVER_URL"] ?? "https://github.com";
  const { runUrl, ...rest } = report;
  return runUrl?.startsWith(`${server}/${repository}/actions/runs/`) === true ? report : rest;
}
