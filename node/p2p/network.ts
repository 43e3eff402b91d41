/**
 * What frames mean: each goes to the part that owns it, and the engine's messages go out. It implements the engine's Network port over
 * node/p2p/switch.ts and judges peers by the engine's verdicts; it holds no consensus rule itself.
 */
import { encode } from "../../proto/codec.ts";
import { nodeHasher } from "../crypto.ts";
import type { Logger } from "../log.ts";
import type { BlockId, ConsensusMessage, Engine, Network, Storage } from "../ports.ts";
import { AddressBook } from "./address-book.ts";
import { serveBlocks } from "./block-server.ts";
import { BlockTransactions, blockTransactionsKind } from "./block-transactions.ts";
import { CompactProposals, type CompactStatistics } from "./compact-proposals.ts";
import { digest } from "./digest.ts";
import type { PeerAddress } from "./identity.ts";
import { MAX_BLOCK_TRANSACTIONS_BYTES, REPAIR_MAX_MS, REPAIR_MIN_MS } from "./limits.ts";
import type { Frame, Peer } from "./peer.ts";
import { PeerExchange } from "./peer-exchange.ts";
import { RecentTransactions } from "./recent-transactions.ts";
import { Repair } from "./repair.ts";
import { Requests } from "./requests.ts";
import { type Traffic, TrafficCounter } from "./statistics.ts";
import { Switch, type SwitchOptions, type SwitchStatistics } from "./switch.ts";
import { TransactionRelay } from "./transaction-relay.ts";
import { fromWire, toWire, type WireMessage } from "./wire-messages.ts";

/** What the network needs of the rest of the node; handed in once everything exists. */
export interface NetworkNeeds {
  readonly engine: Engine;
  readonly storage: Pick<Storage, "loadBlock">;
  /** The heights this node can serve. */
  readonly heights: () => { base: bigint; height: bigint };
  /** A transaction arrived from a peer. True when it was new and admitted, so that it is passed on. */
  readonly receiveTransaction: (tx: Uint8Array, refused: (ms: number) => void) => boolean;
  /** The transactions that wait for a block, the oldest first, at most `limit` of them. */
  readonly waitingTransactions: (limit: number) => readonly Uint8Array[];
  /** A peer came, went, or told its height; node/sync owns what follows. */
  readonly heightsChanged: () => void;
  /** A peer said a fitting Hello. */
  readonly peerJoined?: (peer: Peer) => void;
}

/** One peer as RPC's net_info shows it. */
export interface PeerSummary {
  readonly nodeId: string;
  readonly moniker: string;
  readonly listenAddress: string;
  readonly remoteHost: string;
  readonly outbound: boolean;
  readonly version: string;
  /** Milliseconds since it joined. */
  readonly connectedMs: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** What the network did since it started, and who is connected: plain numbers for metrics and benchmarks. */
export interface NetworkStatistics extends SwitchStatistics {
  readonly peersInbound: number;
  readonly peersOutbound: number;
  /** Bytes waiting to be written, by node id. */
  readonly queuedBytes: Readonly<Record<string, number>>;
  /** Since each connected, by node id. */
  readonly peerTraffic: Readonly<Record<string, Readonly<Traffic>>>;
  /** Since the start, by kind of message, all peers together. */
  readonly channels: Readonly<Record<string, Readonly<Traffic>>>;
  /** Proposals in compact form; undefined before the start. */
  readonly proposals: Readonly<CompactStatistics> | undefined;
}

/** The parts that exist once the rest of the node does. */
interface Parts {
  readonly needs: NetworkNeeds;
  readonly proposals: CompactProposals;
  readonly transactions: TransactionRelay;
  readonly repair: Repair;
}

export class PeerNetwork implements Network {
  /** Questions between peers by named kinds: whoever owns a kind registers it here, and asks here. */
  readonly requests: Requests;
  readonly #switch: Switch;
  readonly #log: Logger;
  readonly #traffic = new TrafficCounter();
  #parts: Parts | undefined;
  #repairTimer: NodeJS.Timeout | undefined;
  #exchange: PeerExchange | undefined;
  readonly #options: SwitchOptions;

