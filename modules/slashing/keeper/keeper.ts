// Owns: who signed and who did not, what missing too many blocks costs, the jail, and coming back (x/slashing/keeper of the SDK 0.53).
// Does not own: the stake that is burnt (staking), the proof of a double signature (evidence).

import type { BlockWrite, Read, Write } from "../../../chain/module/context.ts";
import type { Dec } from "../../../chain/types/dec.ts";
import { addNanoseconds, durationToNanoseconds, type Timestamp } from "../../../chain/types/time.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import type { StakingHooks } from "../../staking/hooks.ts";
import { errors } from "../errors.ts";
import { DOUBLE_SIGN_JAIL_END } from "../limits.ts";
import { fractionOf, type Params, type SigningInfo, state } from "../state.ts";
import { forgetMissed, hasMissed, setMissed } from "./missed-blocks.ts";

type Validator = Messages["cosmos.staking.v1beta1.Validator"];

/** A fault as staking is told of it. */
interface Fault {
  readonly consensus: Uint8Array;
  readonly height: bigint;
  readonly power: bigint;
  readonly fraction: Dec;
}

/** What slashing needs from staking, and no more. */
export interface SlashingUses {
  readonly staking: {
    findByConsensusAddress(ctx: Read, consensus: Uint8Array): Validator | undefined;
    find(ctx: Read, operator: Uint8Array): Validator | undefined;
    all(ctx: Read): Iterable<Validator>;
    consensusKey(validator: Validator): { readonly address: Uint8Array };
    jail(ctx: Write, validator: Validator): Validator;
    unjail(ctx: Write, validator: Validator): void;
    slash(ctx: Write, fault: Fault): bigint;
    /** What the operator staked with its own validator is worth, rounded down; undefined when it staked nothing. */
    selfDelegation(ctx: Read, operator: Uint8Array): bigint | undefined;
  };
}

/** cosmos.staking.v1beta1.Infraction as the `slash` event words it. */
type Reason = "missing_signature" | "double_sign";

/** tendermint.types.BlockIDFlag: the validator gave no vote. */
const ABSENT = 1;
/** Updates of the set take effect one height later than they are given (sdk.ValidatorUpdateDelay). */
const VALIDATOR_UPDATE_DELAY = 1n;
const THE_EPOCH: Timestamp = { seconds: 0n, nanos: 0 };

export class SlashingKeeper {
  readonly staking: SlashingUses["staking"];

  constructor({ staking }: SlashingUses) {
    this.staking = staking;
  }

  params(ctx: Read): Params {
    const params = state.params.get(ctx);
    if (params === undefined) throw new Error("slashing has no parameters: genesis was not run");
    return params;
  }

  signingInfo(ctx: Read, consensus: Uint8Array): SigningInfo | undefined {
    return state.signingInfos.get(ctx, consensus);
  }

  /** Keeps the key of every validator there is, as a genesis begins with them. */
  rememberKeys(ctx: Write): void {
    for (const validator of [...this.staking.all(ctx)]) this.#rememberKey(ctx, validator);
  }

  /** The key that a validator of this consensus address was created with, while it exists. */
  hasKey(ctx: Read, consensus: Uint8Array): boolean {
    return state.publicKeys.has(ctx, consensus);
  }

  isTombstoned(ctx: Read, consensus: Uint8Array): boolean {
    return this.signingInfo(ctx, consensus)?.tombstoned === true;
  }

