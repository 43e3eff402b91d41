/** Whom block sync asks, what it believes, and how it goes on when a peer is silent, gone, empty-handed or false. */
import { expect, test, vi } from "vitest";
import { silentLogger } from "../../../node/log.ts";
import { LIVE_GRACE_MS, MAX_BLOCKS_PER_REQUEST } from "../../../node/p2p/limits.ts";
import type { Peer } from "../../../node/p2p/peer.ts";
import { NoAnswerError } from "../../../node/p2p/requests.ts";
import type { Block, Commit, EngineStatus, Verdict } from "../../../node/ports.ts";
import { BlockSync } from "../../../node/sync/block-sync.ts";
import {
  DOUBT_MS,
  MAX_BLOCK_QUESTIONS,
  MAX_BLOCKS_AHEAD,
  SLIGHTLY_BEHIND_BLOCKS,
  SLIGHTLY_BEHIND_MS,
} from "../../../node/sync/limits.ts";
import { encode, fullDefault } from "../../../proto/codec.ts";
import type { Messages } from "../../../proto/types.gen.ts";

type Sent = Messages["tributary.p2p.v1.CommittedBlock"];

interface Asked {
  readonly fromHeight: bigint;
  readonly count: number;
  readonly answer: (blocks: readonly Sent[]) => void;
  readonly refuse: () => void;
}

/** A peer without a socket: what it was asked, and how it was dismissed. */
class StandInPeer {
  readonly asked: Asked[] = [];
  reason = "";
  open = true;
  faulty = false;
  status: { base: bigint; height: bigint };
  readonly nodeId = "00";

  constructor(height: bigint, base = 1n) {
    this.status = { base, height };
  }

  fault(reason: string): void {
    this.faulty = true;
    this.open = false;
    this.reason = reason;
  }

  /** Answers every open question from an honest chain, once. */
  serve(change: (height: bigint) => Sent = blockOf): void {
    for (const { fromHeight, count, answer } of this.asked.splice(0)) {
      const heights = Array.from({ length: count }, (_, index) => fromHeight + BigInt(index));
      answer(heights.filter((height) => height <= this.status.height).map(change));
    }
  }
}

function newSync(
  peers: StandInPeer[],
  options: { verdict?: (height: bigint, commit: Commit) => Verdict; signing?: boolean; power?: bigint } = {},
) {
  const state = { height: 1n };
  const executed: bigint[] = [];
  const commits: bigint[] = [];
  const own = new Uint8Array(20).fill(7);
  const validators = {
    validators: [{ address: own, votingPower: options.power ?? 1n }],
    totalVotingPower: 10n,
  };
  const sync = new BlockSync({
    network: {
      peers: () => peers.filter(({ open }) => open) as unknown as Peer[],
      requests: {
        ask: ((peer: unknown, _kind: unknown, question: { fromHeight: bigint; count: number }) =>
          new Promise((resolve, reject) => {
            (peer as StandInPeer).asked.push({
              ...question,
              answer: (blocks) => resolve({ blocks }),
              refuse: () => reject(new NoAnswerError("a test says so")),
            });
          })) as never,
      },
    },
    engine: {
      status: () =>
        ({ height: state.height, signing: options.signing ?? false, state: { validators } }) as unknown as EngineStatus,
      receiveBlock: async (block: Block, commit: Commit) => {
        const { height } = block.header;
        const verdict = options.verdict?.(height, commit) ?? (height === state.height ? "accepted" : "ignored");
        if (verdict === "accepted") {
          executed.push(height);
          commits.push(commit.height);
          state.height += 1n;
        }
        return verdict;
      },
    },
    log: silentLogger(),
    ownAddress: own,
  });
  return { sync, state, executed, commits };
}

/** Block `height`, with the commit of the one before inside, and beside it a commit that says height 0: the sender's own. */
function blockOf(height: bigint): Sent {
  const block = fullDefault("tendermint.types.Block");
  const commit = fullDefault("tendermint.types.Commit");
  const lastCommit = { ...commit, height: height - 1n };
  return {
    block: encode("tendermint.types.Block", { ...block, header: { ...block.header, height }, lastCommit }),
    commit: encode("tendermint.types.Commit", commit),
    extendedCommit: new Uint8Array(),
  };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 400; turn += 1) await Promise.resolve();
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => BigInt(index + 1));

