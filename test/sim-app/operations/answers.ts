/**
 * What hosts answer, and which records an answer may rest on: outputs are made of words nobody wrote, whole texts of records
 * the model declares and now and then of one it does not. Owns no operation; what is said of an output on the chain is
 * uses.ts and batches.ts.
 */
import { isStruck } from "../../../modules/attribution/keeper/lineages.ts";
import { compareRecords } from "../../../modules/attribution/proof/match.ts";
import { concat, utf8 } from "../../../proto/bytes.ts";
import { ProofType } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import type { TextRecord } from "../../support/honest-batch.ts";
import type { Answer, Quote } from "../library.ts";
import type { AppWorld } from "../world.ts";
import { datanets, records } from "./people.ts";
import { freshWords, isExample, letters } from "./texts.ts";

export type Use = Messages["tributary.attribution.v1.Use"];
export type ModelVersion = Messages["tributary.model.v1.Version"];

const SEPARATOR = utf8(" ; ");
const MOST_USES = 300n;

/** The latest uses of a status. */
export function usesOf(world: AppWorld, ...statuses: readonly number[]): readonly Use[] {
  const pagination = { limit: MOST_USES, reverse: true };
  return world.ask("attribution", "Uses", { pagination }).uses.filter(({ status }) => statuses.includes(status));
}

/** The version of a model that a use is of. */
export function versionOf(world: AppWorld, use: Pick<Use, "modelId" | "modelVersion">): ModelVersion {
  const pagination = { limit: 1000n };
  return world.ask("model", "Versions", { modelId: use.modelId, pagination }).versions[use.modelVersion - 1]!;
}

/** Whether a version declares a private datanet. */
export function hasPrivate(world: AppWorld, { lineage }: ModelVersion): boolean {
  const secret = new Set(datanets(world).flatMap(({ id, isPrivate }) => (isPrivate ? [id] : [])));
  return lineage.some(({ datanetId }) => secret.has(datanetId));
}

/** Whether a version declares private datanets alone. */
export function isPrivate(world: AppWorld, { lineage }: ModelVersion): boolean {
  const secret = new Set(datanets(world).flatMap(({ id, isPrivate: is }) => (is ? [id] : [])));
  return lineage.every(({ datanetId }) => secret.has(datanetId));
}

/** The records that a batch may cite: of the version, outlived their windows by then and not struck in them. In their order. */
export function citable(world: AppWorld, version: ModelVersion, asOf: bigint): readonly TextRecord[] {
  const found = version.lineage.flatMap(({ datanetId, recordCount }) => {
    const isSecret = datanets(world).some((datanet) => datanet.id === datanetId && datanet.isPrivate);
    if (isSecret !== isPrivate(world, version)) return [];
    return records(world, datanetId)
      .slice(0, Number(recordCount))
      .flatMap((record): readonly TextRecord[] => {
        if (record.finalAt > asOf || isStruck(record)) return [];
        const { contentHash, number, contributor, textRoot: root, claimHeight: height } = record;
        const [bytes, tree] = [world.library.text(contentHash), world.library.tree(contentHash)];
        if (bytes === undefined || tree === undefined) throw new Error("nobody has the text of a record");
        const text = { root, length: bytes.length };
        return [{ id: { datanetId, number }, contributor, text, height, bytes, tree, isPrivate: isSecret }];
      });
  });
  return found.sort(compareRecords);
}

/** An answer to a use. */
export function composed(world: AppWorld, use: Use): Answer {
  const { random } = world;
  if (use.proof === ProofType.PROOF_TYPE_KNN) return { output: utf8(letters(world, 1)), quotes: [] };
  const version = versionOf(world, use);
  const own = citable(world, version, use.openedAt).filter(({ bytes }) => !isExample(bytes));
  const foreign = foreignTexts(world, version);
  const quotes: Quote[] = [];
  const parts: Uint8Array[] = [utf8(`answer ${use.id}`)];
  for (let left = 1 + random.below(3); left > 0; left--) {
    const from = random.chance(0.3) ? foreign : own;
    const quoted = random.chance(0.7) ? world.some(from) : undefined;
    parts.push(SEPARATOR);
    if (quoted === undefined) parts.push(utf8(freshWords(world, 4)));
    else if (random.chance(0.4)) parts.push(firstHalf(quoted.bytes));
    else {
      const start = parts.reduce((sum, part) => sum + part.length, 0);
      quotes.push({ record: quoted.id, text: quoted.bytes, start });
      parts.push(quoted.bytes);
    }
  }
  return { output: concat(...parts), quotes };
}

/** The first half of a text's words, which other texts may have too. */
function firstHalf(text: Uint8Array): Uint8Array {
  const words = new TextDecoder().decode(text).split(" ");
  return utf8(words.slice(0, words.length >> 1).join(" "));
}

/** Texts of datanets that a version does not declare. */
function foreignTexts(world: AppWorld, { lineage }: ModelVersion): readonly Pick<TextRecord, "id" | "bytes">[] {
  const others = datanets(world).filter(({ id }) => !lineage.some(({ datanetId }) => datanetId === id));
  return others.flatMap(({ id: datanetId }) =>
    records(world, datanetId).flatMap(({ number, contentHash }) => {
      const bytes = world.library.text(contentHash);
      return bytes === undefined || isExample(bytes) ? [] : [{ id: { datanetId, number }, bytes }];
    }),
  );
}
