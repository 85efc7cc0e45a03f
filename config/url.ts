import { z } from "zod";

/** An address of the Web. What is none is not looked at any further. */
export const webUrl = z.url({
  protocol: /^https?$/,
  error: "use a URL that begins with http:// or https://",
  abort: true,
});

/** One that paths can be added to. */
export const webFolder = webUrl.refine((given) => {
  const { search, hash, username, password } = new URL(given);
  return `${search}${hash}${username}${password}` === "" && !/[?#{}]/.test(given);
}, "leave out user, ?, # and braces, as paths are added to it");
