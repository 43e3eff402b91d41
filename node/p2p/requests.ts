/**
 * Questions and answers between two peers, by named kinds: what may be asked, how large question and answer may be, how often a
 * peer may ask, how long an answer may take. It owns matching answers to questions and the shares of askers; what a kind means
 * belongs to whoever registers it (`serve`) and asks it (`ask`).
 */
import { DecodeError, decode, encode } from "../../proto/codec.ts";
import type { MessageName, Messages } from "../../proto/types.gen.ts";
import { ANSWER_BYTES_PER_VALUE, FRAME_VALUES, MAX_WAITING_REQUESTS } from "./limits.ts";
import { pause } from "./pause.ts";
import type { Peer } from "./peer.ts";
import { Quota } from "./quota.ts";

type Request = Messages["tributary.p2p.v1.Request"];
type Response = Messages["tributary.p2p.v1.Response"];

/** One kind of question, the same on both sides. */
export interface RequestKind<Question extends MessageName = MessageName, Answer extends MessageName = MessageName> {
  /** Its name on the wire; never reused for something else. */
  readonly name: string;
  readonly question: Question;
  readonly answer: Answer;
  /** Longest encoded question that is decoded, and longest answer that is taken. Bytes. */
  readonly maxQuestionBytes: number;
  readonly maxAnswerBytes: number;
  /** Questions a peer may ask a second on average, and at once. More wait their turn, and beyond that are refused. */
  readonly perSecond: number;
  readonly burst: number;
  /** Bytes of answers a second for one peer; a large answer makes the next one wait. */
  readonly answerBytesPerSecond: number;
  /** An answer that takes longer counts as none. Milliseconds. */
  readonly timeoutMs: number;
}

/** No answer came, or none that can be used; the message says why. The peer was faulted where it broke a rule. */
export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
}

/** Makes the answer; undefined refuses. A throw is a bug of the handler: the peer is told nothing but that it was refused. */
export type RequestHandler<Question extends MessageName, Answer extends MessageName> = (
  peer: Peer,
  question: Messages[Question],
) => Promise<Messages[Answer] | undefined> | Messages[Answer] | undefined;

interface Served {
  readonly kind: RequestKind;
  readonly handle: (peer: Peer, question: never) => unknown;
}

interface Awaited {
  readonly kind: RequestKind;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: NoAnswerError) => void;
  readonly timer: NodeJS.Timeout;
  readonly release: (arrivedBytes: number) => void;
}

/** What one peer asked of us and we of it. */
interface PeerRequests {
  lastId: bigint;
  readonly awaited: Map<bigint, Awaited>;
  /** By kind: the shares of the peer, and its questions that wait for their turn. */
  readonly served: Map<string, Turn>;
}

interface Turn {
  readonly asks: Quota;
  readonly bytes: Quota;
  readonly waiting: Request[];
  busy: boolean;
}

export class Requests {
  readonly #kinds = new Map<string, Served>();
  readonly #peers = new WeakMap<Peer, PeerRequests>();
  readonly #report: (error: unknown, kind: string) => void;

  /** `report` is told of a handler's throw. */
  constructor(dependencies: { readonly report: (error: unknown, kind: string) => void }) {
    this.#report = dependencies.report;
  }

  /** Answers questions of a kind from now on. */
  serve<Question extends MessageName, Answer extends MessageName>(
    kind: RequestKind<Question, Answer>,
    handle: RequestHandler<Question, Answer>,
  ): void {
    if (this.#kinds.has(kind.name)) throw new Error(`requests of kind ${kind.name} are served already`);
    this.#kinds.set(kind.name, { kind, handle });
  }

  /** Asks a peer. Rejects with NoAnswerError when it refuses, is gone, takes too long or answers what does not decode. */
  ask<Question extends MessageName, Answer extends MessageName>(
    peer: Peer,
    kind: RequestKind<Question, Answer>,
    question: Messages[Question],
  ): Promise<Messages[Answer]> {
    const state = this.#of(peer);
    state.lastId += 1n;
    const id = state.lastId;
    return new Promise<Messages[Answer]>((resolve, reject) => {
      const release = peer.awaitAnswer(kind.maxAnswerBytes);
      const timer = setTimeout(
        () => this.#end(state, id, new NoAnswerError(`no answer within ${kind.timeoutMs} ms`)),
        kind.timeoutMs,
      );
      timer.unref();
      state.awaited.set(id, { kind, resolve: resolve as Awaited["resolve"], reject, timer, release });
      const body = encode(kind.question, question as never);
      if (!peer.send({ request: { id, kind: kind.name, body } }))
        this.#end(state, id, new NoAnswerError("the peer is gone or takes nothing more"));
    });
  }

  /** Frames of a peer that belong here. A throw faults the peer. */
  receive(
    peer: Peer,
    frame: { readonly request?: Request | undefined; readonly response?: Response | undefined },
  ): void {
    if (frame.request) this.#queue(peer, frame.request);
    else if (frame.response) this.#answered(peer, frame.response);
  }

  /** The peer is gone: nothing it was asked will be answered. */
  closed(peer: Peer): void {
    const state = this.#peers.get(peer);
    for (const id of [...(state?.awaited.keys() ?? [])]) this.#end(state!, id, new NoAnswerError("the peer is gone"));
  }

  #of(peer: Peer): PeerRequests {
    const known = this.#peers.get(peer);
    if (known !== undefined) return known;
    const fresh = { lastId: 0n, awaited: new Map(), served: new Map() };
    this.#peers.set(peer, fresh);
    return fresh;
  }

