/**
 * What the people of a simulation keep off the chain: texts by what the chain knows them by, secrets of commitments, batches
 * with what they were made from. Owns no choice; everything in it is found by a hash that the chain shows.
 */
import { TextTree, textRoot } from "../../chain/types/text-tree.ts";
import { sha256 } from "../../node/crypto.ts";
import { hex } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { MadeBatch } from "../support/honest-batch.ts";
import { nativeHasher } from "../support/native-hasher.ts";
import { challengesOf, type Posted, type Win } from "../support/watcher.ts";

type RecordId = Messages["tributary.datanet.v1.RecordId"];
type RecordInput = Messages["tributary.datanet.v1.RecordInput"];
type Batch = Pick<Messages["tributary.attribution.v1.Batch"], "sharesRoot" | "payoutsRoot">;

/** A batch, what its host would have posted in honesty, and what beats it. */
export class KeptBatch {
  readonly truth: MadeBatch;
  readonly posted: Posted;
  #wins: readonly Win[] | undefined;

  constructor(truth: MadeBatch, posted: Posted) {
    this.truth = truth;
    this.posted = posted;
  }

  /** The first challenge of each way that succeeds; none for an honest batch. */
  wins(): readonly Win[] {
    this.#wins ??= [...challengesOf(this.truth, this.posted)];
    return this.#wins;
  }
}

/** Words of a record that an output has whole. */
export interface Quote {
  readonly record: RecordId;
  /** The record's text. */
  readonly text: Uint8Array;
  /** Where it begins in the output, in bytes. */
  readonly start: number;
}

/** What an answer is made of. */
export interface Answer {
  readonly output: Uint8Array;
  readonly quotes: readonly Quote[];
}

/** The records behind a commitment's hash. */
export interface Secret {
  readonly salt: Uint8Array;
  readonly records: readonly RecordInput[];
}

export class Library {
  readonly #texts = new Map<string, Uint8Array>();
  readonly #trees = new Map<string, TextTree>();
  readonly #answers = new Map<string, Answer>();
  readonly #batches = new Map<string, KeptBatch>();
  readonly #secrets = new Map<string, Secret>();

  /** Keeps a text under its SHA-256 and its text root. */
  keep(text: Uint8Array): Uint8Array {
    this.#texts.set(hex(sha256(text)), text);
    this.#texts.set(hex(textRoot(text, nativeHasher)), text);
    return text;
  }

  text(hash: Uint8Array): Uint8Array | undefined {
    return this.#texts.get(hex(hash));
  }

  /** The tree over a text that is kept; undefined for another. */
  tree(hash: Uint8Array): TextTree | undefined {
    const [name, text] = [hex(hash), this.text(hash)];
    if (text === undefined) return undefined;
    const tree = this.#trees.get(name) ?? new TextTree(text, nativeHasher);
    this.#trees.set(name, tree);
    return tree;
  }

  keepAnswer(answer: Answer): void {
    this.keep(answer.output);
    this.#answers.set(hex(sha256(answer.output)), answer);
    this.#answers.set(hex(textRoot(answer.output, nativeHasher)), answer);
  }

  /** The answer with an output, by its SHA-256 or its text root. */
  answer(hash: Uint8Array): Answer | undefined {
    return this.#answers.get(hex(hash));
  }

  keepBatch(truth: MadeBatch, posted: Posted): void {
    this.#batches.set(nameOf(posted.facts.commitment), new KeptBatch(truth, posted));
  }

  batch(batch: Batch): KeptBatch | undefined {
    return this.#batches.get(nameOf(batch));
  }

  keepSecret(hash: Uint8Array, secret: Secret): void {
    this.#secrets.set(hex(hash), secret);
  }

  secret(hash: Uint8Array): Secret | undefined {
    return this.#secrets.get(hex(hash));
  }
}

function nameOf({ sharesRoot, payoutsRoot }: Batch): string {
  return `${hex(sharesRoot)}/${hex(payoutsRoot)}`;
}