  constructor(options: SwitchOptions, dependencies: { readonly log: Logger }) {
    this.#log = dependencies.log;
    this.#options = options;
    this.requests = new Requests({
      report: (error, kind) => this.#log.error({ err: error, kind }, "answering a peer's request met a bug"),
    });
    this.#switch = new Switch(options, {
      log: dependencies.log,
      traffic: this.#traffic,
      events: {
        peerAdded: (peer) => this.#peerAdded(peer),
        peerRemoved: (peer) => {
          this.requests.closed(peer);
          this.#parts?.proposals.closed(peer);
          this.#parts?.needs.heightsChanged();
        },
        frame: (peer, frame, bytes) => this.frame(peer, frame, bytes),
        announcement: () => this.#parts?.needs.heightsChanged(),
      },
    });
  }

  /** Connects the network to the engine and the rest, then starts listening. */
  async start(needs: NetworkNeeds): Promise<void> {
    const peers = () => this.peers();
    const { engine } = needs;
    const recent = new RecentTransactions(needs.waitingTransactions);
    const proposals = new CompactProposals({
      engine,
      peers,
      recent,
      hasher: nodeHasher(),
      missing: new BlockTransactions(this.requests),
      repair: () => repair.ask(),
      credit: (peer) => this.#switch.credit(peer),
    });
    const repair = new Repair({
      engine,
      peers,
      isComing: (header) => proposals.isBusyWith(header),
      nowMs: () => performance.now(),
    });
    this.requests.serve(blockTransactionsKind, (_, { partSetHash, indexes }) => {
      const txs = proposals.transactions(partSetHash, indexes, MAX_BLOCK_TRANSACTIONS_BYTES);
      return txs && { txs };
    });
    const parts: Parts = {
      needs,
      proposals,
      transactions: new TransactionRelay({ ...needs, peers, recent, height: () => needs.heights().height }),
      repair,
    };
    this.#parts = parts;
    serveBlocks(this.requests, needs.storage);
    await this.#switch.start();
    this.#repairLater(parts);
    this.#startExchange();
  }

  /** Finding peers, where the operator wants it. */
  #startExchange(): void {
    const { policy } = this.#switch;
    if (!policy.exchange && !policy.seedMode) return;
    const excluded = new Set([this.#options.nodeKey.id, ...policy.private]);
    const book = new AddressBook(
      { path: policy.addressBookFile, strict: policy.strictAddresses, excluded },
      { log: this.#log },
    );
    this.#exchange = new PeerExchange(policy, {
      book,
      requests: this.requests,
      peers: () => this.peers(),
      dial: (address) => this.dial(address),
      isUnconditional: (nodeId) => this.#switch.isUnconditional(nodeId),
      relayedAddresses: () => this.#switch.relayedAddresses(),
      log: this.#log,
    });
    this.#exchange.start();
  }

  /** The one timer of repair; at a random moment, so that nodes that lack the same thing do not all ask at once. */
  #repairLater(parts: Parts): void {
    const waitMs = REPAIR_MIN_MS + Math.random() * (REPAIR_MAX_MS - REPAIR_MIN_MS);
    this.#repairTimer = setTimeout(() => {
      parts.repair.tick();
      parts.transactions.resendStuck();
      this.#repairLater(parts);
    }, waitMs);
    this.#repairTimer.unref();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#repairTimer);
    this.#exchange?.stop();
    this.#parts?.transactions.stop();
    await this.#switch.stop();
  }

  peers(): Peer[] {
    return this.#switch.peers();
  }

  peerSummaries(): PeerSummary[] {
    return this.peers().map((peer) => ({
      nodeId: peer.nodeId,
      moniker: peer.hello?.moniker ?? "",
      listenAddress: peer.hello?.listenAddress ?? "",
      remoteHost: peer.host,
      outbound: peer.outbound,
      version: peer.hello?.version ?? "",
      connectedMs: performance.now() - peer.openedMs,
      bytesIn: peer.traffic.bytesIn,
      bytesOut: peer.traffic.bytesOut,
    }));
  }

  /** A copy of the counters as they are now. */
  statistics(): NetworkStatistics {
    const peers = this.peers();
    const outbound = peers.filter((peer) => peer.outbound).length;
    return {
      peersInbound: peers.length - outbound,
      peersOutbound: outbound,
      queuedBytes: Object.fromEntries(peers.map((peer) => [peer.nodeId, peer.queuedBytes])),
      peerTraffic: Object.fromEntries(peers.map((peer) => [peer.nodeId, peer.traffic])),
      channels: this.#traffic.byChannel(),
      proposals: this.#parts && { ...this.#parts.proposals.statistics },
      ...this.#switch.statistics(),
    };
  }

  /** Dials a peer once; see Switch.dial. */
  dial(address: PeerAddress): Promise<void> {
    return this.#switch.dial(address);
  }

  /** Dials in the background, for an operator; a persistent peer is dialled for ever from now on. */
  dialSoon(addresses: readonly PeerAddress[], persistent: boolean): void {
    for (const address of addresses) this.#switch.dialSoon(address, persistent);
  }

  listenAddresses(): string[] {
    return this.#switch.listenAddresses();
  }

  /** Addresses by which others reach this node through a relay. */
  relayedAddresses(): string[] {
    return this.#switch.relayedAddresses();
  }

  // ------------------------------------------------------------ the node's way out

  /** Whether anyone would hear what is published now. */
  hasPeers(): boolean {
    return this.peers().length > 0;
  }

  /** The highest block any peer claims to have, unverified. */
  peerHeight(): bigint | undefined {
    let highest: bigint | undefined;
    for (const { status } of this.peers())
      if (highest === undefined || status.height > highest) highest = status.height;
    return highest;
  }

  publish(message: ConsensusMessage): void {
    this.#spread(message, undefined);
  }

  relay(message: ConsensusMessage, from: string): void {
    this.#spread(message, from);
  }

  moved(height: bigint, round: number): void {
    // Peers learn of heights through Status frames, of rounds through the votes themselves.
    this.#parts?.proposals.moved(height);
    this.#parts?.repair.moved(height, round);
  }

  want(_height: bigint, _round: number, _blockId: BlockId): void {
    this.#parts?.repair.ask();
  }

  #spread(message: ConsensusMessage, from: string | undefined): void {
    if (message.type === "proposal") this.#parts?.proposals.proposal(message.proposal, from);
    else if (message.type === "part") this.#parts?.proposals.part(message.part);
    else this.#broadcast(message, from);
  }

  #broadcast(message: ConsensusMessage, except: string | undefined): void {
    const body = encode("tributary.p2p.v1.Frame", { consensus: toWire(message) });
    const item = digest(body);
    for (const peer of this.peers()) if (peer.nodeId !== except && peer.markSeen(item)) peer.sendEncoded(body);
  }

  /** Passes an admitted transaction on to every peer but `from`. */
  sendTransaction(tx: Uint8Array, from?: string): void {
    this.#parts?.transactions.send(tx, from);
  }

  /** Tells every peer how far this node is, and announces the block for those that are further away. */
  committed(height: bigint, blockHash: Uint8Array): void {
    const heights = this.#parts?.needs.heights() ?? { base: 0n, height: 0n };
    const body = encode("tributary.p2p.v1.Frame", { status: heights });
    for (const peer of this.peers()) peer.sendEncoded(body);
    this.#switch.announce(encode("tributary.p2p.v1.Announcement", { height, blockHash }));
  }

  // ------------------------------------------------------------ what comes in

  #peerAdded(peer: Peer): void {
    this.#log.info({ peer: peer.nodeId, moniker: peer.hello?.moniker, address: peer.address }, "a peer joined");
    this.#parts?.needs.heightsChanged();
    this.#parts?.transactions.tellPool(peer);
    this.#parts?.repair.ask();
    this.#parts?.needs.peerJoined?.(peer);
    this.#exchange?.joined(peer);
  }

  /** A frame of a peer that is welcome. A throw faults the peer. */
  frame(peer: Peer, frame: Frame, bytes: number): void {
    const parts = this.#parts;
    if (!parts) return;
    const { needs, proposals, transactions, repair } = parts;
    if (frame.status) {
      peer.status = frame.status;
      transactions.tellPool(peer);
      needs.heightsChanged();
    } else if (frame.transactions) transactions.receive(peer, frame.transactions.txs);
    else if (frame.consensus) void this.#consensus(peer, frame.consensus);
    else if (frame.compactProposal) void proposals.receive(peer, frame.compactProposal, bytes);
    else if (frame.repairRequest) repair.serve(peer, frame.repairRequest);
    else if (frame.repairResponse) void this.#repaired(peer, frame.repairResponse.messages);
    else this.requests.receive(peer, frame);
  }

  /** A message for the engine; true when it brought something new. */
  async #consensus(peer: Peer, wire: WireMessage): Promise<boolean> {
    const { needs, repair } = this.#parts!;
    const message = fromWire(wire);
    if (!message) {
      peer.fault("it sent an empty consensus message");
      return false;
    }
    const body = encode("tributary.p2p.v1.Frame", { consensus: wire });
    peer.markSeen(digest(body));
    const done = peer.startWork(body.length);
    if (done === undefined) return false;
    repair.sawRound(peer, message);
    try {
      const verdict = await needs.engine.receive(peer.nodeId, message);
      if (verdict === "invalid") peer.fault(`it sent a ${message.type} that no correct node sends`);
      if (verdict === "accepted") this.#switch.credit(peer);
      return verdict === "accepted";
    } finally {
      done();
    }
  }

  /** What was asked for: where it brought something, there may be more. */
  async #repaired(peer: Peer, messages: readonly WireMessage[]): Promise<void> {
    const brought = await Promise.all(messages.map((message) => this.#consensus(peer, message)));
    if (brought.includes(true)) this.#parts?.repair.goOn(peer);
  }
}
