/**
 * One connected peer: the stream's frames in and out, what it told about itself, its quotas. It knows nothing of blocks or votes beyond
 * their frames; node/p2p/network.ts decides what they mean.
 */
import type { Connection, Stream } from "@libp2p/interface";
import { decode, encode } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { ByteBudget } from "../byte-budget.ts";
import { FrameReader, frame, RESPONSE_TAG } from "./framing.ts";
import type { PeerAddress } from "./identity.ts";
import {
  FRAME_BYTES_PER_VALUE,
  FRAME_COST_BYTES,
  FRAME_VALUES,
  MAX_FRAME_BYTES,
  MAX_FRAME_VALUES,
  MAX_HELLO_FRAME_BYTES,
  MAX_SEND_QUEUE_BYTES,
  MAX_UNJUDGED_BYTES,
  MAX_UNJUDGED_MESSAGES,
  PEER_BURST_BYTES,
  PEER_BYTES_PER_SECOND,
  PEER_REQUESTS_PER_SECOND,
  REFUSED_CHECK_BURST_MS,
  REFUSED_CHECK_MS_PER_SECOND,
  REPAIR_BYTES_PER_SECOND,
  REPAIRS_PER_SECOND,
  SEEN_PER_PEER,
} from "./limits.ts";
import { Quota } from "./quota.ts";
import type { FaultLevel } from "./scores.ts";
import { type Traffic, TrafficCounter } from "./statistics.ts";

export type Frame = Messages["tributary.p2p.v1.Frame"];
export type Hello = Messages["tributary.p2p.v1.Hello"];

/** What the owner of a peer is told. Each is called from the stream's own callbacks; a throw faults the peer. */
export interface PeerEvents {
  frame(peer: Peer, frame: Frame, bytes: number): void;
  closed(peer: Peer, reason: string): void;
  /** The peer did what it should not; what follows is for the owner to say. */
  faulty(peer: Peer, level: FaultLevel, reason: string): void;
}

export interface PeerOptions {
  readonly nodeId: string;
  readonly outbound: boolean;
  /** The host it is connected from or to. */
  readonly host: string;
  /** The address by which this node dialled it. */
  readonly dialled?: PeerAddress | undefined;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/** What a Response frame holds beside the answer: tags, lengths and the id. Bytes. */
const RESPONSE_HEAD_BYTES = 64;

export class Peer {
  readonly nodeId: string;
  readonly connection: Connection;
  readonly outbound: boolean;
  /** Set when the peer's Hello has arrived and fits. */
  hello: Hello | undefined;
  /** The heights the peer last said it can serve. Hints only: nothing is believed of them. */
  status = { base: 0n, height: 0n };
  /** The host it is connected from or to. */
  readonly host: string;
  /** The address by which this node dialled it; undefined when it came by itself. */
  readonly dialled: PeerAddress | undefined;
  /** New things it brought: votes, proposals, parts, transactions. */
  usefulness = 0;
  /** False once the stream is gone. */
  open = true;
  /** Whether it is avoided because it broke the rules. */
  faulty = false;
  /** Whether the waiting transactions were told to it; that is done once it is level with this node. */
  knowsPool = false;
  /** Monotonic milliseconds at which the stream was opened. */
  readonly openedMs: number;
  /** Requests the peer may make of us. */
  readonly requests = new Quota({ ratePerSecond: PEER_REQUESTS_PER_SECOND, burst: PEER_REQUESTS_PER_SECOND * 4 });
  /** Requests for repair that are answered, and the bytes of the answers. */
  readonly repairs = new Quota({ ratePerSecond: REPAIRS_PER_SECOND, burst: REPAIRS_PER_SECOND });
  readonly repairBytes = new Quota({ ratePerSecond: REPAIR_BYTES_PER_SECOND, burst: REPAIR_BYTES_PER_SECOND });
  /** Time spent on its transactions in vain. Milliseconds. */
  readonly refusedChecks = new Quota({ ratePerSecond: REFUSED_CHECK_MS_PER_SECOND, burst: REFUSED_CHECK_BURST_MS });
  readonly #bytes = new Quota({ ratePerSecond: PEER_BYTES_PER_SECOND, burst: PEER_BURST_BYTES });
  readonly #stream: Stream;
  readonly #events: PeerEvents;
  readonly #reader = new FrameReader((firstByte) => this.#frameLimit(firstByte));
  /** Consensus messages handed on and not judged yet. */
  #unjudged = 0;
  #unjudgedBytes = 0;
  readonly #seen = new Set<string>();
  readonly #nowMs: () => number;
  /** What was sent and received here, and by all peers of this node. */
  readonly #traffic = new TrafficCounter();
  readonly #nodeTraffic: TrafficCounter;
  readonly #received: ByteBudget<Peer>;
  readonly #hasRoom: (queuedBytes: number) => boolean;
  /** Bytes we asked for and have not yet received; they do not count against the peer's quota. */
  #allowance = 0;
  /** The longest frame of the answers to named requests that were asked of it; one that comes late may still be as long. */
  #longestAnswer = MAX_FRAME_BYTES;

