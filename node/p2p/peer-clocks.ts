/**
 * How far this machine's wall clock is from its peers': asking each for its time, and the median of the differences. It owns
 * measuring and judging; what follows from a clock that is wrong is the node's to say (node/network.ts).
 *
 * Block time is the median of the validators' clocks, so one wrong clock harms only its owner's votes; a third of them wrong
 * harms everyone. CONSENSUS A3 of the design: warn from 2 s on, and a validator does not start at 30 s.
 */
import { CLOCK_INTERVAL_MS, CLOCK_TIMEOUT_MS, CLOCK_WARN_MS, CLOCK_WRONG_MS, CLOCKS_NEEDED } from "./limits.ts";
import type { Peer } from "./peer.ts";
import type { RequestKind, Requests } from "./requests.ts";

export const clockKind: RequestKind<"tributary.p2p.v1.ClockRequest", "tributary.p2p.v1.ClockResponse"> = {
  name: "clock",
  question: "tributary.p2p.v1.ClockRequest",
  answer: "tributary.p2p.v1.ClockResponse",
  maxQuestionBytes: 16,
  maxAnswerBytes: 16,
  perSecond: 1,
  burst: 4,
  answerBytesPerSecond: 64,
  timeoutMs: CLOCK_TIMEOUT_MS,
};

/** How the clock stands against the peers': as it should, off by what is worth a warning, or wrong. */
export type ClockVerdict = "right" | "off" | "wrong";

export interface PeerClocksOptions {
  /** Peers whose clocks are needed for a judgement; fewer are believed when no more are to be expected. */
  readonly expectedPeers: number;
}

export interface PeerClocksNeeds {
  readonly requests: Pick<Requests, "serve" | "ask">;
  readonly peers: () => readonly Peer[];
  /** Wall clock and monotonic clock, in milliseconds. */
  readonly wallMs: () => number;
  readonly monotonicMs: () => number;
  /** Told of every change of the verdict, with the median difference: positive when this clock is ahead. Milliseconds. */
  readonly judged: (verdict: ClockVerdict, aheadMs: number) => void;
}

export class PeerClocks {
  readonly #needs: PeerClocksNeeds;
  readonly #needed: number;
  readonly #ahead = new Map<Peer, number>();
  readonly #timer: NodeJS.Timeout;
  #verdict: ClockVerdict = "right";

  constructor({ expectedPeers }: PeerClocksOptions, needs: PeerClocksNeeds) {
    this.#needs = needs;
    this.#needed = Math.max(1, Math.min(CLOCKS_NEEDED, expectedPeers));
    needs.requests.serve(clockKind, () => ({ timeMs: BigInt(needs.wallMs()) }));
    this.#timer = setInterval(() => {
      for (const peer of needs.peers()) void this.measure(peer);
    }, CLOCK_INTERVAL_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Asks a peer for its time. One that does not answer says nothing about the clock. */
  async measure(peer: Peer): Promise<void> {
    const { requests, monotonicMs, wallMs, peers } = this.#needs;
    const askedMs = monotonicMs();
    const answer = await requests.ask(peer, clockKind, {}).catch(() => undefined);
    if (answer === undefined) return;
    // The answer was made somewhere between asking and hearing; half the way is the best guess.
    const wayBackMs = (monotonicMs() - askedMs) / 2;
    this.#ahead.set(peer, wallMs() - (Number(answer.timeMs) + wayBackMs));
    const present = new Set(peers());
    for (const known of this.#ahead.keys()) if (!present.has(known)) this.#ahead.delete(known);
    this.#judge();
  }

  #judge(): void {
    const ahead = [...this.#ahead.values()].toSorted((a, b) => a - b);
    if (ahead.length < this.#needed) return;
    const middle = ahead.length >> 1;
    // Of two in the middle the nearer to right counts: half of the peers alone do not make a clock wrong.
    const pair = ahead.length % 2 === 1 ? [ahead[middle]!] : [ahead[middle - 1]!, ahead[middle]!];
    const medianMs = pair.reduce((best, each) => (Math.abs(each) < Math.abs(best) ? each : best));
    const off = Math.abs(medianMs);
    const verdict = off > CLOCK_WRONG_MS ? "wrong" : off > CLOCK_WARN_MS ? "off" : "right";
    if (verdict === this.#verdict) return;
    this.#verdict = verdict;
    this.#needs.judged(verdict, medianMs);
  }
}
