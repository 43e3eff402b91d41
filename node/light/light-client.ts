/**
 * Owns following a chain by its headers alone: from one trusted header on, every newer one is verified
 * (chain/light), and compared with what independent witnesses say before it is believed. Does not own fetching
 * (rpc-source.ts) nor the verification itself. Source: CometBFT light/client.go and light/detector.go.
 */

import { walkEveryHeight, walkToHeight } from "../../chain/light/bisection.ts";
import { LightClientError, type TrustOptions } from "../../chain/light/verifier.ts";
import { upperHex } from "../../chain/types/block-id.ts";
import { verifyCommitLight } from "../../chain/types/commit.ts";
import { headerHash } from "../../chain/types/header.ts";
import { type LightBlock, validateLightBlock } from "../../chain/types/light-block.ts";
import type { Timestamp } from "../../chain/types/time.ts";
import { equalBytes } from "../../proto/bytes.ts";
import { type LightSource, LightSourceError } from "./rpc-source.ts";

/** What a light client is told by whoever runs it. */
export interface LightClientOptions extends Omit<TrustOptions, "now"> {
  readonly chainId: string;
  /** Whether every header on the way is verified, not only as many as trust needs. */
  readonly sequential?: boolean;
}

/** Whom it asks, and the clock. */
export interface LightClientNeeds {
  readonly primary: LightSource;
  readonly witnesses: readonly LightSource[];
  readonly now: () => Timestamp;
  /** Told of what a person should know: a witness that lags, fails or is dropped. */
  readonly warn: (text: string) => void;
}

/** Two sources both prove a different header: more than a third of the power signed two chains, or a node is attacked. */
export class LightAttackError extends Error {
  override readonly name = "LightAttackError";
}

/** The header could not be verified, or nobody confirmed it. Nothing was trusted that was not before. */
export class LightFailure extends Error {
  override readonly name = "LightFailure";
}

/** A light client that trusts `trusted`, and newer headers as they are verified. */
export class LightClient {
  private readonly options: LightClientOptions;
  private readonly needs: LightClientNeeds;
  private witnesses: readonly LightSource[];
  private newest: LightBlock;

  private constructor(options: LightClientOptions, needs: LightClientNeeds, trusted: LightBlock) {
    this.options = options;
    this.needs = needs;
    this.witnesses = needs.witnesses;
    this.newest = trusted;
  }

  /** Begins at a header whose hash the operator vouches for. Throws LightFailure when the primary has another. */
  static async start(
    options: LightClientOptions,
    needs: LightClientNeeds,
    trust: { readonly height: bigint; readonly hash: Uint8Array },
  ): Promise<LightClient> {
    const block = await needs.primary.lightBlock(trust.height);
    const hash = headerHash(block.signedHeader.header) ?? new Uint8Array(0);
    if (!equalBytes(hash, trust.hash)) {
      throw new LightFailure(
        `the trusted header ${trust.height} has the hash ${upperHex(trust.hash)}, but ${needs.primary.name} has ${upperHex(hash)} there`,
      );
    }
    try {
      validateLightBlock(block, options.chainId);
      const { commit } = block.signedHeader;
      verifyCommitLight(options.chainId, block.validators, commit.blockId, trust.height, commit, options.verifier);
    } catch (error) {
      throw new LightFailure(
        `the trusted header ${trust.height} of ${needs.primary.name}: ${(error as Error).message}`,
      );
    }
    return new LightClient(options, needs, block);
  }

  /** The newest header that is trusted, with its validators. */
  get trusted(): LightBlock {
    return this.newest;
  }

  /** Witnesses that were not dropped. */
  get witnessNames(): readonly string[] {
    return this.witnesses.map(({ name }) => name);
  }

  /**
   * Verifies up to the primary's newest header, or up to `height`. Returns the header that is trusted afterwards; the
   * same as before when there is no newer one. Throws LightFailure, LightSourceError or LightAttackError.
   */
  async update(height?: bigint): Promise<LightBlock> {
    const { primary } = this.needs;
    const target = height ?? (await primary.lightBlock(undefined)).signedHeader.header.height;
    if (target <= this.newest.signedHeader.header.height) return this.newest;
    const trace = await this.walk(primary, target);
    const verified = trace.at(-1) ?? this.newest;
    await this.confirm(verified);
    this.newest = verified;
    return verified;
  }

  /** The walk from the trusted header to `height`, with blocks of one source. */
  private async walk(source: LightSource, height: bigint): Promise<readonly LightBlock[]> {
    const options = { ...this.options, now: this.needs.now() };
    const walk = (this.options.sequential === true ? walkEveryHeight : walkToHeight)(this.newest, height, options);
    try {
      let turn = walk.next();
      while (turn.done !== true) turn = walk.next(await source.lightBlock(turn.value));
      return turn.value;
    } catch (error) {
      if (error instanceof LightClientError) throw new LightFailure(`${source.name}: ${error.message}`);
      throw error;
    }
  }

  /**
   * Asks every witness for the same height. One that has another header must prove it: if it can, there are two chains
   * and nothing is trusted; if it cannot, it is dropped. At least one must confirm, where there are any.
   */
  private async confirm(verified: LightBlock): Promise<void> {
    if (this.needs.witnesses.length === 0) return;
    const { header } = verified.signedHeader;
    const hash = headerHash(header) ?? new Uint8Array(0);
    let confirmed = 0;
    for (const witness of this.witnesses) {
      let other: LightBlock;
      try {
        other = await witness.lightBlock(header.height);
      } catch (error) {
        if (!(error instanceof LightSourceError)) throw error;
        this.needs.warn(`witness ${witness.name} did not confirm height ${header.height}: ${error.message}`);
        continue;
      }
      const otherHash = headerHash(other.signedHeader.header) ?? new Uint8Array(0);
      if (equalBytes(otherHash, hash)) confirmed += 1;
      else await this.settle(witness, header.height, { primary: hash, witness: otherHash });
    }
    if (confirmed === 0) {
      throw new LightFailure(`no witness confirmed header ${header.height}, so it is not trusted yet`);
    }
  }

  private async settle(
    witness: LightSource,
    height: bigint,
    hashes: { readonly primary: Uint8Array; readonly witness: Uint8Array },
  ): Promise<void> {
    try {
      await this.walk(witness, height);
    } catch (error) {
      if (!(error instanceof LightFailure) && !(error instanceof LightSourceError)) throw error;
      this.witnesses = this.witnesses.filter((one) => one !== witness);
      this.needs.warn(
        `witness ${witness.name} shows a header ${height} that it cannot prove and is dropped: ${error.message}`,
      );
      return;
    }
    throw new LightAttackError(
      `two proven headers at height ${height}: ${upperHex(hashes.primary)} by ${this.needs.primary.name}, ${upperHex(hashes.witness)} by ${witness.name}. ` +
        "More than a third of the voting power signed both, or this client's trusted header is of neither chain. Nothing newer is trusted; ask the chain's operators before going on",
    );
  }
}
