/**
 * What went over the wire, counted by kind of message. It owns the counting and the kinds' names; who shows the figures
 * (metrics, `net_info`, a benchmark) reads them as a plain object.
 */

/** Messages and their bytes, framing included, in one direction each. */
export interface Traffic {
  bytesIn: number;
  bytesOut: number;
  messagesIn: number;
  messagesOut: number;
}

/** Kinds of frames by their field number in tributary.p2p.v1.Frame, named as metrics show them. */
const frameChannels: Readonly<Record<number, string>> = {
  1: "hello",
  2: "status",
  3: "transactions",
  4: "consensus",
  5: "repair_request",
  6: "repair_response",
  7: "block_request",
  8: "block_response",
  9: "snapshots_request",
  10: "snapshots_response",
  11: "chunk_request",
  12: "chunk_response",
  13: "request",
  14: "response",
  15: "compact_proposal",
};
/** Kinds of consensus messages by their field number in tributary.p2p.v1.ConsensusMessage. */
const consensusChannels: Readonly<Record<number, string>> = {
  1: "proposal",
  2: "block_part",
  3: "vote",
  4: "certificate",
  5: "evidence",
};
const CONSENSUS_FIELD = 4;

/** The kind of a frame, told from its first bytes without decoding it. */
export function channelOf(body: Uint8Array): string {
  const field = (body[0] ?? 0) >> 3;
  const name = frameChannels[field] ?? "unknown";
  if (field !== CONSENSUS_FIELD) return name;
  let at = 1;
  while ((body[at] ?? 0) > 0x7f) at += 1;
  return consensusChannels[(body[at + 1] ?? 0) >> 3] ?? name;
}

/** Sums of traffic, by channel. The set of channels is closed, so a peer cannot make it grow. */
export class TrafficCounter {
  readonly #channels = new Map<string, Traffic>();

  received(body: Uint8Array): void {
    const traffic = this.#of(channelOf(body));
    traffic.bytesIn += body.length;
    traffic.messagesIn += 1;
  }

  sent(body: Uint8Array): void {
    const traffic = this.#of(channelOf(body));
    traffic.bytesOut += body.length;
    traffic.messagesOut += 1;
  }

  /** A copy, by channel name. */
  byChannel(): Readonly<Record<string, Readonly<Traffic>>> {
    return Object.fromEntries([...this.#channels].map(([name, traffic]) => [name, { ...traffic }]));
  }

  /** All channels together. */
  total(): Readonly<Traffic> {
    const sum = emptyTraffic();
    for (const traffic of this.#channels.values()) {
      sum.bytesIn += traffic.bytesIn;
      sum.bytesOut += traffic.bytesOut;
      sum.messagesIn += traffic.messagesIn;
      sum.messagesOut += traffic.messagesOut;
    }
    return sum;
  }

  #of(channel: string): Traffic {
    const known = this.#channels.get(channel);
    if (known !== undefined) return known;
    const fresh = emptyTraffic();
    this.#channels.set(channel, fresh);
    return fresh;
  }
}

function emptyTraffic(): Traffic {
  return { bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 };
}
