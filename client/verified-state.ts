/**
 * Owns reading a chain's state without trusting the node that answers: every value comes with an ICS-23 proof against the
 * app hash of a header, and every header is checked by a light client from one the caller trusts. It runs in browsers:
 * the connection is CosmJS's `Comet38Client`, or anything of that shape. (The codec compiles readers with `new Function`;
 * under a strict Content-Security-Policy allow it, or verify elsewhere.)
 */

import { type LightWalk, walkToHeight } from "../chain/light/bisection.ts";
import { DEFAULT_TRUST_LEVEL, type TrustOptions } from "../chain/light/verifier.ts";
import { type QueryProofOp, verifyQueryProof } from "../chain/store/proof.ts";
import { BLOCK_ID_FLAG_ABSENT, type CommitSig, verifyCommitLight } from "../chain/types/commit.ts";
import { nobleVerifier } from "../chain/types/crypto.ts";
import { type Header, headerHash } from "../chain/types/header.ts";
import { type LightBlock, validateLightBlock } from "../chain/types/light-block.ts";
import { type Timestamp, timeFromMilliseconds, ZERO_TIME } from "../chain/types/time.ts";
import { compareByPower, newValidator, publicKeyOf } from "../chain/types/validator.ts";
import { equalBytes, hex, utf8 } from "../proto/bytes.ts";

/** A time as CosmJS gives it: milliseconds, and the nanoseconds beyond them. */
interface RemoteTime {
  getTime(): number;
  readonly nanoseconds?: number;
}

interface RemoteBlockId {
  readonly hash: Uint8Array;
  readonly parts: { readonly total: number; readonly hash: Uint8Array };
}

interface RemoteHeader {
  readonly version: { readonly block: number; readonly app: number };
  readonly chainId: string;
  readonly height: number;
  readonly time: RemoteTime;
  readonly lastBlockId: RemoteBlockId | null;
  readonly lastCommitHash: Uint8Array;
  readonly dataHash: Uint8Array;
  readonly validatorsHash: Uint8Array;
  readonly nextValidatorsHash: Uint8Array;
  readonly consensusHash: Uint8Array;
  readonly appHash: Uint8Array;
  readonly lastResultsHash: Uint8Array;
  readonly evidenceHash: Uint8Array;
  readonly proposerAddress: Uint8Array;
}

interface RemoteCommitSignature {
  readonly blockIdFlag: number;
  readonly validatorAddress: Uint8Array | undefined;
  readonly timestamp: RemoteTime | undefined;
  readonly signature: Uint8Array | undefined;
}

/** What is asked of a node; CosmJS's `Comet38Client` has it. */
export interface StateSource {
  status(): Promise<{ readonly syncInfo: { readonly latestBlockHeight: number } }>;
  commit(height: number): Promise<{
    readonly header: RemoteHeader;
    readonly commit: {
      readonly blockId: RemoteBlockId;
      readonly height: number;
      readonly round: number;
      readonly signatures: readonly RemoteCommitSignature[];
    };
  }>;
  validatorsAll(height: number): Promise<{
    readonly validators: readonly {
      readonly pubkey?: { readonly algorithm: "ed25519" | "secp256k1"; readonly data: Uint8Array };
      readonly votingPower: bigint;
    }[];
  }>;
  abciQuery(request: {
    readonly path: string;
    readonly data: Uint8Array;
    readonly height?: number;
    readonly prove?: boolean;
  }): Promise<{
    readonly value: Uint8Array;
    readonly height?: number;
    readonly code?: number;
    readonly log?: string;
    readonly proof?: { readonly ops: readonly QueryProofOp[] };
  }>;
}

/** A value that was checked, with everything it was checked with. */
export interface VerifiedValue {
  /** Undefined when the key was proven to be absent. */
  readonly value: Uint8Array | undefined;
  /** The height whose state holds the value. */
  readonly height: number;
  /** The header after it, which carries the app hash. */
  readonly header: Header;
  readonly ops: readonly QueryProofOp[];
}

/** How long a header is trusted: less than the three weeks in which a validator that lied can be punished. */
const TRUSTING_PERIOD_NANOSECONDS = 14n * 24n * 3600n * 1_000_000_000n;
const MAX_CLOCK_DRIFT_NANOSECONDS = 10n * 1_000_000_000n;
/** How often, and how many times, the header after a state is asked for before it is given up. */
const POLL_MILLISECONDS = 150;
const MAX_POLLS = 200;

/** A light client over one node. */
export class VerifiedState {
  readonly #source: StateSource;
  #trusted: LightBlock;

  private constructor(source: StateSource, trusted: LightBlock) {
    this.#source = source;
    this.#trusted = trusted;
  }

  /** The height that is trusted now. */
  get trustedHeight(): bigint {
    return this.#trusted.signedHeader.header.height;
  }

