/** A range of IPv4 addresses as numbers. */
export interface Block {
  readonly first: number;
  readonly size: number;
}

/** Reads `10.200.0.0/13`; nothing when it is no IPv4 block or does not begin where its size allows. */
export function parseBlock(text: string): Block | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(text);
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, length = 0] = match.slice(1).map(Number);
  if (length > 32 || [a, b, c, d].some((byte) => byte > 255)) return undefined;
  const block = { first: ((a * 256 + b) * 256 + c) * 256 + d, size: 2 ** (32 - length) };
  return block.first % block.size === 0 ? block : undefined;
}

export function formatBlock({ first, size }: Block): string {
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return `${bytes.join(".")}/${32 - Math.log2(size)}`;
}

export function overlap(a: Block, b: Block): boolean {
  return a.first < b.first + b.size && b.first < a.first + a.size;
}
