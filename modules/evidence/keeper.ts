// Owns: what becomes of a double signature that the engine proved: whether it is still punished, and the record of it (x/evidence/keeper of the
// SDK 0.53). Does not own: the proof (the engine checked the votes), the punishment (slashing).

import type { BlockWrite, Read, Write } from "../../chain/module/context.ts";
import type { Hasher } from "../../chain/types/hash.ts";
import { durationToNanoseconds, nanosecondsBetween, type Timestamp } from "../../chain/types/time.ts";
import { encode, packAny } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { state } from "./state.ts";

export type Equivocation = Messages["cosmos.evidence.v1beta1.Equivocation"];

/** What evidence needs from its neighbours, and no more. */
export interface EvidenceUses {
  readonly staking: {
    findByConsensusAddress(ctx: Read, consensus: Uint8Array): { readonly status: number } | undefined;
  };
  readonly slashing: {
    hasKey(ctx: Read, consensus: Uint8Array): boolean;
    isTombstoned(ctx: Read, consensus: Uint8Array): boolean;
    punishDoubleSign(ctx: Write, consensus: Uint8Array, power: bigint, infractionHeight: bigint): void;
  };
  readonly hasher: Hasher;
}

/** cosmos.staking.v1beta1.BondStatus: out of the set for longer than the unbonding time. */
const UNBONDED = 1;
/** tendermint.abci.MisbehaviorType: both kinds are a validator that signed two blocks of one height. */
const PUNISHED = new Set([1, 2]);

export class EvidenceKeeper {
  readonly #uses: EvidenceUses;

  constructor(uses: EvidenceUses) {
    this.#uses = uses;
  }

  /** Punishes a double signature, once per validator, and keeps it. One that is too old, or whose validator is gone, is left alone. */
  handle(ctx: Write, fault: Equivocation): void {
    const { staking, slashing } = this.#uses;
    const consensus = ctx.addresses.parseConsensus(fault.consensusAddress);
    const validator = staking.findByConsensusAddress(ctx, consensus);
    // Stake that is free to leave answers for nothing any more.
    if (validator === undefined || validator.status === UNBONDED) return;
    if (!slashing.hasKey(ctx, consensus) || this.#isTooOld(ctx, fault.height, fault.time)) return;
    if (slashing.isTombstoned(ctx, consensus)) return;
    slashing.punishDoubleSign(ctx, consensus, fault.power, fault.height);
    this.save(ctx, fault);
  }

  /** Whether the validator of a fault can never come back. */
  isPunished(ctx: Read, { consensusAddress }: Equivocation): boolean {
    return this.#uses.slashing.isTombstoned(ctx, ctx.addresses.parseConsensus(consensusAddress));
  }

  /** Keeps a fault under its hash. */
  save(ctx: Write, fault: Equivocation): void {
    state.faults.set(ctx, this.hashOf(fault), packAny("cosmos.evidence.v1beta1.Equivocation", fault));
  }

  /** The 32 bytes by which a fault is known. */
  hashOf(fault: Equivocation): Uint8Array {
    return this.#uses.hasher.hash(encode("cosmos.evidence.v1beta1.Equivocation", fault));
  }

  /** Old by both measures: then the stake behind it may have left already (CometBFT's rule for evidence). */
  #isTooOld(ctx: Read, height: bigint, time: Timestamp): boolean {
    const limits = ctx.consensusParams.evidence;
    if (limits === undefined) return false;
    const age = nanosecondsBetween(time, ctx.time);
    const isOldInTime = age > durationToNanoseconds(limits.maxAgeDuration ?? { seconds: 0n, nanos: 0 });
    return isOldInTime && ctx.height - height > limits.maxAgeNumBlocks;
  }
}

/** At the beginning of a block: what the engine proved. */
export function handleMisbehavior(keeper: EvidenceKeeper, ctx: BlockWrite): void {
  for (const { type, validator, height, time } of ctx.block.misbehavior) {
    if (!PUNISHED.has(type) || validator === undefined) continue;
    const consensusAddress = ctx.addresses.consensus(validator.address);
    keeper.handle(ctx, { height, time, power: validator.power, consensusAddress });
  }
}
