/** Names of variables and keys that hold secrets. */
const secretName =
  /(^|[_.-])(password|passwd|pwd|pass|passphrase|secret|token|api_?key|access_?key|private_?key|credentials?)([_.-]|$)/i;

/** What ends the name of something about a secret: where it is, what it is called, how long it holds. */
const aboutSecret =
  /[_.-](file|path|dir|name|id|user|url|host|ttl|seconds|minutes|days|length|rotation|policy|enabled|type)$/i;

/** A URL with a password in it. */
const urlWithPassword = /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:(?<password>[^\s/@]+)@/i;

/** Keys that show by their form what they are. */
const keys =
  /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bghp_[A-Za-z0-9]{36}\b|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/;

/** What only stands for a value: a variable, a placeholder, a file's path, a switch or a number. */
const standsForAnother = /^\s*$|^[$<{%/[]|^\*+$|^(true|false|none|null|disable|disabled|require|\d+)$/i;

/** A line of a configuration file that sets a secret. */
const settingLine =
  /^[ \t]*["']?(?<name>[A-Za-z][\w.-]*)["']?[ \t]*[:=][ \t]*["']?(?<value>[^\s"'#;,]{6,})["']?[ \t]*[,;]?[ \t]*$/gm;

/** Whether a name says that its value is secret. A name that only has a secret's place or age does not. */
function isSecretName(name: string): boolean {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2");
  return secretName.test(words) && !aboutSecret.test(words);
}

/** Whether a named value is a secret, by its name or by its own form. */
export function isSecretValue(name: string, value: string): boolean {
  return hasSecret(value) || (isSecretName(name) && !standsForAnother.test(value));
}

/** Whether a text has a secret in it that shows by its form. */
function hasSecret(text: string): boolean {
  const password = urlWithPassword.exec(text)?.groups?.["password"];
  return (password !== undefined && !standsForAnother.test(password)) || keys.test(text);
}

/** What a configuration file sets that is secret: names of settings, or what the text has in it. */
export function secretsInFile(text: string): readonly string[] {
  const named = [...text.matchAll(settingLine)].flatMap(({ groups }) => {
    const { name = "", value = "" } = groups ?? {};
    return isSecretName(name) && !standsForAnother.test(value) ? [name] : [];
  });
  return hasSecret(text) ? [...named, "a key or a URL with a password"] : named;
}
