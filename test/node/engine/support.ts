// What the engine's tests share: a key, a log that keeps quiet, votes and effects to sign. Owns test data only.

import type { SignEffect } from "../../../chain/consensus/effect.ts";
import type { Lock } from "../../../chain/consensus/state.ts";
import type { Powers } from "../../../chain/consensus/votes.ts";
import { type BlockId, ZERO_BLOCK_ID } from "../../../chain/types/block-id.ts";
import { SIGNED_PRECOMMIT, SIGNED_PREVOTE, type Vote } from "../../../chain/types/vote.ts";
import { SignJournal } from "../../../node/engine/sign-journal.ts";
import { Signer } from "../../../node/engine/signer.ts";
import { validatorKeyFromSeed } from "../../../node/engine/validator-key.ts";
import type { EngineLog } from "../../../node/ports.ts";
import type { MemoryDisk } from "../../sim/memory-disk.ts";

export const CHAIN_ID = "test-1";
export const KEY = validatorKeyFromSeed(new Uint8Array(32).fill(7));
export const NIL = ZERO_BLOCK_ID;
export const TIME = { seconds: 1_700_000_000n, nanos: 123 };
/** Four equal validators; ours is number 0. */
export const POWERS: Powers = { each: [1n, 1n, 1n, 1n], total: 4n };
export const JOURNAL = { path: "/home/sign.journal", chainId: CHAIN_ID, address: KEY.address };

export function quietLog(): EngineLog & { readonly lines: string[] } {
  const lines: string[] = [];
  const write = (message: string): void => void lines.push(message);
  return { lines, info: write, warn: write, error: write };
}

export function block(letter: string): BlockId {
  const code = letter.charCodeAt(0);
  return {
    hash: new Uint8Array(32).fill(code),
    partSetHeader: { total: 1, hash: new Uint8Array(32).fill(code + 100) },
  };
}

export function vote(type: number, index: number, height: bigint, round: number, blockId: BlockId): Vote {
  const empty = new Uint8Array(0);
  return {
    type,
    height,
    round,
    blockId,
    timestamp: TIME,
    validatorAddress: new Uint8Array(20).fill(index + 1),
    validatorIndex: index,
    signature: new Uint8Array(64).fill(index + 1),
    extension: empty,
    extensionSignature: empty,
  };
}

export function polka(height: bigint, round: number, blockId: BlockId): readonly Vote[] {
  return [1, 2, 3].map((index) => vote(SIGNED_PREVOTE, index, height, round, blockId));
}

export function lock(height: bigint, round: number, blockId: BlockId): Lock {
  return { round, blockId, polka: polka(height, round, blockId) };
}

export function prevote(height: bigint, round: number, blockId: BlockId, polRound?: number): SignEffect {
  const message = { type: "vote", voteType: SIGNED_PREVOTE, height, round, blockId, validatorIndex: 0 } as const;
  if (polRound === undefined) return { type: "sign", message };
  return { type: "sign", message, polka: { round: polRound, votes: polka(height, polRound, blockId) } };
}

export function precommit(height: bigint, round: number, blockId: BlockId, locked = true): SignEffect {
  const message = { type: "vote", voteType: SIGNED_PRECOMMIT, height, round, blockId, validatorIndex: 0 } as const;
  if (blockId === NIL || !locked) return { type: "sign", message };
  return { type: "sign", message, lock: lock(height, round, blockId) };
}

export function proposal(height: bigint, round: number, blockId: BlockId, polRound = -1): SignEffect {
  return { type: "sign", message: { type: "proposal", height, round, polRound, blockId } };
}

/** A signer on a disk in memory, with the journal of a new key unless there is one; rewritten at every height by default. */
export function signerOn(disk: MemoryDisk, rewriteBytes = 0): Signer {
  const files = disk.mount();
  const options = { ...JOURNAL, rewriteBytes };
  if (files.readFile(JOURNAL.path) === undefined) SignJournal.create(options, files).close();
  const journal = SignJournal.open(options, { files, log: quietLog() });
  return new Signer({ chainId: CHAIN_ID }, { key: KEY, journal });
}
