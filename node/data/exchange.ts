/**
 * Owns the exchange of data blocks between peers: telling which blocks are here, giving slices of them, and fetching blocks of others,
 * each checked against its hash. Does not own how questions travel (node/p2p/requests.ts), nor which blocks are wanted (following.ts).
 */
import { equalBytes } from "../../proto/bytes.ts";
import { sha256 } from "../crypto.ts";
import type { Logger } from "../log.ts";
import type { Peer } from "../p2p/peer.ts";
import { Quota } from "../p2p/quota.ts";
import { NoAnswerError, type RequestKind, type Requests } from "../p2p/requests.ts";
import type { BlockStore } from "./block-store.ts";
import {
  HAVE_TIMEOUT_MS,
  HAVES_PER_SECOND,
  MAX_BLOCK_BYTES,
  MAX_DIGESTS_ASKED,
  SERVED_BYTES_PER_SECOND,
  SLICE_BYTES,
  WANT_BYTES_PER_SECOND,
  WANT_TIMEOUT_MS,
  WANTS_PER_SECOND,
} from "./limits.ts";

/** Length of a SHA-256 hash in bytes. */
const DIGEST_BYTES = 32;

/** Which blocks a peer has. */
export const HAVE_KIND: RequestKind<"tributary.p2p.v1.BlockHaveRequest", "tributary.p2p.v1.BlockHaveResponse"> = {
  name: "data-have",
  question: "tributary.p2p.v1.BlockHaveRequest",
  answer: "tributary.p2p.v1.BlockHaveResponse",
  maxQuestionBytes: MAX_DIGESTS_ASKED * (DIGEST_BYTES + 2) + 16,
  maxAnswerBytes: MAX_DIGESTS_ASKED * 10 + 16,
  perSecond: HAVES_PER_SECOND,
  burst: HAVES_PER_SECOND * 2,
  answerBytesPerSecond: 65_536,
  timeoutMs: HAVE_TIMEOUT_MS,
};

/** One slice of a block. */
export const WANT_KIND: RequestKind<"tributary.p2p.v1.BlockWantRequest", "tributary.p2p.v1.BlockWantResponse"> = {
  name: "data-want",
  question: "tributary.p2p.v1.BlockWantRequest",
  answer: "tributary.p2p.v1.BlockWantResponse",
  maxQuestionBytes: 64,
  maxAnswerBytes: SLICE_BYTES + 64,
  perSecond: WANTS_PER_SECOND,
  burst: WANTS_PER_SECOND,
  answerBytesPerSecond: WANT_BYTES_PER_SECOND,
  timeoutMs: WANT_TIMEOUT_MS,
};

/** What became of asking one peer for a block. */
export interface Attempt {
  readonly peer: string;
  /** It gave the whole block, said it has none, gave another or none in time. */
  readonly outcome: "gave it" | "has it not" | "gave something else" | "did not answer in time";
  readonly milliseconds: number;
}

/** A block that was looked for: its bytes, when somebody gave them, and how everyone who was asked behaved. */
export interface Fetched {
  readonly bytes: Uint8Array | undefined;
  readonly attempts: readonly Attempt[];
}

/** What the exchange uses. */
export interface ExchangeNeeds {
  readonly store: Pick<BlockStore, "length" | "slice">;
  readonly requests: Pick<Requests, "serve" | "ask">;
  readonly peers: () => readonly Peer[];
  readonly log: Logger;
}

export class BlockExchange {
  readonly #needs: ExchangeNeeds;
  readonly #served = new Quota({ ratePerSecond: SERVED_BYTES_PER_SECOND, burst: SERVED_BYTES_PER_SECOND });

  constructor(needs: ExchangeNeeds) {
    this.#needs = needs;
  }

