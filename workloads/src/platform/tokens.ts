import { timingSafeEqual } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";

export interface Keys {
  /** Who knows it may ask for a token. */
  readonly apiKey: string;
  /** What tokens are signed with. */
  readonly jwtSecret: string;
  /** Whose tokens they are; those of others count for nothing. */
  readonly issuer: string;
}

const lifetimeSeconds = 600;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export function knowsKey({ apiKey }: Keys, given: string | undefined): boolean {
  const [expected, offered] = [bytes(apiKey), bytes(given ?? "")];
  return expected.length === offered.length && timingSafeEqual(expected, offered);
}

export function issueToken({ jwtSecret, issuer }: Keys): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: "HS256" })
    .setIssuer(issuer)
    .setIssuedAt()
    .setExpirationTime(`${lifetimeSeconds}s`)
    .sign(bytes(jwtSecret));
}

/** Whether the header of a request, `Bearer TOKEN`, has a token that this server gave out not long ago. */
export async function hasToken({ jwtSecret, issuer }: Keys, header: string | undefined): Promise<boolean> {
  const token = /^Bearer (\S+)$/.exec(header ?? "")?.[1];
  if (token === undefined) {
    return false;
  }
  return jwtVerify(token, bytes(jwtSecret), { issuer, algorithms: ["HS256"] }).then(
    () => true,
    () => false,
  );
}
