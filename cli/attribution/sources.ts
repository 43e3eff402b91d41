// Owns where the attribution commands find indexes, texts and bodies of batches: folders that are named, or the blocks that
// this home keeps. A record's content hash and a batch's body hash are names of blocks.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { BodyAddress, BodyFolder, type BodySource, type BodyStore } from "../../attribution/body-store.ts";
import { folderTexts, type TextSource } from "../../attribution/record-texts.ts";
import { keepBlock, openStore } from "../data/store.ts";
import { CliError, usageError } from "../errors.ts";
import type { Settings } from "../settings.ts";

/** The folder of indexes. */
export function indexFolder(settings: Settings): string {
  return settings.text("index-dir") ?? join(settings.paths.home, "attribution");
}

/** The texts of records. */
export async function textsOf(settings: Settings): Promise<TextSource> {
  const folder = settings.text("texts");
  if (folder !== undefined) return folderTexts(existing(folder));
  const store = await openStore(settings);
  return { textOf: ({ contentHash }) => store.get(contentHash) };
}

/** The bodies of batches. */
export async function bodiesOf(settings: Settings): Promise<BodySource> {
  const place = settings.text("bodies");
  if (place !== undefined) return isAddress(place) ? new BodyAddress(place) : new BodyFolder(place);
  const store = await openStore(settings);
  return { bodyOf: (hash) => store.get(hash) };
}

/** Where a host publishes bodies and finds them again: a folder, or the blocks this home keeps, from which peers may fetch them. */
export async function publishedBodies(settings: Settings): Promise<BodyStore> {
  const place = settings.text("bodies");
  if (place !== undefined && isAddress(place)) {
    throw usageError(
      "bodies are published into a folder",
      "name the folder that your web server shows at this address",
    );
  }
  if (place !== undefined) return new BodyFolder(place);
  const store = await openStore(settings);
  return {
    bodyOf: (hash) => store.get(hash),
    publish: async (body) => {
      await keepBlock(store, body, "pinned");
    },
  };
}

function isAddress(place: string): boolean {
  return /^https?:\/\//.test(place);
}

/** The folder, if there is one. Throws CliError otherwise. */
export function existing(folder: string): string {
  if (existsSync(folder)) return folder;
  throw new CliError(`there is no folder ${folder}`, "check the path; nothing was changed");
}
