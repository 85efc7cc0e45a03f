import assert from "node:assert/strict";
import { get } from "node:http";
import { text } from "node:stream/consumers";
import type { Published } from "./live-target";

/** What is answered to a request from this machine; rejects unless it is a success. */
export function answer({ address, port, host }: Published, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    const request = get({ host: address, port, path, headers, timeout: 2000 }, (response) => {
      if (response.statusCode === 200) resolve(text(response));
      else reject(new assert.AssertionError({ message: `the answer is ${response.statusCode}` }));
    });
    request.once("error", reject);
    request.once("timeout", () => request.destroy(new Error(`${address}:${port} does not answer`)));
  });
}
