import { setTimeout as sleep } from "node:timers/promises";
import { findPlatform } from "./platforms";

// node sweep.ts PLATFORM PREFIX: removes what a run left that was ended in the middle

async function main(id: string, prefix: string): Promise<void> {
  // what the platform was told before the end may still be on its way
  await sleep(500);
  await findPlatform(id).live(prefix).sweep();
}

const [, , id = "", prefix = ""] = process.argv;
main(id, prefix).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
