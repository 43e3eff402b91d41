/**
 * Owns what an audit of a batch works on: what the chain knows of it, its published body, all texts, and the shares that
 * the auditor computed for itself; and what an audit finds. It does not own what is looked for (the other files here).
 */
import { nobleHasher } from "../../chain/types/hash.ts";
import { TextTree } from "../../chain/types/text-tree.ts";
import type { EntryOpening, PayeeOpening } from "../../modules/attribution/batch/payees.ts";
import type { ShareOpening } from "../../modules/attribution/batch/shares.ts";
import type { BatchFacts } from "../../modules/attribution/challenge/batch-facts.ts";
import {
  showStretch,
  type TextCommitment,
  type TextOpening,
  TextWindow,
} from "../../modules/attribution/proof/text-window.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { BuiltBatch } from "../batch-builder.ts";
import type { BuiltShare, Occurrence } from "../span-shares.ts";

type RecordId = Messages["tributary.datanet.v1.RecordId"];

/** A challenge without who sends it and which batch it is against: the fields of its message. */
export type Challenge =
  | {
      readonly kind: "share";
      readonly shares: readonly ShareOpening[];
      readonly output?: TextOpening | undefined;
      readonly prompt?: TextOpening | undefined;
      readonly record?: TextOpening | undefined;
      readonly occurrences: readonly Occurrence[];
      readonly chosen: number;
    }
  | {
      readonly kind: "omission";
      readonly share: ShareOpening;
      readonly matchStart: bigint;
      readonly matchEnd: bigint;
      readonly output: TextOpening;
      readonly recordId: RecordId;
      readonly recordStart: bigint;
      readonly record: TextOpening;
    }
  | {
      readonly kind: "rank";
      readonly shares: readonly ShareOpening[];
      readonly recordId: RecordId;
      readonly recordStart: bigint;
      readonly record: TextOpening;
      readonly prompt: TextOpening;
      readonly output?: TextOpening | undefined;
    }
  | {
      readonly kind: "payout";
      readonly payees: readonly PayeeOpening[];
      readonly entries: readonly EntryOpening[];
      readonly share?: ShareOpening | undefined;
    }
  | { readonly kind: "commonness"; readonly share: ShareOpening; readonly occurrences: readonly Occurrence[] };

/** Something that is wrong with a batch, and how it is shown. */
export interface Flaw {
  /** One sentence for people. */
  readonly reason: string;
  readonly challenge: Challenge;
}

/** Everything an audit looks at. */
export class AuditSubject {
  readonly facts: BatchFacts;
  readonly batch: BuiltBatch;
  /** What the shares should be. */
  readonly honest: readonly BuiltShare[];
  readonly #textOf: (id: RecordId) => Uint8Array | undefined;
  readonly #trees = new Map<string, TextTree>();

  constructor(
    facts: BatchFacts,
    batch: BuiltBatch,
    honest: readonly BuiltShare[],
    textOf: (id: RecordId) => Uint8Array | undefined,
  ) {
    this.facts = facts;
    this.batch = batch;
    this.honest = honest;
    this.#textOf = textOf;
  }

  output(usePosition: number): ShownText {
    return this.#shown(`output ${usePosition}`, this.batch.body.uses[usePosition]!.output);
  }

  prompt(usePosition: number): ShownText {
    return this.#shown(`prompt ${usePosition}`, this.batch.body.uses[usePosition]!.prompt);
  }

  /** A record's text, when the auditor has it. */
  record(id: RecordId): ShownText | undefined {
    const text = this.#textOf(id);
    return text === undefined ? undefined : this.#shown(`record ${id.datanetId}/${id.number}`, text);
  }

  #shown(name: string, text: Uint8Array): ShownText {
    return new ShownText(text, () => {
      const tree = this.#trees.get(name) ?? new TextTree(text, nobleHasher);
      this.#trees.set(name, tree);
      return tree;
    });
  }
}

/** A text that can be opened. */
export class ShownText {
  readonly bytes: Uint8Array;
  readonly #tree: () => TextTree;

  constructor(bytes: Uint8Array, tree: () => TextTree) {
    this.bytes = bytes;
    this.#tree = tree;
  }

  get commitment(): TextCommitment {
    return { root: this.#tree().root, length: this.bytes.length };
  }

  /** The chunks that show a stretch and the bytes beside it. */
  open(from: number, to: number): TextOpening {
    return showStretch(this.#tree(), this.bytes.length, from, to);
  }

  /** What such an opening shows. */
  window(opening: TextOpening): TextWindow {
    return new TextWindow(Number(opening.firstChunk) * 128, opening.chunks, this.bytes.length);
  }
}