test("several peers are asked for neighbouring ranges at once, and the blocks are executed in order", async () => {
  const peers = [new StandInPeer(90n), new StandInPeer(90n), new StandInPeer(90n)];
  const { sync, executed, commits } = newSync(peers);
  expect(sync.catchingUp).toBe(true);
  sync.wake();
  sync.wake();
  const open = peers.flatMap(({ asked }) => asked);
  expect(open).toHaveLength(MAX_BLOCK_QUESTIONS);
  expect(open.map(({ fromHeight }) => fromHeight).sort((a, b) => Number(a - b))).toEqual([1n, 6n, 11n, 16n, 21n]);
  expect(open.every(({ count }) => count === MAX_BLOCKS_PER_REQUEST)).toBe(true);
  expect(peers.every(({ asked }) => asked.length >= 1)).toBe(true);
  for (let turn = 0; turn < 40 && executed.length < 90; turn += 1) {
    // The later ranges arrive first.
    for (const peer of peers.toReversed()) peer.serve();
    await settled();
  }
  expect(executed).toEqual(upTo(90));
  // By the commit in the block after it where that is here already, the last one by the sender's own.
  expect(commits.filter((height, index) => height === BigInt(index + 1)).length).toBeGreaterThan(80);
  expect(commits.at(-1)).toBe(0n);
  expect([sync.catchingUp, peers.every(({ open: stays }) => stays)]).toEqual([false, true]);
});

test("no more is fetched ahead than may wait", async () => {
  const peer = new StandInPeer(1_000n);
  const { sync } = newSync([peer], { verdict: () => "ignored" });
  sync.wake();
  const asked: bigint[] = [];
  for (let turn = 0; turn < 60; turn += 1) {
    asked.push(...peer.asked.map(({ fromHeight, count }) => fromHeight + BigInt(count) - 1n));
    peer.serve();
    await settled();
  }
  expect(asked.reduce((most, height) => (height > most ? height : most))).toBeLessThanOrEqual(
    BigInt(MAX_BLOCKS_AHEAD) + 5n,
  );
});

test("a peer that leaves or stays silent costs the others nothing: its range is asked of another", async () => {
  const [silent, other] = [new StandInPeer(9n), new StandInPeer(0n)];
  const { sync, executed } = newSync([silent, other]);
  sync.wake();
  other.status = { base: 1n, height: 9n };
  for (const { refuse } of silent.asked.splice(0)) refuse();
  await settled();
  expect([silent.open, silent.faulty]).toEqual([true, false]);
  for (let turn = 0; turn < 5; turn += 1) {
    other.serve();
    await settled();
  }
  expect(executed).toEqual(upTo(9));
  expect(silent.asked).toEqual([]);
});

test("a great height that is claimed and never delivered is believed no longer than one answer may take", async () => {
  vi.useFakeTimers();
  try {
    const [liar, honest] = [new StandInPeer(1n << 62n), new StandInPeer(3n)];
    const { sync, state } = newSync([liar, honest]);
    state.height = 4n;
    expect(sync.catchingUp).toBe(true);
    sync.wake();
    for (const { answer } of liar.asked.splice(0)) answer([]);
    await settled();
    expect([sync.catchingUp, sync.bestClaim()]).toEqual([false, 3n]);
    // It says so again: nothing changes until it has had its time, and then only for one more answer.
    liar.status = { base: 1n, height: 1n << 62n };
    sync.wake();
    expect([sync.catchingUp, liar.asked.length]).toEqual([false, 0]);
    await vi.advanceTimersByTimeAsync(DOUBT_MS + 2);
    expect(liar.asked.length).toBeGreaterThan(0);
    for (const { refuse } of liar.asked.splice(0)) refuse();
    await settled();
    expect(sync.catchingUp).toBe(false);
  } finally {
    vi.useRealTimers();
  }
});

test("a validator without which no block is made is behind only while blocks really come", async () => {
  const claimant = new StandInPeer(50n);
  const { sync } = newSync([claimant], { signing: true, power: 4n });
  expect(sync.catchingUp).toBe(false);
  sync.wake();
  claimant.serve();
  await settled();
  expect(sync.catchingUp).toBe(true);
  expect(newSync([claimant], { signing: true, power: 3n }).sync.catchingUp).toBe(true);
});

