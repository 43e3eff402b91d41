/**
 * What people put into datanets: words nobody wrote, words of others in part, copies with and without a true fingerprint,
 * examples of a few bytes. Owns the choice of a text and of what is said of it.
 */
import { recordInputOf } from "../../../modules/datanet/record-input.ts";
import { utf8 } from "../../../proto/bytes.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { nativeHasher } from "../../support/native-hasher.ts";
import type { AppWorld } from "../world.ts";
import { datanets, earning } from "./people.ts";

type RecordInput = Messages["tributary.datanet.v1.RecordInput"];

/** Enough to be a near-copy (32 tokens) and to be shown as left out by a lineage. */
const WORDS = 45;
const LETTERS = "abcdefgh";
/** Bytes of an example: its label and three features. */
const EXAMPLE_BYTES = 4;
const NO_FINGERPRINT = new Uint8Array(0);

/** Words that nobody wrote before. */
export function freshWords(world: AppWorld, count: number): string {
  const { random, chain } = world;
  const own = `${chain.height.toString(36)}${random.below(1_000_000).toString(36)}`;
  return Array.from({ length: count }, (_, i) => `w${own}x${i}`).join(" ");
}

/** A few letters, as features of an example or of a question about one. */
export function letters(world: AppWorld, count: number): string {
  return Array.from({ length: count }, () => LETTERS[world.random.below(LETTERS.length)]).join("");
}

export function isExample(text: Uint8Array): boolean {
  return text.length === EXAMPLE_BYTES;
}

/** A long text that stands in a datanet already. */
function knownText(world: AppWorld, datanetId: bigint): string | undefined {
  const known = earning(world, datanetId).filter(({ tokenCount }) => tokenCount >= WORDS);
  const text = world.library.text(world.some(known)?.contentHash ?? new Uint8Array(0));
  return text === undefined ? undefined : new TextDecoder().decode(text);
}

/** A record for a datanet, which may be a copy or say too little of itself. */
export function writtenFor(world: AppWorld, datanetId: bigint): RecordInput {
  const { random } = world;
  const fate = random.next();
  const elsewhere = world.some(datanets(world).filter(({ id }) => id !== datanetId));
  if (fate < 0.2) return inputOf(world, letters(world, EXAMPLE_BYTES));
  if (fate < 0.35 && elsewhere !== undefined)
    return inputOf(world, knownText(world, elsewhere.id) ?? freshWords(world, WORDS));
  const own = fate < 0.8 ? knownText(world, datanetId) : undefined;
  if (own === undefined || fate < 0.4) return inputOf(world, freshWords(world, WORDS), fate >= 0.4 && fate < 0.5);
  if (fate < 0.55) return inputOf(world, `${own} again`, true);
  // Half of it is another's: that is no offence where the fingerprint is true.
  const part = own.split(" ").slice(0, WORDS >> 1);
  return inputOf(world, `${part.join(" ")} ${freshWords(world, WORDS >> 1)}`);
}

function inputOf(world: AppWorld, text: string, isSilent = false): RecordInput {
  const bytes = world.library.keep(utf8(text));
  const input = recordInputOf(bytes, { name: "text", licence: "", class: "" }, nativeHasher);
  return isSilent ? { ...input, fingerprint: NO_FINGERPRINT } : input;
}
