/**
 * Owns the headers a node may build on that has no chain yet: from one the operator trusts, by the light client's rules, and the same at
 * a second server at least. Servers that fail are passed over; two that both prove different headers stop everything, for then a third of
 * the validators lies. Does not own the rules (chain/light) nor the asking (node/light/rpc-source.ts). Source: CometBFT light/client.go, detector.go.
 */
import { walkToHeight } from "../../chain/light/bisection.ts";
import {
  DEFAULT_TRUST_LEVEL,
  isHeaderExpired,
  LightClientError,
  type TrustOptions,
} from "../../chain/light/verifier.ts";
import { upperHex } from "../../chain/types/block-id.ts";
import { verifyCommitLight } from "../../chain/types/commit.ts";
import type { Verifier } from "../../chain/types/crypto.ts";
import { ValidationError } from "../../chain/types/errors.ts";
import { headerHash } from "../../chain/types/header.ts";
import { type LightBlock, validateLightBlock } from "../../chain/types/light-block.ts";
import { equalBytes } from "../../proto/bytes.ts";
import { type LightSource, LightSourceError } from "../light/rpc-source.ts";
import type { Logger } from "../log.ts";
import type { Clock } from "../ports.ts";
import { LIGHT_POLL_MS, MAX_LIGHT_POLLS } from "./limits.ts";

const MAX_CLOCK_DRIFT_NANOSECONDS = 10_000_000_000n;

/** What the operator trusts (`[statesync]` of config.toml). */
export interface TrustRoot {
  readonly chainId: string;
  readonly height: bigint;
  readonly hash: Uint8Array;
  /** Nanoseconds. */
  readonly period: bigint;
}

/** Nothing can be trusted as things are; the message says what to do. Trying again is of no use. */
export class TrustError extends Error {
  override readonly name = "TrustError";
}

export class TrustedHeaders {
  readonly #root: TrustRoot;
  readonly #needs: { readonly verifier: Verifier; readonly clock: Pick<Clock, "now">; readonly log: Logger };
  /** In the order they are asked; one that gave something false is dropped. */
  #sources: readonly LightSource[];

  constructor(
    root: TrustRoot,
    sources: readonly LightSource[],
    needs: { readonly verifier: Verifier; readonly clock: Pick<Clock, "now">; readonly log: Logger },
  ) {
    this.#root = root;
    this.#sources = sources;
    this.#needs = needs;
  }

  /**
   * The light block of a height, proven by one server and shown alike by another. Rejects with LightSourceError while too few
   * servers answer, with TrustError when going on would be wrong.
   */
  async lightBlock(height: bigint): Promise<LightBlock> {
    if (height < this.#root.height) throw new LightSourceError(`height ${height} is below the trusted one`);
    const failures: string[] = [];
    for (const primary of this.#sources) {
      try {
        const proven = await this.#prove(primary, height);
        await this.#compare(primary, proven);
        return proven;
      } catch (error) {
        this.#judge(primary, error);
        failures.push((error as Error).message);
      }
    }
    if (this.#sources.length < 2) {
      throw new TrustError(
        `fewer than two of the servers in statesync.rpc_servers can be believed: ${failures.join("; ")}. Name others, or check trust_height and trust_hash. Nothing was changed`,
      );
    }
    throw new LightSourceError(failures.join("; "));
  }

  /** Rethrows what ends everything; drops a server that gave something false. */
  #judge(source: LightSource, error: unknown): void {
    if (error instanceof LightSourceError) return;
    const isFalse = error instanceof ValidationError || error instanceof LightClientError;
    if (!isFalse || (error instanceof LightClientError && error.reason === "expired")) throw error;
    this.#needs.log.warn(
      { server: source.name, reason: error.message },
      "a state sync server is not believed any more",
    );
    this.#sources = this.#sources.filter((other) => other !== source);
  }

  /** From the trusted block to this height by one server's headers. */
  async #prove(source: LightSource, height: bigint): Promise<LightBlock> {
    const trusted = await this.#trusted(source);
    const walk = walkToHeight(trusted, height, this.#options());
    let turn = walk.next();
    while (turn.done !== true) turn = walk.next(await whenThere(() => source.lightBlock(turn.value as bigint)));
    return turn.value[turn.value.length - 1]!;
  }

  async #trusted(source: LightSource): Promise<LightBlock> {
    const { chainId, height, hash, period } = this.#root;
    const block = await source.lightBlock(height);
    const { header, commit } = block.signedHeader;
    validateLightBlock(block, chainId);
    if (!equalBytes(headerHash(header) ?? new Uint8Array(), hash)) {
      throw new ValidationError(
        `its block ${height} is ${upperHex(commit.blockId.hash)}, not ${upperHex(hash)} as statesync.trust_hash says`,
      );
    }
    verifyCommitLight(chainId, block.validators, commit.blockId, height, commit, this.#needs.verifier);
    if (isHeaderExpired(header, period, this.#needs.clock.now())) {
      throw new TrustError(
        `the trusted block ${height} is older than statesync.trust_period: set trust_height and trust_hash to a newer block, learned from somebody you trust. Nothing was changed`,
      );
    }
    return block;
  }

  /** Every other server is asked for the same header. One at least must show it, and none may prove another. */
  async #compare(primary: LightSource, proven: LightBlock): Promise<void> {
    const { height } = proven.signedHeader.header;
    const hash = proven.signedHeader.commit.blockId.hash;
    let confirmations = 0;
    const failures: string[] = [];
    for (const witness of this.#sources) {
      if (witness === primary) continue;
      try {
        const { header } = (await whenThere(() => witness.lightBlock(height))).signedHeader;
        if (equalBytes(headerHash(header) ?? new Uint8Array(), hash)) {
          confirmations++;
          continue;
        }
        const other = await this.#prove(witness, height);
        throw new TrustError(
          `${primary.name} and ${witness.name} both prove a block ${height}, ${upperHex(hash)} and ${upperHex(other.signedHeader.commit.blockId.hash)}: validators have signed two chains. Nothing was changed; find out which one is right before anything else`,
        );
      } catch (error) {
        this.#judge(witness, error);
        failures.push((error as Error).message);
      }
    }
    if (confirmations === 0) {
      throw new LightSourceError(
        `no second server shows block ${height} as ${primary.name} does: ${failures.join("; ")}`,
      );
    }
  }

  #options(): TrustOptions {
    return {
      trustLevel: DEFAULT_TRUST_LEVEL,
      trustingPeriod: this.#root.period,
      maxClockDrift: MAX_CLOCK_DRIFT_NANOSECONDS,
      now: this.#needs.clock.now(),
      verifier: this.#needs.verifier,
    };
  }
}

/** Asks again for a while: the newest heights reach one server a little after another. */
async function whenThere<Result>(ask: () => Promise<Result>): Promise<Result> {
  for (let poll = 1; ; poll++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof LightSourceError) || poll >= MAX_LIGHT_POLLS) throw error;
      await new Promise((resolve) => setTimeout(resolve, LIGHT_POLL_MS));
    }
  }
}