test.each([
  ["a block that does not verify", blockOf, (height: bigint): Verdict => (height === 2n ? "invalid" : "accepted")],
  ["another block than was asked for", (height: bigint) => blockOf(height + 1n), undefined],
  ["bytes that are no block", (height: bigint) => ({ ...blockOf(height), block: Uint8Array.of(255) }), undefined],
  [
    "a commit of more signatures than there can be validators",
    (height: bigint) => ({
      ...blockOf(height),
      commit: new Uint8Array(20_002).map((_, index) => (index % 2 === 0 ? 0x22 : 0)),
    }),
    undefined,
  ],
])("%s makes its sender false, and another is asked", async (_what, change, verdict) => {
  const [liar, honest] = [new StandInPeer(4n), new StandInPeer(0n)];
  const { sync } = newSync([liar, honest], verdict === undefined ? {} : { verdict });
  sync.wake();
  honest.status = { base: 1n, height: 4n };
  liar.serve(change);
  await settled();
  expect(liar.faulty).toBe(true);
  expect(honest.asked.length).toBeGreaterThan(0);
});

test("more blocks than were asked for make their sender false", async () => {
  const peer = new StandInPeer(90n);
  const { sync } = newSync([peer]);
  sync.wake();
  peer.asked[0]!.answer(upTo(6).map(blockOf));
  await settled();
  expect(peer.reason).toMatch(/more than were asked for/);
});

test("a block whose commit for the one before is false makes its own sender false, not the one before's", async () => {
  const [first, second] = [new StandInPeer(1n), new StandInPeer(2n, 2n)];
  const { sync, executed } = newSync([first, second], {
    verdict: (height, commit) =>
      height === 1n && commit.height === 1n ? "invalid" : height > 2n ? "ignored" : "accepted",
  });
  sync.wake();
  second.serve();
  await settled();
  first.serve();
  await settled();
  expect(executed[0]).toBe(1n);
  expect([first.faulty, second.faulty]).toEqual([false, true]);
});

test("a peer that pruned the block is not asked for it", () => {
  const pruned = new StandInPeer(9n, 5n);
  const { sync } = newSync([pruned]);
  sync.wake();
  expect(pruned.asked.every(({ fromHeight }) => fromHeight >= 5n)).toBe(true);
});

test("a block that consensus decided meanwhile is no fault", async () => {
  const peer = new StandInPeer(9n);
  const { sync, state, executed } = newSync([peer]);
  sync.wake();
  state.height = 2n;
  peer.serve();
  await settled();
  expect([peer.open, executed[0]]).toEqual([true, 2n]);
});

test("one block behind, consensus gets a moment before the block is fetched", () => {
  vi.useFakeTimers();
  try {
    const peer = new StandInPeer(1n);
    const { sync } = newSync([peer]);
    sync.wake();
    sync.wake();
    expect(peer.asked).toHaveLength(0);
    vi.advanceTimersByTime(LIVE_GRACE_MS + 10);
    expect(peer.asked).toHaveLength(1);
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
  peers[0]!.open = false;
  expect(sync.catchingUp).toBe(false);
  peers.push(new StandInPeer(50n));
  expect(sync.catchingUp).toBe(true);
});

test("a validator that others outrun by a block or two for a moment keeps up; one that stays behind does not", () => {
  vi.useFakeTimers();
  try {
    const peer = new StandInPeer(0n);
    const { sync, state } = newSync([peer], { signing: true });
    sync.wake();
    for (let height = 1n; height <= 40n; height += 2n) {
      // The others decided two blocks before this node had the votes for the first.
      peer.status = { base: 1n, height: height + 1n };
      sync.wake();
      expect(sync.catchingUp).toBe(false);
      vi.advanceTimersByTime(1_000);
      expect(sync.catchingUp).toBe(false);
      state.height = height + 2n;
      sync.wake();
    }
    peer.status = { base: 1n, height: 42n };
    vi.advanceTimersByTime(SLIGHTLY_BEHIND_MS - 1);
    expect(sync.catchingUp).toBe(false);
    vi.advanceTimersByTime(1);
    expect(sync.catchingUp).toBe(true);
    // Level again, and then far behind: that is no matter of a moment.
    state.height = 43n;
    expect(sync.catchingUp).toBe(false);
    peer.status = { base: 1n, height: 43n + BigInt(SLIGHTLY_BEHIND_BLOCKS) };
    expect(sync.catchingUp).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});
