/**
 * Pulled repair (CONSENSUS.md A5): telling peers where consensus stands here so that they send what is missing, and answering when they
 * do. It owns when and whom to ask, and each asker's share; which messages are missing is chain/consensus/repair.ts.
 */
import { encode } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { BlockId, ConsensusMessage, Engine } from "../ports.ts";
import { MAX_REPAIR_ANSWER_BYTES } from "./limits.ts";
import type { Peer } from "./peer.ts";
import { summaryFromWire, summaryToWire, toWire } from "./wire-messages.ts";

type WireRepair = Messages["tributary.p2p.v1.RepairRequest"];

/** What repair uses. */
export interface RepairNeeds {
  readonly engine: Pick<Engine, "status" | "summary" | "repair">;
  readonly peers: () => readonly Peer[];
  /** Whether a block is being put together from its compact form, so that its parts need not come. */
  readonly isComing: (header: BlockId["partSetHeader"]) => boolean;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

export class Repair {
  readonly #engine: RepairNeeds["engine"];
  readonly #peers: () => readonly Peer[];
  readonly #isComing: RepairNeeds["isComing"];
  readonly #nowMs: () => number;
  #lastStep = "";
  #lastMove = "";
  #lastRoundSeen = "";

  constructor(needs: RepairNeeds) {
    this.#engine = needs.engine;
    this.#peers = needs.peers;
    this.#isComing = needs.isComing;
    this.#nowMs = needs.nowMs;
  }

  /** One turn of the timer: while the step is unchanged, two peers are asked for what is missing. */
  tick(): void {
    const { height, round, step } = this.#engine.status();
    const now = `${height}/${round}/${step}`;
    if (now === this.#lastStep) this.ask();
    this.#lastStep = now;
  }

  /** The engine is at a height and round. It says so twice when the process was suspended: what was missed is asked for. */
  moved(height: bigint, round: number): void {
    const now = `${height}/${round}`;
    if (now === this.#lastMove) this.ask();
    this.#lastMove = now;
  }

  /** A peer speaks of a later round of this height: it has what made it go on. It is asked once for each round. */
  sawRound(peer: Peer, message: ConsensusMessage): void {
    const said = message.type === "vote" ? message.vote : message.type === "proposal" ? message.proposal : undefined;
    if (said === undefined) return;
    const { height, round } = this.#engine.status();
    const seen = `${said.height}/${said.round}`;
    if (said.height !== height || said.round <= round || seen === this.#lastRoundSeen) return;
    this.#lastRoundSeen = seen;
    peer.sendEncoded(this.#request());
  }

  /** A peer's answer brought something: it may have more, when parts are still wanted. */
  goOn(peer: Peer): void {
    if (this.#engine.summary().wanted !== undefined && peer.open) peer.sendEncoded(this.#request());
  }

  /** Asks two peers: one of those that brought most lately, which validators and their sentries do, and any other. */
  ask(): void {
    const { height } = this.#engine.status();
    // A peer that is further has the whole block: block sync asks it. One that is behind has nothing for us.
    const level = this.#peers().filter((peer) => peer.status.height + 1n === height);
    if (level.length === 0) return;
    const request = this.#request();
    const useful = level.toSorted((a, b) => b.usefulness - a.usefulness).slice(0, Math.ceil(level.length / 2));
    const first = useful[Math.floor(Math.random() * useful.length)]!;
    const others = level.filter((peer) => peer !== first);
    const second = others[Math.floor(Math.random() * others.length)];
    first.sendEncoded(request);
    second?.sendEncoded(request);
  }

  #request(): Uint8Array {
    const summary = this.#engine.summary();
    const { wanted } = summary;
    const isComing = wanted !== undefined && this.#isComing(wanted.blockId.partSetHeader);
    return encode("tributary.p2p.v1.Frame", {
      repairRequest: summaryToWire(isComing ? { ...summary, wanted: undefined } : summary),
    });
  }

  /** A peer asks: it gets what it lacks and this node has accepted, within its share; beyond that, nothing. */
  serve(peer: Peer, wire: WireRepair): void {
    const nowMs = this.#nowMs();
    if (peer.repairBytes.isOverdrawn(nowMs) || !peer.repairs.take(1, nowMs)) return;
    const messages = this.#engine.repair(summaryFromWire(wire), MAX_REPAIR_ANSWER_BYTES).map(toWire);
    if (messages.length === 0) return;
    const body = encode("tributary.p2p.v1.Frame", { repairResponse: { messages } });
    peer.repairBytes.charge(body.length, nowMs);
    peer.sendEncoded(body);
  }
}
