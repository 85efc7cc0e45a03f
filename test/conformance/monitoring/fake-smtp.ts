import { createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";

/** A letter as a server gets it. */
export interface Letter {
  readonly from: string;
  readonly to: readonly string[];
  /** Who it came from, as `user:password`. */
  readonly login: string;
  /** Headers and body, in clear. */
  readonly content: string;
}

/** A server that takes every letter whose sender logs in, and delivers none. It speaks as much of SMTP as that needs. */
export function smtpServer(deliver: (letter: Letter) => void): Server {
  return createServer((socket) => void converse(socket, deliver).catch(() => socket.destroy()));
}

const decoded = (text: string): string => Buffer.from(text, "base64").toString();

async function converse(socket: Socket, deliver: (letter: Letter) => void): Promise<void> {
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  const hear = async (): Promise<string> => String((await lines.next()).value ?? "QUIT");
  let [login, from, to] = ["", "", [] as string[]];
  say("220 fake ready");
  for (;;) {
    const line = await hear();
    const [verb = ""] = line.toUpperCase().split(" ");
    if (verb === "EHLO") say("250-fake\r\n250 AUTH LOGIN");
    else if (verb === "AUTH") {
      say(`334 ${Buffer.from("Username:").toString("base64")}`);
      login = decoded(await hear());
      say(`334 ${Buffer.from("Password:").toString("base64")}`);
      login += `:${decoded(await hear())}`;
      say("235 welcome");
    } else if (verb === "MAIL") {
      [from, to] = [addressIn(line), []];
      say(login === "" ? "530 log in first" : "250 ok");
    } else if (verb === "RCPT") {
      to = [...to, addressIn(line)];
      say("250 ok");
    } else if (verb === "DATA") {
      say("354 go on");
      deliver({ from, to, login, content: readable(await contentFrom(hear)) });
      say("250 taken");
    } else if (verb === "QUIT") {
      socket.end("221 bye\r\n");
      return;
    } else say("502 not here");
  }
}

async function contentFrom(hear: () => Promise<string>): Promise<string> {
  const content: string[] = [];
  for (let line = await hear(); line !== "."; line = await hear()) content.push(line.replace(/^\.\./, "."));
  return content.join("\n");
}

const addressIn = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? "";

/** Quoted-printable text as it was meant. */
function readable(content: string): string {
  return content
    .replace(/=\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