  /** Ends the wait for an answer; returns whose it was. */
  #end(state: PeerRequests, id: bigint, error?: NoAnswerError, arrivedBytes = 0): Awaited | undefined {
    const awaited = state.awaited.get(id);
    if (awaited === undefined) return undefined;
    state.awaited.delete(id);
    clearTimeout(awaited.timer);
    awaited.release(arrivedBytes);
    if (error !== undefined) awaited.reject(error);
    return awaited;
  }

  #answered(peer: Peer, response: Response): void {
    const state = this.#of(peer);
    // One that comes after its time was asked for once; it is dropped. One that was never asked for is a fault.
    if (response.id > state.lastId || response.id === 0n) throw new Error("it answered what nobody asked");
    const awaited = this.#end(state, response.id, undefined, response.body.length);
    if (awaited === undefined) return;
    if (response.refused) {
      awaited.reject(new NoAnswerError("the peer refused"));
      return;
    }
    const { kind } = awaited;
    try {
      if (response.body.length > kind.maxAnswerBytes) throw new DecodeError("the answer is too long");
      awaited.resolve(decodeBounded(kind.answer, response.body) as never);
    } catch (error) {
      awaited.reject(new NoAnswerError("the answer does not decode"));
      throw error;
    }
  }

  /** One answer after the other for each kind, none faster than the peer's share; one question too many is refused. */
  #queue(peer: Peer, request: Request): void {
    const served = this.#kinds.get(request.kind);
    if (served === undefined) {
      refuse(peer, request.id);
      return;
    }
    const { kind } = served;
    if (request.body.length > kind.maxQuestionBytes) throw new Error(`its question of kind ${kind.name} is too long`);
    const turns = this.#of(peer).served;
    let turn = turns.get(kind.name);
    if (turn === undefined) {
      const asks = new Quota({ ratePerSecond: kind.perSecond, burst: kind.burst });
      const bytes = new Quota({ ratePerSecond: kind.answerBytesPerSecond, burst: kind.answerBytesPerSecond });
      turn = { asks, bytes, waiting: [], busy: false };
      turns.set(kind.name, turn);
    }
    if (turn.waiting.length >= MAX_WAITING_REQUESTS) {
      refuse(peer, request.id);
      return;
    }
    turn.waiting.push(request);
    if (!turn.busy) void this.#serveTurn(peer, served, turn);
  }

  async #serveTurn(peer: Peer, served: Served, turn: Turn): Promise<void> {
    turn.busy = true;
    try {
      for (let request = turn.waiting.shift(); request !== undefined && peer.open; request = turn.waiting.shift()) {
        while (peer.open && (turn.bytes.isOverdrawn(performance.now()) || !turn.asks.take(1, performance.now())))
          await pause(1000 / served.kind.perSecond);
        const bytes = await this.#answer(peer, served, request);
        turn.bytes.charge(bytes, performance.now());
      }
    } finally {
      turn.busy = false;
    }
  }

  /** Answers one question; returns the bytes of the answer. */
  async #answer(peer: Peer, { kind, handle }: Served, { id, body: asked }: Request): Promise<number> {
    let question: unknown;
    try {
      question = decodeBounded(kind.question, asked);
    } catch (error) {
      peer.fault(`its question of kind ${kind.name} does not decode: ${(error as Error).message}`);
      return 0;
    }
    try {
      const answer = await handle(peer, question as never);
      if (answer !== undefined) {
        const body = encode(kind.answer, answer as never);
        peer.send({ response: { id, body, refused: false } });
        return body.length;
      }
    } catch (error) {
      this.#report(error, kind.name);
    }
    refuse(peer, id);
    return 0;
  }
}

function refuse(peer: Peer, id: bigint): void {
  peer.send({ response: { id, body: new Uint8Array(), refused: true } });
}

/** Decodes a question or an answer. Throws DecodeError, also when it would take much more memory than it has bytes. */
export function decodeBounded<Name extends MessageName>(name: Name, body: Uint8Array): Messages[Name] {
  return decode(name, body, "lenient", FRAME_VALUES + Math.floor(body.length / ANSWER_BYTES_PER_VALUE));
}