  constructor(
    options: PeerOptions,
    dependencies: {
      readonly connection: Connection;
      readonly stream: Stream;
      readonly events: PeerEvents;
      /** Counts what all peers send and receive. */
      readonly traffic: TrafficCounter;
      /** What all peers hold of what arrived. */
      readonly received: ByteBudget<Peer>;
      /** Whether something may be sent to a peer that has so many bytes waiting, considering what waits for all others. */
      readonly hasRoom: (queuedBytes: number) => boolean;
    },
  ) {
    this.nodeId = options.nodeId;
    this.outbound = options.outbound;
    this.host = options.host;
    this.dialled = options.dialled;
    this.#nowMs = options.nowMs;
    this.openedMs = options.nowMs();
    this.connection = dependencies.connection;
    this.#stream = dependencies.stream;
    this.#events = dependencies.events;
    this.#nodeTraffic = dependencies.traffic;
    this.#received = dependencies.received;
    this.#hasRoom = dependencies.hasRoom;
    this.#stream.addEventListener("message", (event) => this.#receive(event.data));
    this.#stream.addEventListener("close", () => this.#end("the connection closed"));
    this.#stream.addEventListener("remoteCloseWrite", () => this.close("the peer closed its stream"));
  }

  /** The peer's address as libp2p saw it, for people. */
  get address(): string {
    return this.connection.remoteAddr.toString();
  }

  /** Queues a frame. False when the peer is gone, or too slow to take it: what is lost is asked for again by whoever lacks it. */
  send(body: Partial<Frame>): boolean {
    return this.sendEncoded(encode("tributary.p2p.v1.Frame", body));
  }

  /** `send` for a frame encoded once and sent to many. */
  sendEncoded(body: Uint8Array): boolean {
    const queued = this.queuedBytes;
    if (!this.open || queued > MAX_SEND_QUEUE_BYTES || !this.#hasRoom(queued)) return false;
    try {
      this.#stream.send(frame(body));
      this.#traffic.sent(body);
      this.#nodeTraffic.sent(body);
      return true;
    } catch (error) {
      this.close(`sending failed: ${(error as Error).message}`);
      return false;
    }
  }

  /** Bytes waiting for this peer. */
  get queuedBytes(): number {
    return this.#stream.writeBufferLength;
  }

  /**
   * A named request was made whose answer has up to `bytes`, and may come beyond the peer's quota. The returned function is
   * told, once, how many bytes the answer had; 0 when none came.
   */
  awaitAnswer(bytes: number): (arrivedBytes: number) => void {
    const longest = bytes + RESPONSE_HEAD_BYTES;
    this.#longestAnswer = Math.max(this.#longestAnswer, longest);
    this.#allowance += longest;
    return (arrivedBytes) => {
      this.#allowance = Math.max(0, this.#allowance - (longest - arrivedBytes));
    };
  }

  /** What was sent to this peer and received from it. */
  get traffic(): Readonly<Traffic> {
    return this.#traffic.total();
  }

  #frameLimit(firstByte: number): number {
    if (this.hello === undefined) return MAX_HELLO_FRAME_BYTES;
    if (firstByte === RESPONSE_TAG) return this.#longestAnswer;
    return MAX_FRAME_BYTES;
  }

