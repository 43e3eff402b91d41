// A consensus machine on a bench: feeds inputs, signs what it asks to have signed, remembers what it asked for. Owns
// test data only. Signatures are placeholders, since the machine never looks at them.

import { expect } from "vitest";
import type { Effect, SignEffect } from "../../../chain/consensus/effect.ts";
import type { Input } from "../../../chain/consensus/input.ts";
import type { State } from "../../../chain/consensus/state.ts";
import { initialState, type StepResult, step } from "../../../chain/consensus/step.ts";
import { DEFAULT_TIMEOUTS } from "../../../chain/consensus/timeouts.ts";
import { indexOf, proposerAddress } from "../../../chain/consensus/validators.ts";
import { type BlockId, equalBlockIds, isZeroBlockId, ZERO_BLOCK_ID } from "../../../chain/types/block-id.ts";
import type { Commit } from "../../../chain/types/commit.ts";
import { newValidator, publicKeyOf } from "../../../chain/types/validator.ts";
import { newValidatorSet, type ValidatorSet } from "../../../chain/types/validator-set.ts";
import {
  type Proposal,
  SIGNED_PRECOMMIT,
  SIGNED_PREVOTE,
  SIGNED_PROPOSAL,
  type Vote,
} from "../../../chain/types/vote.ts";

export const NIL = ZERO_BLOCK_ID;

/** A block id that stands for the block of this letter. */
export function block(letter: string): BlockId {
  const code = letter.charCodeAt(0);
  return {
    hash: new Uint8Array(32).fill(code),
    partSetHeader: { total: 1, hash: new Uint8Array(32).fill(code + 100) },
  };
}

export const A = block("A");
export const B = block("B");
export const C = block("C");

export function nameOf(id: BlockId): string {
  if (isZeroBlockId(id)) return "nil";
  return String.fromCharCode(id.hash[0] as number);
}

/** Validators of the given powers with made-up keys. */
export function validators(...powers: readonly bigint[]): ValidatorSet {
  return newValidatorSet(
    powers.map((power, index) => newValidator(publicKeyOf("ed25519", new Uint8Array(32).fill(index + 1)), power)),
  );
}

const NO_BYTES = new Uint8Array(0);
const TIME = { seconds: 1_700_000_000n, nanos: 0 };

/** What holds of every step: what changes something is logged first, and what changes nothing leads to nothing. */
function checkLogged(before: State, input: Input, after: StepResult): void {
  if (input.type === "startHeight") return;
  const [first, ...others] = after.effects;
  if (first === undefined) expect(after.state).toBe(before);
  else expect(first).toEqual({ type: "log", input });
  expect(others.map((effect) => effect.type)).not.toContain("log");
}

export interface MachineOptions {
  readonly height?: bigint;
  readonly delayMs?: number;
  readonly lastCommit?: Commit;
  readonly waitForTxs?: boolean;
}

export class Machine {
  state: State = initialState();
  /** Every effect so far. */
  readonly effects: Effect[] = [];
  readonly set: ValidatorSet;
  readonly self: number | undefined;
  readonly height: bigint;
  /** Whether Sign is answered with the signed message, as the driver does. */
  answersSign = true;

  /** `self` is a place in the set: validators of equal power stand in the order of their addresses. */
  constructor(set: ValidatorSet, self: number | undefined, options: MachineOptions = {}) {
    this.set = set;
    this.self = self;
    this.height = options.height ?? 1n;
    this.give({
      type: "startHeight",
      height: this.height,
      validators: set,
      self: self === undefined ? undefined : this.address(self),
      lastCommit: options.lastCommit,
      delayMs: options.delayMs ?? 0,
      timeouts: DEFAULT_TIMEOUTS,
      waitForTxs: options.waitForTxs ?? false,
    });
  }

