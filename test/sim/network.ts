// The simulated network: who reaches whom, and what becomes of a message on its way. Owns loss, duplication, delay,
// partitions, one-way cuts, and the filters with which a test drops or holds messages it names. Owns no meaning of a
// message: node.ts does what the real network does with each.

import type { Block, Commit, ConsensusMessage, ExtendedCommit, RoundSummary } from "../../node/ports.ts";

/** A block of sync with the commit that its sender saw, extended where its height has vote extensions. */
export interface SentBlock {
  readonly block: Block;
  readonly commit: Commit | ExtendedCommit;
}

/** What nodes say to each other: the frames of node/p2p, without their encoding. */
export type Wire =
  | { readonly kind: "consensus"; readonly message: ConsensusMessage }
  | { readonly kind: "status"; readonly height: bigint }
  | { readonly kind: "repairRequest"; readonly summary: RoundSummary; readonly height: bigint }
  | { readonly kind: "repairResponse"; readonly messages: readonly ConsensusMessage[]; readonly height: bigint }
  | { readonly kind: "blockRequest"; readonly fromHeight: bigint; readonly count: number }
  | {
      readonly kind: "blockResponse";
      readonly blocks: readonly SentBlock[];
    }
  | { readonly kind: "transaction"; readonly tx: Uint8Array };

/** One message on its way from one node to another, both by number. */
export interface Envelope {
  readonly from: number;
  readonly to: number;
  readonly wire: Wire;
}

/** How bad the network is, when the world is not calm. */
export interface NetworkFaults {
  /** Chance that a message is lost. */
  readonly loss: number;
  /** Chance that a message comes twice, the second time up to `replayMs` later. */
  readonly duplicates: number;
  readonly replayMs: number;
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
}

/** Messages held back by a test. */
export interface Hold {
  /** What is held now, in the order it was sent. */
  readonly held: readonly Envelope[];
  /** Ends the holding and delivers what was held, now. */
  release(): void;
  /** Ends the holding and forgets what was held. */
  drop(): void;
}

export interface NetworkNeeds {
  readonly chance: (probability: number) => boolean;
  readonly between: (low: number, high: number) => number;
  readonly schedule: (delayMs: number, action: () => void) => void;
  readonly arrive: (envelope: Envelope) => void;
  readonly isCalm: () => boolean;
}

export class SimNetwork {
  readonly #needs: NetworkNeeds;
  faults: NetworkFaults;
  /** The group of each node while there is a partition; nodes without one reach nobody. */
  #groups: ReadonlyMap<number, number> | undefined;
  /** "from>to" that does not get through. */
  readonly #cuts = new Set<string>();
  #filters: ((envelope: Envelope) => boolean)[] = [];
  sent = 0;
  lost = 0;

  constructor(faults: NetworkFaults, needs: NetworkNeeds) {
    this.faults = faults;
    this.#needs = needs;
  }

  /** Only members of the same group reach each other, from now on; a node in no group reaches nobody. */
  partition(groups: readonly (readonly number[])[]): void {
    const map = new Map<number, number>();
    for (const [index, group] of groups.entries()) for (const number of group) map.set(number, index);
    this.#groups = map;
  }

  /** Nothing that one of `from` sends reaches one of `to`, from now on; the other direction is left as it is. */
  oneWay(from: readonly number[], to: readonly number[]): void {
    for (const a of from) for (const b of to) this.#cuts.add(`${a}>${b}`);
  }

  /** Ends partitions and one-way cuts. Filters and holds stay. */
  heal(): void {
    this.#groups = undefined;
    this.#cuts.clear();
  }

  /** Whether anything sent now would arrive, chance and filters aside. */
  reaches(from: number, to: number): boolean {
    if (this.#cuts.size > 0 && this.#cuts.has(`${from}>${to}`)) return false;
    if (this.#groups === undefined) return true;
    const group = this.#groups.get(from);
    return group !== undefined && group === this.#groups.get(to);
  }

  /** Loses every message that the test says yes to. Returns what ends it. */
  drop(matches: (envelope: Envelope) => boolean): () => void {
    this.#filters.push(matches);
    return () => {
      this.#filters = this.#filters.filter((each) => each !== matches);
    };
  }

  /** Holds back every message that the test says yes to, until it is released. */
  hold(matches: (envelope: Envelope) => boolean): Hold {
    const held: Envelope[] = [];
    const end = this.drop((envelope) => {
      if (!matches(envelope)) return false;
      held.push(envelope);
      return true;
    });
    return {
      held,
      release: () => {
        end();
        for (const envelope of held.splice(0)) this.#needs.schedule(0, () => this.#needs.arrive(envelope));
      },
      drop: () => {
        end();
        held.splice(0);
      },
    };
  }

  send(envelope: Envelope): void {
    this.sent++;
    const { chance, between, isCalm } = this.#needs;
    if (!this.reaches(envelope.from, envelope.to)) return;
    for (const takes of this.#filters) if (takes(envelope)) return;
    const { loss, duplicates, replayMs, minDelayMs, maxDelayMs } = this.faults;
    const calm = isCalm();
    if (!calm && chance(loss)) {
      this.lost++;
      return;
    }
    this.#deliver(envelope, calm ? between(1, 10) : between(minDelayMs, maxDelayMs));
    if (!calm && chance(duplicates)) this.#deliver(envelope, between(minDelayMs, maxDelayMs + replayMs));
  }

  #deliver(envelope: Envelope, delayMs: number): void {
    // A partition that closes meanwhile takes what is under way with it.
    this.#needs.schedule(delayMs, () => {
      if (this.reaches(envelope.from, envelope.to)) this.#needs.arrive(envelope);
    });
  }
}
