/**
 * Pulled repair (CONSENSUS.md A5): telling peers where consensus stands here so that they send what is missing, and answering when they
 * do. It owns when and whom to ask, and each asker's share; which messages are missing is chain/consensus/repair.ts.
 */
import { encode } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { BlockId, Engine } from "../ports.ts";
import { MAX_REPAIR_ANSWER_BYTES } from "./limits.ts";
import type { Peer } from "./peer.ts";
import { pickTwo } from "./pick.ts";
import { summaryFromWire, summaryToWire, toWire } from "./wire-messages.ts";

type WireRepair = Messages["tributary.p2p.v1.RepairRequest"];

/** What repair uses. */
export interface RepairNeeds {
  readonly engine: Pick<Engine, "status" | "summary" | "repair">;
  readonly peers: () => readonly Peer[];
  /** Whether a block is being put together from its compact form, so that its parts need not come. */
  readonly isComing: (header: BlockId["partSetHeader"]) => boolean;
}

export class Repair {
  readonly #engine: Pick<Engine, "status" | "summary" | "repair">;
  readonly #peers: () => readonly Peer[];
  readonly #isComing: RepairNeeds["isComing"];
  #lastStep = "";

  constructor(needs: RepairNeeds) {
    this.#engine = needs.engine;
    this.#peers = needs.peers;
    this.#isComing = needs.isComing;
  }

  /** One turn of the timer: while the step is unchanged, two peers are asked for what is missing. */
  tick(): void {
    const { height, round, step } = this.#engine.status();
    const now = `${height}/${round}/${step}`;
    if (now === this.#lastStep) this.ask();
    this.#lastStep = now;
  }

  /** Asks two peers at random. */
  ask(): void {
    const { height } = this.#engine.status();
    // A peer that is further has the whole block: block sync asks it. One that is behind has nothing for us.
    const level = this.#peers().filter((peer) => peer.status.height + 1n === height);
    if (level.length === 0) return;
    const summary = this.#engine.summary();
    const { wanted } = summary;
    const isComing = wanted !== undefined && this.#isComing(wanted.blockId.partSetHeader);
    const request = encode("tributary.p2p.v1.Frame", {
      repairRequest: summaryToWire(isComing ? { ...summary, wanted: undefined } : summary),
    });
    for (const peer of pickTwo(level)) peer.sendEncoded(request);
  }

  /** A peer asks: it gets what it lacks and this node has accepted, within its share. */
  serve(peer: Peer, wire: WireRepair): void {
    if (!peer.requests.take(1, performance.now())) return;
    const messages = this.#engine.repair(summaryFromWire(wire), MAX_REPAIR_ANSWER_BYTES).map(toWire);
    if (messages.length > 0) peer.send({ repairResponse: { messages } });
  }
}