  /** Remembers that the peer has an item; true when that is news. */
  markSeen(item: string): boolean {
    if (this.#seen.has(item)) return false;
    if (this.#seen.size >= SEEN_PER_PEER) this.#seen.delete(this.#seen.values().next().value!);
    this.#seen.add(item);
    return true;
  }

  /** Whether the peer is known to have an item. */
  hasSeen(item: string): boolean {
    return this.#seen.has(item);
  }

  /** Remembers that the peer broke a rule. At `fatal`, which no correct node does, it is disconnected and avoided. */
  fault(reason: string, level: FaultLevel = "fatal"): void {
    this.#events.faulty(this, level, reason);
  }

  /** Ends the stream and the connection; `reason` reaches the log. */
  close(reason: string): void {
    if (!this.open) return;
    this.#stream.abort(new Error(reason));
    void this.connection.close().catch(() => {});
    this.#end(reason);
  }

  #end(reason: string): void {
    if (!this.open) return;
    this.open = false;
    this.#events.closed(this, reason);
  }

  /**
   * Takes a message's bytes into account until the returned function is called; undefined when the peer has too much that is not
   * judged yet, so that the message is to be dropped.
   */
  startWork(bytes: number): (() => void) | undefined {
    if (this.#unjudged >= MAX_UNJUDGED_MESSAGES || this.#unjudgedBytes + bytes > MAX_UNJUDGED_BYTES) return undefined;
    this.#unjudged += 1;
    this.#unjudgedBytes += bytes;
    return () => {
      this.#unjudged -= 1;
      this.#unjudgedBytes -= bytes;
    };
  }

  #receive(data: Uint8Array | { subarray(): Uint8Array }): void {
    if (!this.open) return;
    try {
      const chunk = data instanceof Uint8Array ? data : data.subarray();
      const free = Math.min(this.#allowance, chunk.length);
      this.#allowance -= free;
      if (!this.#bytes.take(chunk.length - free, this.#nowMs())) {
        this.#overShare("it sends more than its share");
        return;
      }
      this.#take(chunk);
    } catch (error) {
      this.fault((error as Error).message);
    }
  }

  /** Cuts a chunk into frames. Throws where a frame breaks the rules. */
  #take(chunk: Uint8Array): void {
    const held = this.#reader.heldBytes;
    this.#reader.add(chunk);
    this.#received.change(this, this.#reader.heldBytes - held);
    while (this.open) {
      const before = this.#reader.heldBytes;
      const body = this.#reader.next();
      if (this.open) this.#received.change(this, this.#reader.heldBytes - before);
      if (body === undefined) return;
      this.#traffic.received(body);
      this.#nodeTraffic.received(body);
      if (!this.#bytes.take(FRAME_COST_BYTES, this.#nowMs())) {
        this.#overShare("it sends more frames than its share");
        return;
      }
      this.#events.frame(this, decodeFrame(body), body.length);
    }
  }

  /** A correct node may do that when much is asked of it; one that does it often is avoided. */
  #overShare(reason: string): void {
    this.fault(reason, "low");
    this.close(reason);
  }
}

/** Decodes a frame. Throws DecodeError, also when it would take much more memory than it has bytes. */
export function decodeFrame(body: Uint8Array): Frame {
  const maxValues = Math.min(MAX_FRAME_VALUES, FRAME_VALUES + Math.floor(body.length / FRAME_BYTES_PER_VALUE));
  return decode("tributary.p2p.v1.Frame", body, "lenient", maxValues);
}
