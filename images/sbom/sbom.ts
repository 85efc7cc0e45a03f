import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { CommandError, run } from "../command";
import { ImageError } from "../errors";
import { fileNameOf } from "../file-name";
import { contentsOf } from "./contents";
import { bomOf, type ImageFacts } from "./cyclonedx";
import type { Component } from "./packages";

/** Writes the bill of materials of an image into a folder, says where, and gives whether that went well. */
export async function writeSbom(reference: string, folder: string): Promise<boolean> {
  try {
    const facts = await factsOf(reference);
    const components = await componentsOf(reference);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${fileNameOf(reference)}.cdx.json`);
    writeFileSync(file, `${JSON.stringify(bomOf(facts, components), undefined, 2)}\n`);
    console.log(`${reference}: ${components.length} components in ${file}`);
    return true;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.log(`what is in ${reference} cannot be seen: ${error.message}`);
    return false;
  }
}

const inspected = z.tuple([z.object({ Id: z.string(), Created: z.iso.datetime({ offset: true }) })]);

/** What the engine says of an image; it gets one of a registry first. */
async function factsOf(reference: string): Promise<ImageFacts> {
  const inspect = () => run("docker", ["image", "inspect", reference]);
  const text = await inspect().catch(async (error: unknown) => {
    if (!(error instanceof CommandError)) throw error;
    await run("docker", ["pull", "--quiet", reference]);
    return inspect();
  });
  const [{ Id: id, Created: created }] = inspected.parse(JSON.parse(text));
  return { reference, id, created };
}

/** Makes a container that is never started, and reads its file system. */
async function componentsOf(reference: string): Promise<readonly Component[]> {
  // an image without a command of its own needs one, although nothing runs it
  const container = (await run("docker", ["create", reference, "nothing"])).trim();
  try {
    const child = spawn("docker", ["export", container], { stdio: ["ignore", "pipe", "pipe"] });
    const ended = new Promise<void>((resolve, reject) => {
      let said = "";
      child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
      child.on("error", (error) => reject(new ImageError(`docker: ${error.message}`)));
      child.on("close", (code) =>
        code === 0 ? resolve() : reject(new CommandError(`docker export ended with exit code ${code}`, [said.trim()])),
      );
    });
    // where the archive breaks off, the reason is what docker says
    const reading = contentsOf(child.stdout).catch(async (error: unknown) => {
      await ended;
      throw error;
    });
    const [components] = await Promise.all([reading, ended]);
    return components;
  } finally {
    await run("docker", ["rm", "--force", container]);
  }
}
