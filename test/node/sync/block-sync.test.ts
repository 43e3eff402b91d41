/** Whom block sync asks, what it believes, and how it goes on when a peer is silent, gone, empty-handed or false. */
import { expect, test, vi } from "vitest";
import { silentLogger } from "../../../node/log.ts";
import { BLOCK_REQUEST_TIMEOUT_MS, MAX_BLOCKS_PER_REQUEST } from "../../../node/p2p/limits.ts";
import type { BlockResponse } from "../../../node/p2p/network.ts";
import type { Peer } from "../../../node/p2p/peer.ts";
import type { Block, EngineStatus, Verdict } from "../../../node/ports.ts";
import { BlockSync } from "../../../node/sync/block-sync.ts";
import { encode, fullDefault } from "../../../proto/codec.ts";

interface Request {
  readonly id: bigint;
  readonly fromHeight: bigint;
  readonly count: number;
}

/** A peer without a socket: what it was asked, and how it was dismissed. */
class StandInPeer {
  readonly requests: Request[] = [];
  readonly reasons: string[] = [];
  open = true;
  faulty = false;
  status: { base: bigint; height: bigint };

  constructor(height: bigint, base = 1n) {
    this.status = { base, height };
  }

  send(frame: { blockRequest: Request }): boolean {
    this.requests.push(frame.blockRequest);
    return this.open;
  }

  expect(): void {}

  close(reason: string): void {
    this.open = false;
    this.reasons.push(reason);
  }

  fault(reason: string): void {
    this.faulty = true;
    this.close(reason);
  }
}

function newSync(peers: StandInPeer[], options: { verdict?: (height: bigint) => Verdict; signing?: boolean } = {}) {
  const state = { height: 1n };
  const executed: bigint[] = [];
  const sync = new BlockSync({
    network: { peers: () => peers.filter(({ open }) => open) as unknown as Peer[] },
    engine: {
      status: () => ({ height: state.height, signing: options.signing ?? false }) as EngineStatus,
      receiveBlock: async (block: Block) => {
        const { height } = block.header;
        const verdict = options.verdict?.(height) ?? (height === state.height ? "accepted" : "ignored");
        if (verdict === "accepted") {
          executed.push(height);
          state.height += 1n;
        }
        return verdict;
      },
    },
    log: silentLogger(),
  });
  const answer = (peer: StandInPeer, heights: readonly bigint[], id = peer.requests.at(-1)?.id ?? 0n) =>
    sync.receive(peer as unknown as Peer, { id, blocks: heights.map(blockOf) } as BlockResponse);
  return { sync, state, executed, answer };
}

function blockOf(height: bigint): { block: Uint8Array; commit: Uint8Array } {
  const block = fullDefault("tendermint.types.Block");
  return {
    block: encode("tendermint.types.Block", { ...block, header: { ...block.header, height } }),
    commit: encode("tendermint.types.Commit", fullDefault("tendermint.types.Commit")),
  };
}

test("ranges are asked for one after the other until nothing is left", async () => {
  const peer = new StandInPeer(70n);
  const { sync, executed, answer } = newSync([peer]);
  expect(sync.catchingUp).toBe(true);
  sync.wake();
  sync.wake();
  expect(peer.requests).toEqual([{ id: 1n, fromHeight: 1n, count: MAX_BLOCKS_PER_REQUEST }]);
  await answer(peer, [1n, 2n, 3n]);
  expect(peer.requests.at(-1)).toMatchObject({ id: 2n, fromHeight: 4n });
  const rest = Array.from({ length: 67 }, (_, index) => BigInt(index + 4));
  await answer(peer, rest.slice(0, 64));
  await answer(peer, rest.slice(64));
  expect(executed).toEqual([1n, 2n, 3n, ...rest]);
  expect(peer.requests).toHaveLength(3);
  expect([sync.catchingUp, peer.open]).toEqual([false, true]);
});

