/**
 * What the consensus engine tells the application, without the engine: which validators sign which height, who of them is away, who proposes, and
 * who is caught signing twice. Owns no rule of consensus but one: what a block says of the set holds two heights later.
 */
import { publicKeyAddress } from "../../chain/types/public-key.ts";
import type { Timestamp } from "../../chain/types/time.ts";
import { hex } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { Random } from "../sim/random.ts";

type Update = Messages["tendermint.abci.ValidatorUpdate"];

interface Member {
  readonly key: Uint8Array;
  readonly address: Uint8Array;
  readonly power: bigint;
}

type ValidatorSet = ReadonlyMap<string, Member>;

/** What FinalizeBlock is asked with, beside the transactions. */
export interface BlockFacts {
  readonly decidedLastCommit: Messages["tendermint.abci.CommitInfo"];
  readonly misbehavior: Messages["tendermint.abci.Misbehavior"][];
  readonly proposerAddress: Uint8Array;
}

/** tendermint.types.BlockIDFlag. */
const [ABSENT, COMMIT, NIL] = [1, 2, 3] as const;
const UPDATE_DELAY = 2n;
/** How many heights back a double signature is still proven. */
const EVIDENCE_HEIGHTS = 8;
const FALLS_SILENT = 0.02;
const COMES_BACK = 0.05;
const SIGNS_TWICE = 0.01;
const EMPTY: ValidatorSet = new Map();

export class Engine {
  readonly #random: Random;
  /** Who signs a height. */
  readonly #sets = new Map<bigint, ValidatorSet>();
  readonly #times = new Map<bigint, Timestamp>();
  readonly #silent = new Set<string>();
  /** The validator that must not fall: the chain would stand still without any. */
  readonly #anchor: string;
  #latest: ValidatorSet = EMPTY;
  doubleSignatures = 0;

  constructor(random: Random, anchorKey: Uint8Array) {
    this.#random = random;
    this.#anchor = hex(publicKeyAddress("ed25519", anchorKey));
  }

  /** The last set the application asked for, as a genesis would name it. */
  get latest(): Update[] {
    return [...this.#latest.values()].map(({ key, power }) => ({ pubKey: { ed25519: key }, power }));
  }

  /** Takes a block's answer. Throws when it leaves nobody to sign, or names a validator it cannot. */
  finished(height: bigint, time: Timestamp, updates: readonly Update[]): void {
    const next = new Map(this.#latest);
    for (const { pubKey, power } of updates) {
      const key = pubKey?.ed25519;
      if (key === undefined || power < 0n)
        throw new Error("an update of a validator names no ed25519 key or a power below zero");
      const address = publicKeyAddress("ed25519", key);
      if (power > 0n) next.set(hex(address), { key, address, power });
      else if (!next.delete(hex(address))) throw new Error(`validator ${hex(address)} leaves a set it is not in`);
    }
    if (this.#latest.size > 0 && next.size === 0) throw new Error("the application leaves the set of validators empty");
    this.#latest = next;
    this.#sets.set(height + UPDATE_DELAY, next);
    this.#times.set(height, time);
    this.#sets.delete(height - BigInt(EVIDENCE_HEIGHTS) - 1n);
    this.#times.delete(height - BigInt(EVIDENCE_HEIGHTS) - 1n);
  }

  /** What the block of this height is told. */
  factsOf(height: bigint): BlockFacts {
    const signers = this.#sets.get(height - 1n) ?? EMPTY;
    this.#changeWhoIsSilent(signers);
    const votes = [...signers].map(([name, { address, power }]) => ({
      validator: { address, power },
      blockIdFlag: this.#silent.has(name) ? ABSENT : this.#random.chance(0.01) ? NIL : COMMIT,
    }));
    const proposers = [...(this.#sets.get(height) ?? EMPTY).values()];
    return {
      decidedLastCommit: { round: this.#random.below(3), votes },
      misbehavior: this.#random.chance(SIGNS_TWICE) ? this.#doubleSignature(height) : [],
      proposerAddress: proposers.length > 0 ? this.#random.pick(proposers).address : new Uint8Array(20),
    };
  }

  /** Fewer than a third of the power are away at a time: more, and there would be no block. */
  #changeWhoIsSilent(signers: ValidatorSet): void {
    let away = 0n;
    for (const [name, { power }] of signers) if (this.#silent.has(name)) away += power;
    const total = totalOf(signers);
    for (const [name, { power }] of signers) {
      const fate = this.#random.next();
      if (this.#silent.has(name)) {
        if (fate < COMES_BACK || away * 3n >= total) {
          this.#silent.delete(name);
          away -= power;
        }
      } else if (fate < FALLS_SILENT && name !== this.#anchor && (away + power) * 3n < total) {
        this.#silent.add(name);
        away += power;
      }
    }
  }

  #doubleSignature(height: bigint): Messages["tendermint.abci.Misbehavior"][] {
    const at = height - 1n - BigInt(this.#random.below(EVIDENCE_HEIGHTS));
    const signers = this.#sets.get(at) ?? EMPTY;
    const time = this.#times.get(at);
    const total = totalOf(signers);
    const liars = [...signers].filter(([name, { power }]) => name !== this.#anchor && power * 3n < total);
    if (time === undefined || liars.length === 0) return [];
    const [, { address, power }] = this.#random.pick(liars);
    this.doubleSignatures += 1;
    const fault = { type: 1, validator: { address, power }, height: at, time, totalVotingPower: total };
    // The engine may prove the same twice, and a fault that is punished must not be again.
    return this.#random.chance(0.2) ? [fault, fault] : [fault];
  }
}

function totalOf(signers: ValidatorSet): bigint {
  let total = 0n;
  for (const { power } of signers.values()) total += power;
  return total;
}
