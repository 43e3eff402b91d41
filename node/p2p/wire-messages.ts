/**
 * Consensus messages and repair summaries in their wire form and back: the shapes of node/ports.ts against those of tributary.p2p.v1. It maps fields
 * and judges nothing.
 */
import type { Messages } from "../../proto/types.gen.ts";
import type { Certificate, ConsensusMessage, RoundSummary } from "../ports.ts";

export type WireMessage = Messages["tributary.p2p.v1.ConsensusMessage"];
export type WireRepair = Messages["tributary.p2p.v1.RepairRequest"];

/** A consensus message in its wire form. */
export function toWire(message: ConsensusMessage): WireMessage {
  switch (message.type) {
    case "proposal":
      return { proposal: message.proposal };
    case "part":
      return { blockPart: { height: message.height, round: message.round, part: message.part } };
    case "vote":
      return { vote: message.vote };
    case "certificate": {
      const { kind, commit, extensions = [] } = message.certificate;
      return { certificate: { precommits: kind === "commit", commit, extensions: [...extensions] } };
    }
    case "evidence":
      return { evidence: message.evidence };
  }
}

/** The reverse of toWire; undefined when no known body is set. */
export function fromWire(wire: WireMessage): ConsensusMessage | undefined {
  if (wire.proposal) return { type: "proposal", proposal: wire.proposal };
  if (wire.blockPart)
    return { type: "part", height: wire.blockPart.height, round: wire.blockPart.round, part: wire.blockPart.part };
  if (wire.vote) return { type: "vote", vote: wire.vote };
  if (wire.certificate) {
    const { precommits, commit, extensions } = wire.certificate;
    const certificate: Certificate = {
      kind: precommits ? "commit" : "polka",
      commit,
      ...(extensions.length > 0 && { extensions }),
    };
    return { type: "certificate", certificate };
  }
  if (wire.evidence) return { type: "evidence", evidence: wire.evidence };
  return undefined;
}

/** Where this node stands, as it is sent. */
export function summaryToWire(summary: RoundSummary): WireRepair {
  const { height, round, rounds, wanted } = summary;
  return {
    height,
    round,
    rounds: [...rounds] as WireRepair["rounds"],
    wanted: wanted?.blockId,
    parts: wanted?.parts ?? new Uint8Array(),
  };
}

/** The reverse of summaryToWire. */
export function summaryFromWire(wire: WireRepair): RoundSummary {
  const { height, round, rounds, wanted, parts } = wire;
  return { height, round, rounds, wanted: wanted ? { blockId: wanted, parts } : undefined };
}
