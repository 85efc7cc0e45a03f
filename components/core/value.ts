/** A name for a secret; the value itself is never present in a description. Targets resolve it when they deploy. */
export class SecretRef {
  /** Whose secret it is: a service, or the system for secrets that several services share. */
  readonly owner: string;
  /** DNS label, unique for its owner. */
  readonly key: string;

  constructor(owner: string, key: string) {
    this.owner = owner;
    this.key = key;
    Object.freeze(this);
  }

  /** `owner/key`: how plans, errors and configuration name the secret. */
  get id(): string {
    return `${this.owner}/${this.key}`;
  }

  toJSON(): { secret: string } {
    return { secret: this.id };
  }

  /** Refuses to become part of a plain string, which would hide that the result needs a secret. */
  toString(): string {
    throw new Error(
      `the secret ${this.id} was put into a plain string; use the text\`…\` tag, which keeps it a reference`,
    );
  }
}

/** A string that contains secrets, kept in parts until a target renders it. Made by the `text` tag. */
export class Text {
  readonly parts: readonly (string | SecretRef)[];

  constructor(parts: readonly (string | SecretRef)[]) {
    this.parts = Object.freeze([...parts]);
    Object.freeze(this);
  }

  toJSON(): { text: readonly (string | SecretRef)[] } {
    return { text: this.parts };
  }

  toString(): string {
    throw new Error("a text with secrets was put into a plain string; use the text`…` tag for the outer string, too");
  }
}

/** What an environment variable or a file may hold. */
export type Value = string | SecretRef | Text;

/** The parts of a value, in order; adjacent plain strings are one part, and empty ones are dropped. */
export function partsOf(value: Value): readonly (string | SecretRef)[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  return value instanceof SecretRef ? [value] : value.parts;
}

/**
 * Builds a value from a template with secrets in it: ``text`postgres://app:${password}@${host}/app` ``.
 * Without a secret in it the result is a plain string.
 */
export function text(strings: TemplateStringsArray, ...values: readonly (Value | number)[]): Value {
  const parts: (string | SecretRef)[] = [];
  const push = (part: string | SecretRef): void => {
    const last = parts.at(-1);
    if (typeof part === "string" && typeof last === "string") parts[parts.length - 1] = last + part;
    else if (part !== "") parts.push(part);
  };
  strings.forEach((string, index) => {
    push(string);
    const value = values[index];
    if (value === undefined) return;
    for (const part of partsOf(typeof value === "number" ? String(value) : value)) push(part);
  });
  if (parts.every((part) => typeof part === "string")) return parts.join("");
  return new Text(parts);
}

/** The secrets that a value needs, in order of appearance. */
export function secretsIn(value: Value): readonly SecretRef[] {
  return partsOf(value).filter((part) => part instanceof SecretRef);
}
