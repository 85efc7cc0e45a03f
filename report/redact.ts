import { hidden } from "./secrets";

export type Redact = (text: string) => string;

/** These make a secret's name wherever they are in it, and those below as words of their own. */
const within =
  /passw(?:or)?d|passphrase|secret|api_?key|access_?key|private_?key|signing_?key|encryption_?key|credential/;
const asWord =
  /(?:^|[^a-z])(?:pass|pwd|passcode|tokens?|auth|authorization|cookies?|dsn|connection_?string)(?:$|[^a-z])/;
/** A name that ends like this says where a secret is, or how it is called. */
const aboutSecret = /(?:^|[^a-z])(?:file|path|name|namespace|ref|mount|id)s?$/;

/** Whether what has this name is a secret by all appearances. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toLowerCase();
  return (within.test(words) || asWord.test(words)) && !aboutSecret.test(words);
}

/**
 * Hides secrets in text: the given values, none of them very long, in every spelling that is usual for them, what stands behind a secret's name, what
 * is inside a URL before the host, keys in PEM, and what looks like chance rather than like a word.
 */
export function redactor(known: ReadonlySet<string>): Redact {
  const spellings = [...known].flatMap((value) => [
    value,
    Buffer.from(value).toString("base64").replace(/=+$/, ""),
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
  ]);
  // the longest first, so that no end of it is left over
  const ordered = [...new Set(spellings)].sort((a, b) => b.length - a.length).map(literally);
  const patterns = Array.from({ length: Math.ceil(ordered.length / together) }, (_, index) => {
    return new RegExp(ordered.slice(index * together, (index + 1) * together).join("|"), "g");
  });
  return (text) => hideByLooks(patterns.reduce((so, pattern) => so.replace(pattern, hidden), text));
}

/** Values in one expression; there is a limit to their size. */
const together = 100;

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

const rules: readonly (readonly [RegExp, (...parts: readonly string[]) => string])[] = [
  [/-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/g, () => hidden],
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@"'<>:]*:[^\s"'<>]*@/gi, (_, scheme = "") => `${scheme}${hidden}@`],
  [/\b(bearer|basic)\s+(?!\[secret\])[A-Za-z0-9._~+/-]{8,}=*/gi, (_, scheme = "") => `${scheme} ${hidden}`],
  // NAME=value, --name=value, --name value, "name": "value", but for what a shell fills in; --secret takes a setting's name
  [
    /(?<![\w.])([A-Za-z][\w.-]{0,99})(=|(?<=--(?!secret\s)[\w.-]{1,99})\s+|["']\s*:\s*)(?!["']?\$)("[^"\n]*"|'[^'\n]*'|[^\s,;"'}&]+)/g,
    (whole = "", name = "", between = "") => (isSecretName(name) ? `${name}${between}${hidden}` : whole),
  ],
  // name: value, where the value is no word of a sentence
  [
    /(?<![\w.])([A-Za-z][\w.-]{0,99})(:\s*)((?=[^\s]*\d)[^\s,;"'}&]{6,})/g,
    (whole = "", name = "", between = "") => (isSecretName(name) ? `${name}${between}${hidden}` : whole),
  ],
  [/\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk-|AKIA|ASIA|eyJ)[A-Za-z0-9_.-]{12,}/g, () => hidden],
];

/** Hides what stands where secrets stand, whatever it looks like. */
export function hideByForm(text: string): string {
  return rules.reduce((so, [pattern, replacement]) => so.replace(pattern, replacement), text);
}

function hideByLooks(text: string): string {
  const ruled = hideByForm(text);
  return ruled.replace(/[A-Za-z0-9+/_-]{20,}={0,2}/g, (token, at: number) =>
    isRandom(token) && !isContentHash(token, ruled.slice(Math.max(0, at - 300), at)) ? hidden : token,
  );
}

/** Digests of images, and tags of images that are commits. */
function isContentHash(token: string, before: string): boolean {
  return (
    (/^[0-9a-f]{64}$/.test(token) && before.endsWith("sha256:")) ||
    (/^[0-9a-f]{40}$/.test(token) && /(?:^|[\s"'])[\w.-]+(?::\d+)?\/[\w./-]+:$/.test(before))
  );
}

/** Ids of this form are everywhere, and secrets hardly ever have it. */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const classes = [/[a-z]/, /[A-Z]/, /[0-9]/] as const;
const classOf = (letter: string): number => classes.findIndex((each) => each.test(letter));

/**
 * Whether a text looks drawn by chance. In words, letters of one kind follow each other, and digits are rare; in what is drawn
 * from letters and digits the kind changes at every second place or so.
 */
function isRandom(token: string): boolean {
  if (uuid.test(token)) return false;
  const text = token.replace(/[^A-Za-z0-9]/g, "");
  if (text.length < 20) return false;
  if (/^[0-9a-f]{32,}$/i.test(text)) return entropy(text) > 2.5;
  const kinds = [...text].map(classOf);
  const changes = kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length / text.length;
  const all = new Set(kinds).size === classes.length;
  const digits = kinds.filter((kind) => kind === 2).length;
  return entropy(text) > 3.3 && (all ? changes > 0.33 : digits >= 3 && changes > 0.26);
}

/** Bits for each letter. */
function entropy(text: string): number {
  const counts = [...Map.groupBy(text, (letter) => letter).values()].map(({ length }) => length / text.length);
  return -counts.reduce((sum, share) => sum + share * Math.log2(share), 0);
}

/** Longer texts are of no use to a reader, and end where the rest is hidden already. */
const longest = 10_000;

/**
 * The same data with every text in it redacted and cut where it is very long, but for words of the format itself. As in JSON,
 * there is nothing where something is undefined.
 */
export function redactAll<Data>(data: Data, redact: Redact, words: ReadonlySet<unknown>): Data {
  const walk = (part: unknown): unknown => {
    if (typeof part === "string") return words.has(part) ? part : cut(redact(part));
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== "object" || part === null) return part;
    const present = Object.entries(part).filter(([, value]) => value !== undefined);
    return Object.fromEntries(present.map(([key, value]) => [key, walk(value)]));
  };
  return walk(data) as Data;
}

const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);
