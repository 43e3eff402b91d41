// Blocks of the height in progress, whole or in parts. Owns their assembly and their number; does not own what they are
// worth (execution.ts) nor who asks for them (driver.ts). The consensus machine knows blocks by id only; here they live.

import { blockKey } from "../../chain/consensus/block-key.ts";
import { type Block, blockHash, decodeBlock } from "../../chain/types/block.ts";
import type { BlockId } from "../../chain/types/block-id.ts";
import { ValidationError } from "../../chain/types/errors.ts";
import type { Hasher } from "../../chain/types/hash.ts";
import { type Part, PartSet } from "../../chain/types/part-set.ts";
import { equalBytes } from "../../proto/bytes.ts";
import { MAX_HELD_BLOCKS } from "./limits.ts";

/** A block that is here as a whole. */
export interface HeldBlock {
  readonly blockId: BlockId;
  readonly parts: PartSet;
  /** proto(Block). */
  readonly bytes: Uint8Array;
  readonly block: Block;
}

interface Assembly {
  readonly blockId: BlockId;
  readonly parts: PartSet;
  held: HeldBlock | undefined;
  /** Complete, but not a block, or not the block its id names. */
  broken: string | undefined;
}

/** What adding a part came to. */
export type PartOutcome = "incomplete" | "complete" | "known" | "foreign";

export class HeldBlocks {
  readonly #hasher: Hasher;
  readonly #maxBytes: number;
  readonly #assemblies = new Map<string, Assembly>();

  /** `maxBytes` bounds every block of the height (consensus parameter block.max_bytes). */
  constructor(options: { maxBytes: number }, needs: { hasher: Hasher }) {
    this.#maxBytes = options.maxBytes;
    this.#hasher = needs.hasher;
  }

  /** Blocks expected or here. */
  get count(): number {
    return this.#assemblies.size;
  }

  /** Makes room for the parts of a block. False when its id promises more than a block may have. */
  expect(blockId: BlockId): boolean {
    const key = blockKey(blockId);
    if (this.#assemblies.has(key)) return true;
    try {
      const parts = PartSet.fromHeader(blockId.partSetHeader, this.#maxBytes, this.#hasher);
      this.#assemblies.set(key, { blockId, parts, held: undefined, broken: undefined });
      return true;
    } catch (error) {
      if (error instanceof ValidationError) return false;
      throw error;
    }
  }

  /** Holds a block that is whole. */
  put(held: HeldBlock): void {
    const { blockId, parts } = held;
    this.#assemblies.set(blockKey(blockId), { blockId, parts, held, broken: undefined });
  }

  /** Adds a part to the expected block it belongs to; tells which one that is. */
  add(part: Part): { readonly outcome: PartOutcome; readonly blockId: BlockId | undefined } {
    for (const assembly of this.#assemblies.values()) {
      const { parts, blockId } = assembly;
      if (BigInt(parts.header.total) !== part.proof.total) continue;
      try {
        if (!parts.add(part)) {
          // A part that is here already may still be the first of another block of as many parts.
          if (parts.part(part.index)?.proof.leafHash !== undefined && sameLeaf(parts.part(part.index), part)) {
            return { outcome: "known", blockId };
          }
          continue;
        }
      } catch (error) {
        if (error instanceof ValidationError) continue;
        throw error;
      }
      if (parts.isComplete) this.#assemble(assembly);
      return { outcome: parts.isComplete ? "complete" : "incomplete", blockId };
    }
    return { outcome: "foreign", blockId: undefined };
  }

  /** The block, when it is whole and good in form. */
  get(blockId: BlockId): HeldBlock | undefined {
    return this.#assemblies.get(blockKey(blockId))?.held;
  }

  /** Why a complete set of parts is no block; undefined while parts are missing or when all is well. */
  brokenReason(blockId: BlockId): string | undefined {
    return this.#assemblies.get(blockKey(blockId))?.broken;
  }

  /** The parts that are here of a block that is expected or whole. */
  parts(blockId: BlockId): PartSet | undefined {
    return this.#assemblies.get(blockKey(blockId))?.parts;
  }

  /** Lets go of the oldest blocks beyond the bound, except those named. */
  prune(keep: ReadonlySet<string>): void {
    for (const key of [...this.#assemblies.keys()]) {
      if (this.#assemblies.size <= MAX_HELD_BLOCKS) return;
      if (!keep.has(key)) this.#assemblies.delete(key);
    }
  }

  #assemble(assembly: Assembly): void {
    const bytes = assembly.parts.assemble();
    try {
      const block = decodeBlock(bytes, this.#hasher);
      if (!equalBytes(blockHash(block, this.#hasher), assembly.blockId.hash)) {
        assembly.broken = "the parts hold another block than the proposal names";
        return;
      }
      assembly.held = { blockId: assembly.blockId, parts: assembly.parts, bytes, block };
    } catch (error) {
      // DecodeError, ValidationError, or a bug that the bytes provoke: in every case the block is not acceptable.
      assembly.broken = error instanceof Error ? error.message : String(error);
    }
  }
}

function sameLeaf(a: Part | undefined, b: Part): boolean {
  return a !== undefined && equalBytes(a.proof.leafHash, b.proof.leafHash);
}