  /**
   * Begins from a block. With its hash, learned elsewhere, nothing is taken on faith; without, the node's word at this
   * moment is what is trusted, and a node that lies later is caught.
   */
  static async from(source: StateSource, height: number, hash?: Uint8Array): Promise<VerifiedState> {
    const block = await fetchLightBlock(source, height);
    const { header, commit } = block.signedHeader;
    validateLightBlock(block, header.chainId);
    verifyCommitLight(header.chainId, block.validators, commit.blockId, header.height, commit, nobleVerifier);
    if (hash !== undefined && !equalBytes(headerHash(header) ?? new Uint8Array(0), hash)) {
      throw new Error(`block ${height} is not the trusted block ${hex(hash)}`);
    }
    return new VerifiedState(source, block);
  }

  /** The header at a height, verified from the one trusted now, which it replaces when it is higher. */
  async header(height: number): Promise<Header> {
    const blocks = await this.#walk(walkToHeight(this.#trusted, BigInt(height), this.#options()));
    const last = blocks[blocks.length - 1]!;
    this.#trusted = last;
    return last.signedHeader.header;
  }

  /** The value of a key in a store's latest state, or its proven absence. Throws when any check fails. */
  async read(store: string, key: Uint8Array): Promise<VerifiedValue> {
    const answer = await this.#source.abciQuery({ path: `/store/${store}/key`, data: key, prove: true });
    if (answer.code !== undefined && answer.code !== 0) throw new Error(`query refused: ${answer.log ?? answer.code}`);
    const { height, proof } = answer;
    if (height === undefined || proof === undefined) throw new Error("the answer has no proof");
    await this.#waitFor(height + 1);
    const header = await this.header(height + 1);
    const value = answer.value.length === 0 ? undefined : answer.value;
    verifyQueryProof(header.appHash, utf8(store), key, value, proof.ops);
    return { value, height, header, ops: proof.ops };
  }

  async #walk(walk: LightWalk): Promise<readonly LightBlock[]> {
    let turn = walk.next();
    while (turn.done !== true) turn = walk.next(await fetchLightBlock(this.#source, Number(turn.value)));
    return turn.value;
  }

  async #waitFor(height: number): Promise<void> {
    for (let poll = 0; poll < MAX_POLLS; poll++) {
      const { syncInfo } = await this.#source.status();
      if (syncInfo.latestBlockHeight >= height) return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
    }
    throw new Error(`block ${height} did not come`);
  }

  #options(): TrustOptions {
    return {
      trustLevel: DEFAULT_TRUST_LEVEL,
      trustingPeriod: TRUSTING_PERIOD_NANOSECONDS,
      maxClockDrift: MAX_CLOCK_DRIFT_NANOSECONDS,
      now: timeFromMilliseconds(BigInt(Date.now())),
      verifier: nobleVerifier,
    };
  }
}

async function fetchLightBlock(source: StateSource, height: number): Promise<LightBlock> {
  const [{ header, commit }, { validators: remote }] = await Promise.all([
    source.commit(height),
    source.validatorsAll(height),
  ]);
  const validators = remote
    .map(({ pubkey, votingPower }) => {
      if (pubkey === undefined) throw new Error("a validator has no key");
      return newValidator(publicKeyOf(pubkey.algorithm, pubkey.data), votingPower);
    })
    .sort(compareByPower);
  return {
    signedHeader: {
      header: headerOf(header),
      commit: {
        height: BigInt(commit.height),
        round: commit.round,
        blockId: blockIdOf(commit.blockId),
        signatures: commit.signatures.map(commitSigOf),
      },
    },
    validators: {
      validators,
      // Who proposes is part of no header; the type asks for someone.
      proposer: validators[0],
      totalVotingPower: validators.reduce((sum, { votingPower }) => sum + votingPower, 0n),
    },
  };
}

function headerOf(header: RemoteHeader): Header {
  return {
    ...header,
    version: { block: BigInt(header.version.block), app: BigInt(header.version.app) },
    height: BigInt(header.height),
    time: timeOf(header.time),
    lastBlockId: blockIdOf(header.lastBlockId),
  };
}

function blockIdOf(blockId: RemoteBlockId | null): Header["lastBlockId"] {
  if (blockId === null) return { hash: new Uint8Array(0), partSetHeader: { total: 0, hash: new Uint8Array(0) } };
  return { hash: blockId.hash, partSetHeader: blockId.parts };
}

function commitSigOf(signature: RemoteCommitSignature): CommitSig {
  const nothing = new Uint8Array(0);
  const isAbsent = signature.blockIdFlag === BLOCK_ID_FLAG_ABSENT;
  return {
    blockIdFlag: signature.blockIdFlag,
    validatorAddress: signature.validatorAddress ?? nothing,
    timestamp: isAbsent || signature.timestamp === undefined ? ZERO_TIME : timeOf(signature.timestamp),
    signature: signature.signature ?? nothing,
  };
}

function timeOf(time: RemoteTime): Timestamp {
  const { seconds, nanos } = timeFromMilliseconds(BigInt(time.getTime()));
  return { seconds, nanos: nanos + (time.nanoseconds ?? 0) };
}
