// Owns where the attribution commands find indexes, texts and bodies of batches: folders that are named, or the blocks that
// this home or its peers keep. A record's content hash and a batch's body hash are names of blocks.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { BodyAddress, BodyFolder, type BodySource, type BodyStore } from "../../attribution/body-store.ts";
import { folderTexts, type TextSource } from "../../attribution/record-texts.ts";
import { ContentKeyError, openText, sealedKeyVersion } from "../../node/data/content-key.ts";
import { contentKey } from "../data/keys.ts";
import { keepBlock, openStore } from "../data/store.ts";
import { CliError, usageError } from "../errors.ts";
import type { Settings } from "../settings.ts";
import { HomeBlocks } from "./home-blocks.ts";

/** The folder of indexes. */
export function indexFolder(settings: Settings): string {
  return settings.text("index-dir") ?? join(settings.paths.home, "attribution");
}

/** Texts and bodies, and what must be closed when they are needed no more. */
export interface Sources {
  readonly texts: TextSource;
  readonly bodies: BodySource;
  readonly close: () => Promise<void>;
}

/** Opens what the flags name. `chainId` is the chain that sealed texts were sealed for. */
export async function openSources(settings: Settings, chainId: string): Promise<Sources> {
  const folder = settings.text("texts");
  const place = settings.text("bodies");
  const blocks = folder === undefined || place === undefined ? await HomeBlocks.open(settings) : undefined;
  return {
    texts: folder === undefined ? blockTexts(settings, chainId, blocks!) : folderTexts(existing(folder)),
    bodies: place === undefined ? { bodyOf: (hash) => blocks!.get(hash) } : bodiesAt(place),
    close: async () => blocks?.close(),
  };
}

/** Texts among blocks; sealed ones are opened as far as this home has the content keys. */
function blockTexts(settings: Settings, chainId: string, blocks: HomeBlocks): TextSource {
  return {
    textOf: async ({ contentHash, length, datanetId }) => {
      const block = await blocks.get(contentHash);
      // A sealed text is longer than what it seals.
      if (block === undefined || BigInt(block.length) === length) return block;
      try {
        const place = { chainId, datanetId, keyVersion: sealedKeyVersion(block) };
        return openText(block, contentKey(settings, place), place);
      } catch (error) {
        if (error instanceof ContentKeyError || error instanceof CliError) return undefined;
        throw error;
      }
    },
  };
}

/** The bodies of batches, without asking peers. */
export async function bodiesOf(settings: Settings): Promise<BodySource> {
  const place = settings.text("bodies");
  if (place !== undefined) return bodiesAt(place);
  const store = await openStore(settings);
  return { bodyOf: (hash) => store.get(hash) };
}

function bodiesAt(place: string): BodySource {
  return isAddress(place) ? new BodyAddress(place) : new BodyFolder(place);
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
