/**
 * How nodes stand with this one: scores, bans, and for how long those that are never banned are left alone. It owns what a fault leads to;
 * closing connections is the switch's.
 */
import type { Logger } from "../log.ts";
import { Bans } from "./bans.ts";
import { BAN_SCORE, DISCONNECT_SCORE, FAULT_AVOIDANCE_MS, FAULT_POINTS } from "./limits.ts";
import { type FaultLevel, Scores } from "./scores.ts";

/** What a fault leads to: nothing yet, the end of the connection, or that and no other for a while. */
export type Consequence = "stays" | "leaves" | "avoided";

export interface StandingOptions {
  /** Undefined keeps bans in memory. */
  readonly bansFile: string | undefined;
  /** Whether a node is never banned. */
  readonly isUnconditional: (nodeId: string) => boolean;
}

export class Standing {
  readonly #isUnconditional: (nodeId: string) => boolean;
  readonly #scores = new Scores();
  readonly #bans: Bans;
  /** Nodes that are never banned and broke the rules, and until when (monotonic milliseconds) they are left alone. */
  readonly #avoided = new Map<string, number>();
  /** Since the start. */
  faults = 0;
  banned = 0;

  constructor(options: StandingOptions, dependencies: { readonly log: Logger }) {
    this.#isUnconditional = options.isUnconditional;
    this.#bans = new Bans(options.bansFile, dependencies);
  }

  /** A node at `host` did what it should not. */
  fault(nodeId: string, host: string, level: FaultLevel, reason: string): Consequence {
    this.faults += 1;
    const score = this.#scores.add(nodeId, FAULT_POINTS[level], performance.now());
    if (score > DISCONNECT_SCORE) return "stays";
    if (score > BAN_SCORE) return "leaves";
    this.#scores.forget(nodeId);
    if (this.#isUnconditional(nodeId)) this.#avoided.set(nodeId, performance.now() + FAULT_AVOIDANCE_MS);
    else {
      this.banned += 1;
      this.#bans.add(nodeId, host, reason);
    }
    return "avoided";
  }

  /** A node brought something new. */
  credit(nodeId: string): void {
    this.#scores.add(nodeId, 1, performance.now());
  }

  /** Whether a node, or everyone at an address, is neither dialled nor taken in. */
  isBanned(nodeId: string | undefined, host: string): boolean {
    if (nodeId !== undefined && this.#isUnconditional(nodeId)) return false;
    return (nodeId !== undefined && this.#bans.has(nodeId)) || this.#bans.hasAddress(host);
  }

  /** Whether a node that is never banned is left alone now. */
  isAvoided(nodeId: string): boolean {
    const until = this.#avoided.get(nodeId) ?? 0;
    if (until > performance.now()) return true;
    this.#avoided.delete(nodeId);
    return false;
  }
}