test("a peer that leaves with a request open costs no time: another is asked at once", () => {
  const [first, second] = [new StandInPeer(9n), new StandInPeer(9n)];
  const peers = [first];
  const { sync } = newSync(peers);
  sync.wake();
  peers.push(second);
  first.close("gone");
  sync.wake();
  expect(second.requests).toMatchObject([{ fromHeight: 1n }]);
});

test("a peer that stays silent is left after its time, without being called false", () => {
  vi.useFakeTimers();
  try {
    const [silent, other] = [new StandInPeer(9n), new StandInPeer(0n)];
    const { sync } = newSync([silent, other]);
    sync.wake();
    other.status = { base: 1n, height: 9n };
    vi.advanceTimersByTime(BLOCK_REQUEST_TIMEOUT_MS + 1);
    expect([silent.open, silent.faulty]).toEqual([false, false]);
    expect(other.requests).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});

test("a peer that has not what it claims is believed no further, and one that pruned the block is not asked", async () => {
  const [empty, pruned] = [new StandInPeer(9n), new StandInPeer(9n, 5n)];
  const { sync, answer } = newSync([empty, pruned]);
  sync.wake();
  expect([empty.requests.length, pruned.requests.length]).toEqual([1, 0]);
  await answer(empty, []);
  expect(empty.status.height).toBe(0n);
  expect([empty.open, empty.requests.length]).toEqual([true, 1]);
});

test.each([
  ["a block that does not verify", [1n, 2n], (height: bigint): Verdict => (height === 2n ? "invalid" : "accepted")],
  ["another block than was asked for", [2n], undefined],
  ["more blocks than were asked for", Array.from({ length: 65 }, (_, index) => BigInt(index + 1)), undefined],
])("%s makes its sender false", async (_what, heights, verdict) => {
  const peer = new StandInPeer(90n);
  const { sync, answer } = newSync([peer], verdict === undefined ? {} : { verdict });
  sync.wake();
  await answer(peer, heights);
  expect(peer.faulty).toBe(true);
});

test("blocks that nobody asked for, or bytes that are no block, make their sender false", async () => {
  const [stranger, garbled] = [new StandInPeer(9n), new StandInPeer(9n)];
  const { answer } = newSync([stranger]);
  await answer(stranger, [1n], 1n);
  expect(stranger.faulty).toBe(true);
  const other = newSync([garbled]);
  other.sync.wake();
  const blocks = [{ block: Uint8Array.of(255), commit: new Uint8Array() }];
  await other.sync.receive(garbled as unknown as Peer, { id: 1n, blocks } as BlockResponse);
  expect(garbled.faulty).toBe(true);
});

test("a block that consensus decided meanwhile is no fault", async () => {
  const peer = new StandInPeer(9n);
  const { sync, state, answer, executed } = newSync([peer]);
  sync.wake();
  state.height = 2n;
  await answer(peer, [1n, 2n]);
  expect([peer.open, executed]).toEqual([true, [2n]]);
});

test("one block behind, consensus gets a moment before the block is fetched", () => {
  vi.useFakeTimers();
  try {
    const peer = new StandInPeer(1n);
    const { sync } = newSync([peer]);
    sync.wake();
    sync.wake();
    expect(peer.requests).toHaveLength(0);
    vi.advanceTimersByTime(1_000);
    expect(peer.requests).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});

test("a follower that has heard of nobody does not claim to be level; a validator that signs does", () => {
  const peers: StandInPeer[] = [];
  const { sync } = newSync(peers);
  expect(sync.catchingUp).toBe(true);
  expect(newSync([], { signing: true }).sync.catchingUp).toBe(false);
  peers.push(new StandInPeer(0n));
  expect(sync.catchingUp).toBe(false);
  // Once level it stays so while alone, and is behind again as soon as it hears of more.
  peers[0]?.close("gone");
  expect(sync.catchingUp).toBe(false);
  peers.push(new StandInPeer(5n));
  expect(sync.catchingUp).toBe(true);
});