  /** Takes one input and returns the effects it led to, answers to Sign included. */
  give(input: Input): readonly Effect[] {
    const before = this.effects.length;
    const queue: Input[] = [input];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { state, effects } = step(this.state, next);
      checkLogged(this.state, next, { state, effects });
      this.state = state;
      this.effects.push(...effects);
      for (const effect of effects) if (effect.type === "sign" && this.answersSign) queue.push(this.signed(effect));
    }
    return this.effects.slice(before);
  }

  address(index: number): Uint8Array {
    return this.set.validators[index]?.address as Uint8Array;
  }

  proposerOf(round: number): number {
    return indexOf(this.set, proposerAddress(this.set, round)) as number;
  }

  /** The validators other than this one, in order. */
  get others(): readonly number[] {
    return this.set.validators.map((_, index) => index).filter((index) => index !== this.self);
  }

  propose(round: number, blockId: BlockId, polRound = -1): readonly Effect[] {
    return this.give({ type: "proposal", proposal: this.proposal(round, blockId, polRound) });
  }

  /** A proposal and the news that its block is here and valid. */
  proposeReady(round: number, blockId: BlockId, polRound = -1): void {
    this.propose(round, blockId, polRound);
    this.ready(blockId);
  }

  ready(blockId: BlockId, valid = true): readonly Effect[] {
    return this.give({ type: "blockReady", height: this.height, blockId, valid });
  }

  prevote(indexes: readonly number[], round: number, blockId: BlockId): void {
    for (const index of indexes) this.give({ type: "vote", vote: this.vote(SIGNED_PREVOTE, index, round, blockId) });
  }

  precommit(indexes: readonly number[], round: number, blockId: BlockId): void {
    for (const index of indexes) this.give({ type: "vote", vote: this.vote(SIGNED_PRECOMMIT, index, round, blockId) });
  }

  timeout(kind: "newHeight" | "propose" | "prevote" | "precommit", round: number): readonly Effect[] {
    return this.give({ type: "timeout", kind, height: this.height, round });
  }

  vote(type: number, validatorIndex: number, round: number, blockId: BlockId, height = this.height): Vote {
    return {
      type,
      height,
      round,
      blockId,
      timestamp: TIME,
      validatorAddress: this.address(validatorIndex),
      validatorIndex,
      signature: Uint8Array.of(validatorIndex, type, round & 255),
      extension: NO_BYTES,
      extensionSignature: NO_BYTES,
    };
  }

  proposal(round: number, blockId: BlockId, polRound: number): Proposal {
    const { height } = this;
    return {
      type: SIGNED_PROPOSAL,
      height,
      round,
      polRound,
      blockId,
      timestamp: TIME,
      signature: Uint8Array.of(round & 255),
    };
  }

  private signed({ message }: SignEffect): Input {
    if (message.type === "proposal") {
      return { type: "proposal", proposal: this.proposal(message.round, message.blockId, message.polRound) };
    }
    return {
      type: "vote",
      vote: this.vote(message.voteType, message.validatorIndex, message.round, message.blockId),
    };
  }

  /** What this node signed, in order: "prevote 0 A", "precommit 0 nil", "proposal 1 A pol 0". */
  get said(): readonly string[] {
    return this.effects.flatMap((effect) => {
      if (effect.type !== "sign") return [];
      const { message } = effect;
      const name = nameOf(message.blockId);
      if (message.type === "proposal") return [`proposal ${message.round} ${name} pol ${message.polRound}`];
      return [`${message.voteType === SIGNED_PREVOTE ? "prevote" : "precommit"} ${message.round} ${name}`];
    });
  }

  get committed(): string | undefined {
    const commit = this.effects.find((effect) => effect.type === "commit");
    return commit === undefined ? undefined : nameOf(commit.blockId);
  }

  asked(type: Effect["type"]): readonly Effect[] {
    return this.effects.filter((effect) => effect.type === type);
  }

  isWanted(blockId: BlockId): boolean {
    return this.effects.some((effect) => effect.type === "want" && equalBlockIds(effect.blockId, blockId));
  }

  get where(): string {
    return `${this.state.round} ${this.state.step}`;
  }
}
