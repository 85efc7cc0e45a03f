#!/usr/bin/env node
import { DescriptionError } from "../components/core/errors";

const usage = `usage: preview-report preview --stack NAME... [options]
       preview-report post --report FILE (--file FILE | --repo OWNER/NAME --pull NUMBER) [options]

preview   previews stacks, and writes report.json, comment.md and summary.md
post      writes the comment of a report into a pull request, or into a file

--help after one of them tells its options.

exit codes:
  0  done, and nothing that a gate looks for was found
  1  could not be done: wrong arguments, nothing written, nothing posted
  2  the report is written, and a gate fails`;

async function main([command, ...args]: readonly string[]): Promise<number> {
  switch (command) {
    case "preview":
      return (await import("./cli-preview.js")).runPreview(args);
    case "post":
      return (await import("./cli-post.js")).runPost(args);
    case "--help":
    case "-h":
      console.log(usage);
      return 0;
    default:
      console.error(usage);
      return 1;
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    // what a user can correct is told without a stack trace
    console.error(error instanceof DescriptionError ? error.message : error);
    process.exitCode = 1;
  },
);