  /** Counts one validator's part in the last commit, and punishes it when it missed too many (HandleValidatorSignature). */
  noteSignature(ctx: BlockWrite, consensus: Uint8Array, power: bigint, blockIdFlag: number): void {
    const validator = this.staking.findByConsensusAddress(ctx, consensus);
    if (validator === undefined || validator.jailed) return;
    const params = this.params(ctx);
    const window = params.signedBlocksWindow;
    const before = this.signingInfo(ctx, consensus) ?? this.#newInfo(ctx, consensus);
    const index = before.indexOffset % window;
    const missed = blockIdFlag === ABSENT;
    const change = Number(missed) - Number(hasMissed(ctx, consensus, index));
    if (change !== 0) setMissed(ctx, consensus, index, missed);
    const info: SigningInfo = {
      ...before,
      indexOffset: before.indexOffset + 1n,
      missedBlocksCounter: before.missedBlocksCounter + BigInt(change),
    };
    if (missed) {
      ctx.emit("liveness", [
        ["address", ctx.addresses.consensus(consensus)],
        ["missed_blocks", info.missedBlocksCounter.toString()],
        ["height", ctx.height.toString()],
      ]);
    }
    const minSigned = fractionOf(params.minSignedPerWindow).mulInt(window).roundInt();
    const isDown = ctx.height > info.startHeight + window && info.missedBlocksCounter > window - minSigned;
    state.signingInfos.set(ctx, consensus, isDown ? this.#punishDowntime(ctx, validator, power, info) : info);
  }

  /** Slashes, jails and tombstones a validator that signed two blocks of one height. The fault's height is that of the stake behind it. */
  punishDoubleSign(ctx: Write, consensus: Uint8Array, power: bigint, infractionHeight: bigint): void {
    const fraction = fractionOf(this.params(ctx).slashFractionDoubleSign);
    const height = infractionHeight - VALIDATOR_UPDATE_DELAY;
    const burnt = this.staking.slash(ctx, { consensus, height, power, fraction });
    this.#emitSlash(ctx, consensus, power, "double_sign", burnt, false);
    const validator = this.staking.findByConsensusAddress(ctx, consensus);
    if (validator !== undefined && !validator.jailed) {
      this.staking.jail(ctx, validator);
      ctx.emit("slash", [["jailed", ctx.addresses.consensus(consensus)]]);
    }
    const info = this.signingInfo(ctx, consensus) ?? this.#newInfo(ctx, consensus);
    state.signingInfos.set(ctx, consensus, { ...info, jailedUntil: DOUBLE_SIGN_JAIL_END, tombstoned: true });
  }

  /** What slashing wants to hear from staking. */
  readonly hooks: Partial<StakingHooks> = {
    afterValidatorCreated: (ctx, operator) => {
      const validator = this.staking.find(ctx, operator);
      if (validator === undefined) return;
      // A key that signed two blocks of one height is believed nothing any more: evidence against it would not be heard a second time.
      if (this.isTombstoned(ctx, this.staking.consensusKey(validator).address))
        throw errors.validatorTombstoned.because(
          `the key of ${validator.operatorAddress} signed two blocks of one height`,
        );
      this.#rememberKey(ctx, validator);
    },
    afterValidatorRemoved: (ctx, consensus) => state.publicKeys.delete(ctx, consensus),
    afterValidatorBonded: (ctx, consensus) => {
      const known = this.signingInfo(ctx, consensus);
      const info = known === undefined ? this.#newInfo(ctx, consensus) : { ...known, startHeight: ctx.height };
      state.signingInfos.set(ctx, consensus, info);
    },
  };

  #rememberKey(ctx: Write, validator: Validator): void {
    if (validator.consensusPubkey === undefined) return;
    state.publicKeys.set(ctx, this.staking.consensusKey(validator).address, validator.consensusPubkey);
  }

  #newInfo(ctx: Read, consensus: Uint8Array): SigningInfo {
    return {
      address: ctx.addresses.consensus(consensus),
      startHeight: ctx.height,
      indexOffset: 0n,
      jailedUntil: THE_EPOCH,
      tombstoned: false,
      missedBlocksCounter: 0n,
    };
  }

  #punishDowntime(ctx: Write, validator: Validator, power: bigint, info: SigningInfo): SigningInfo {
    const { address: consensus } = this.staking.consensusKey(validator);
    const params = this.params(ctx);
    const fraction = fractionOf(params.slashFractionDowntime);
    // The stake that signed is that of one block before the last commit's; it may lie before the first, where nothing had left yet.
    const height = ctx.height - VALIDATOR_UPDATE_DELAY - 1n;
    const burnt = this.staking.slash(ctx, { consensus, height, power, fraction });
    this.#emitSlash(ctx, consensus, power, "missing_signature", burnt, true);
    const slashed = this.staking.findByConsensusAddress(ctx, consensus);
    if (slashed !== undefined && !slashed.jailed) this.staking.jail(ctx, slashed);
    forgetMissed(ctx, consensus);
    const jailedUntil = addNanoseconds(ctx.time, durationToNanoseconds(params.downtimeJailDuration));
    return { ...info, jailedUntil, missedBlocksCounter: 0n, indexOffset: 0n };
  }

  #emitSlash(ctx: Write, consensus: Uint8Array, power: bigint, reason: Reason, burnt: bigint, jailed: boolean): void {
    const address = ctx.addresses.consensus(consensus);
    ctx.emit("slash", [
      ["address", address],
      ["power", power.toString()],
      ["reason", reason],
      ...(jailed ? ([["jailed", address]] as const) : []),
      ["burned_coins", burnt.toString()],
    ]);
  }
}

/** At the beginning of a block: who signed the one before. */
export function countSignatures(keeper: SlashingKeeper, ctx: BlockWrite): void {
  for (const { validator, blockIdFlag } of ctx.block.lastCommit.votes)
    keeper.noteSignature(ctx, validator.address, validator.power, blockIdFlag);
}