  /** Answers peers from now on. */
  serve(): void {
    const { requests, store } = this.#needs;
    requests.serve(HAVE_KIND, async (peer, { digests }) => {
      if (digests.length > MAX_DIGESTS_ASKED || digests.some((digest) => digest.length !== DIGEST_BYTES)) {
        peer.fault("it asks for blocks by what are no hashes, or for too many");
        return undefined;
      }
      const lengths: bigint[] = [];
      for (const digest of digests) lengths.push(BigInt((await store.length(digest)) ?? 0));
      return { lengths };
    });
    requests.serve(WANT_KIND, async (peer, { digest, slice }) => {
      if (digest.length !== DIGEST_BYTES || slice > MAX_BLOCK_BYTES / SLICE_BYTES) {
        peer.fault("it asks for a slice of no block");
        return undefined;
      }
      // Refused, not queued: the asker has other peers, and this line carries votes too.
      if (this.#served.isOverdrawn(performance.now())) return undefined;
      const found = await store.slice(digest, slice * SLICE_BYTES, SLICE_BYTES);
      if (found === undefined) return { length: 0n, slice: new Uint8Array() };
      this.#served.charge(found.bytes.length, performance.now());
      return { length: BigInt(found.length), slice: found.bytes };
    });
  }

  /**
   * Asks a peer which of these blocks it has: the lengths, 0 for those it has not; undefined when it does not answer. Lengths are its word
   * alone until a block has come.
   */
  async lengths(
    peer: Peer,
    digests: readonly Uint8Array[],
    timeoutMs: number = HAVE_TIMEOUT_MS,
  ): Promise<readonly number[] | undefined> {
    const kind = { ...HAVE_KIND, timeoutMs };
    const answer = await this.#needs.requests.ask(peer, kind, { digests: [...digests] }).catch(noAnswer);
    if (answer === undefined) return undefined;
    const lengths = answer.lengths.map(Number);
    if (lengths.length !== digests.length || lengths.some((length) => length > MAX_BLOCK_BYTES)) {
      peer.fault("it tells of blocks that nobody asked about, or that cannot be");
      return undefined;
    }
    return lengths;
  }

  /**
   * Looks for a block among all peers until the deadline, and checks it. Asking is free, so all are asked who has it; then one after the other
   * is asked for it. Never throws for what peers do.
   */
  async fetch(digest: Uint8Array, deadlineMs: number): Promise<Fetched> {
    const startedMs = performance.now();
    const left = (): number => deadlineMs - (performance.now() - startedMs);
    const attempts: Attempt[] = [];
    const note = (peer: Peer, outcome: Attempt["outcome"]): void => {
      attempts.push({ peer: peer.nodeId, outcome, milliseconds: Math.round(performance.now() - startedMs) });
    };
    const holders: { readonly peer: Peer; readonly length: number }[] = [];
    await Promise.all(
      this.#needs.peers().map(async (peer) => {
        const lengths = await this.lengths(peer, [digest], Math.min(HAVE_TIMEOUT_MS, deadlineMs));
        const length = lengths?.[0];
        if (length === undefined) note(peer, "did not answer in time");
        else if (length === 0) note(peer, "has it not");
        else holders.push({ peer, length });
      }),
    );
    for (const { peer, length } of holders) {
      if (left() <= 0) {
        note(peer, "did not answer in time");
        continue;
      }
      const outcome = await this.fetchFrom(peer, digest, length, left);
      if (typeof outcome !== "string") {
        note(peer, "gave it");
        return { bytes: outcome, attempts };
      }
      note(peer, outcome);
    }
    return { bytes: undefined, attempts };
  }

  /** Fetches a block of `length` bytes from one peer. Gives what went wrong when it does not come whole. */
  async fetchFrom(
    peer: Peer,
    digest: Uint8Array,
    length: number,
    leftMs: () => number = () => WANT_TIMEOUT_MS,
  ): Promise<Uint8Array | Exclude<Attempt["outcome"], "gave it">> {
    const block = new Uint8Array(length);
    for (let slice = 0; slice * SLICE_BYTES < length; slice++) {
      const kind = { ...WANT_KIND, timeoutMs: Math.max(1, Math.min(WANT_TIMEOUT_MS, leftMs())) };
      const answer = await this.#needs.requests.ask(peer, kind, { digest, slice }).catch(noAnswer);
      if (answer === undefined || leftMs() <= 0) return "did not answer in time";
      if (answer.length === 0n) return "has it not";
      const expected = Math.min(SLICE_BYTES, length - slice * SLICE_BYTES);
      if (answer.length !== BigInt(length) || answer.slice.length !== expected) {
        // Its disk may have failed meanwhile: no reason to part for good.
        peer.fault("a slice of a block has not the length the peer told", "low");
        return "gave something else";
      }
      block.set(answer.slice, slice * SLICE_BYTES);
    }
    if (equalBytes(sha256(block), digest)) return block;
    peer.fault("it gave a block that is not what its hash says");
    this.#needs.log.warn({ peer: peer.nodeId }, "a peer gave a false block; it was thrown away");
    return "gave something else";
  }
}

function noAnswer(error: unknown): undefined {
  if (error instanceof NoAnswerError) return undefined;
  throw error;
}
