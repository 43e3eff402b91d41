import { describe, expect, test } from "vitest";
import { SIGNED_PRECOMMIT, SIGNED_PREVOTE } from "../../../chain/types/vote.ts";
import { EXIT_KEY_IN_USE } from "../../../node/ports.ts";
import { Bench, type BenchOptions } from "./bench.ts";
import { ReferenceChain } from "./reference-chain.ts";

/** The node is validator 0 of four; `peers` is what it hears of their heights, and may be changed. */
function bench(changes: Partial<BenchOptions> = {}): {
  node: Bench;
  chain: ReferenceChain;
  peers: { height: bigint | undefined };
} {
  const peers: { height: bigint | undefined } = { height: 0n };
  const node = new Bench({
    validators: 4,
    rewriteBytes: 1_000_000,
    driver: { doubleSignCheckHeight: 10 },
    peerHeight: () => peers.height,
    ...changes,
  });
  return { node, chain: new ReferenceChain(node.genesis), peers };
}

const own = (node: Bench): number => node.sent.filter(({ type }) => type === "vote" || type === "proposal").length;

/** Two rounds of the bench's timeouts. */
const TWO_ROUNDS_MS = 2 * (300 + 100 + 100 + 100);

describe("a key that may be in use on another node", () => {
  test("signs at once where no peer is further", async () => {
    const { node } = bench();
    await node.start();
    await node.runUntil(() => own(node) > 0, 400);
    expect(own(node)).toBeGreaterThan(0);
    expect(node.driver?.status().signing).toBe(true);
  });

  test("waits for a first peer, which it needs anyway, and no longer than two rounds take", async () => {
    const { node, peers } = bench();
    peers.height = undefined;
    await node.start();
    await node.runUntil(() => false, TWO_ROUNDS_MS - 200);
    expect(own(node)).toBe(0);
    expect(node.driver?.status().signing).toBe(false);
    await node.runUntil(() => own(node) > 0, 400);
    expect(own(node)).toBeGreaterThan(0);
  });

  test("says what it had to hold back as soon as a peer is there that is no further", async () => {
    const { node, peers } = bench();
    peers.height = undefined;
    await node.start();
    await node.runUntil(() => false, 500);
    expect(own(node)).toBe(0);
    peers.height = 0n;
    await node.runUntil(() => false, 150);
    // The propose timeout of round 0 passed meanwhile: its nil prevote is still wanted.
    const [first] = node.sent;
    expect(first?.type === "vote" && first.vote).toMatchObject({ type: SIGNED_PREVOTE, height: 1n, round: 0 });
  });

  test("listens for two rounds when the chain went on without it", async () => {
    const { node, chain, peers } = bench();
    peers.height = 2n;
    await node.start();
    for (const _ of [1, 2]) {
      const { block, commit } = chain.next({ signers: [1, 2, 3] });
      expect(await node.driver?.receiveBlock(block, commit)).toBe("accepted");
    }
    await node.runUntil(() => false, TWO_ROUNDS_MS - 300);
    expect(own(node)).toBe(0);
    expect(node.lines.join("\n")).toContain("listens for two rounds");
    await node.runUntil(() => own(node) > 0, 1_000);
    expect(own(node)).toBeGreaterThan(0);
  });

  test("signs when two rounds have passed, without waiting for the time to be over", async () => {
    const { node, chain, peers } = bench();
    peers.height = 1n;
    await node.start();
    const { block, commit } = chain.next({ signers: [1, 2, 3] });
    await node.driver?.receiveBlock(block, commit);
    await node.runUntil(() => node.machine.height === 2n && node.machine.step !== "newHeight", 1_000);
    for (const round of [1, 2]) {
      for (const key of [1, 2]) {
        await node.driver?.receive("p", { type: "vote", vote: chain.vote(key, { type: SIGNED_PREVOTE, round }) });
      }
    }
    expect(node.machine.round).toBe(2);
    const before = node.nowMs;
    await node.runUntil(() => own(node) > 0, 2_000);
    expect(node.nowMs - before).toBeLessThan(TWO_ROUNDS_MS / 2);
  });

  test("that finds its signature in a commit that arrives signs nothing at all and follows", async () => {
    const { node, chain, peers } = bench();
    peers.height = 2n;
    await node.start();
    for (const _ of [1, 2]) {
      const { block, commit } = chain.next({ signers: [0, 1, 2] });
      expect(await node.driver?.receiveBlock(block, commit)).toBe("accepted");
    }
    expect(await node.runUntil(() => own(node) > 0, 10_000)).toBe(false);
    expect(node.driver?.status()).toMatchObject({ height: 3n, signing: false });
    expect(node.keyInUse).toBeUndefined();
    expect(node.lines.join("\n")).toMatch(
      /the commit of height 1 carries .* does not know.*follows the chain without signing/,
    );
    expect(node.lines.join("\n")).toContain("tributaryd sign-state init --min-height");
  });

  test("that finds its signature in a stored commit signs nothing after the next start", async () => {
    const { node, chain } = bench({ driver: { doubleSignCheckHeight: 0 } });
    await node.start();
    const { block, commit } = chain.next({ signers: [0, 1, 2] });
    await node.driver?.receiveBlock(block, commit);
    node.crash();
    const again = bench().node;
    const twin = node.copy();
    Object.assign(again.database, { state: twin.database.state });
    for (const [height, batch] of twin.database.blocks) again.database.blocks.set(height, batch);
    for (const [key, value] of twin.database.records) again.database.records.set(key, value);
    for (const path of twin.disk.paths()) again.disk.write(path, twin.disk.read(path) as Uint8Array);
    await again.start();
    expect(await again.runUntil(() => own(again) > 0, 10_000)).toBe(false);
    expect(again.lines.join("\n")).toContain("the commit of height 1 carries");
  });

  test("knows its own signatures again after a restart, those of earlier heights too", async () => {
    const node = new Bench({ driver: { doubleSignCheckHeight: 10 }, rewriteBytes: 1_000_000, peerHeight: () => 0n });
    await node.start();
    expect(await node.reaches(5n)).toBe(true);
    node.crash();
    await node.start();
    expect(await node.reaches(7n)).toBe(true);
    expect(node.lines.join("\n")).not.toContain("carries a signature");
  });

  test("knows them too where the journal was replaced meanwhile", async () => {
    const node = new Bench({ driver: { doubleSignCheckHeight: 10 }, rewriteBytes: 0 });
    await node.start();
    expect(await node.reaches(5n)).toBe(true);
    node.crash();
    await node.start();
    expect(await node.reaches(7n)).toBe(true);
    expect(node.lines.join("\n")).not.toContain("carries a signature");
  });

  test("whose vote comes from outside after this node signed makes it stop, with a code of its own", async () => {
    const { node, chain } = bench();
    await node.start();
    await node.runUntil(() => own(node) > 0, 1_000);
    const vote = chain.vote(0, { type: SIGNED_PRECOMMIT, round: 1 });
    // Neither taken nor logged: a restart would take it for one of its own.
    expect(await node.driver?.receive("p", { type: "vote", vote })).toBe("ignored");
    expect(node.keyInUse?.exitCode).toBe(EXIT_KEY_IN_USE);
    expect(node.keyInUse?.message).toMatch(/a vote of height 1 carries .*another node signs with this key/);
    expect(node.driver?.status().signing).toBe(false);
    const before = own(node);
    await node.runUntil(() => false, 5_000);
    // Stopped or not, it signs nothing more.
    expect(own(node)).toBe(before);
    node.crash();
    await node.start();
    expect(node.signer?.knows(vote)).toBe(false);
  });

  test("whose vote comes inside a certificate is found as well", async () => {
    const { node, chain } = bench();
    await node.start();
    await node.runUntil(() => own(node) > 0, 1_000);
    const votes = [0, 1, 2].map((key) => chain.vote(key, { type: SIGNED_PREVOTE, round: 1 }));
    const signatures = chain.state.validators.validators.map((_, index) => {
      const vote = votes.find(({ validatorIndex }) => validatorIndex === index);
      const { validatorAddress, timestamp, signature } = vote ?? {
        validatorAddress: new Uint8Array(0),
        timestamp: { seconds: -62_135_596_800n, nanos: 0 },
        signature: new Uint8Array(0),
      };
      return { blockIdFlag: vote === undefined ? 1 : 2, validatorAddress, timestamp, signature };
    });
    const commit = { height: 1n, round: 1, blockId: votes[0]!.blockId, signatures };
    await node.driver?.receive("p", { type: "certificate", certificate: { kind: "polka", commit } });
    expect(node.keyInUse?.exitCode).toBe(EXIT_KEY_IN_USE);
  });

  test("whose proposal comes from outside is found, and the proposal is neither taken nor passed on as this node's", async () => {
    const { node, chain, peers } = bench();
    peers.height = undefined;
    await node.start();
    const round = [0, 1].find((each) => chain.proposer(each) === 0);
    if (round === undefined) throw new Error("the node proposes in neither round");
    const proposal = chain.proposal(chain.candidate({ round }), round);
    expect(await node.driver?.receive("p", { type: "proposal", proposal })).toBe("ignored");
    expect(node.lines.join("\n")).toMatch(/a proposal of height 1 carries .*follows the chain without signing/);
    expect(node.sent).toEqual([]);
    expect(await node.driver?.receive("p", { type: "proposal", proposal })).toBe("ignored");
  });

  test("its own votes coming back are nothing strange", async () => {
    const { node } = bench();
    await node.start();
    await node.runUntil(() => own(node) > 0, 1_000);
    for (const message of [...node.sent]) await node.driver?.receive("p", message);
    expect(node.keyInUse).toBeUndefined();
    expect(node.driver?.status().signing).toBe(true);
  });

  test("a validator that decides alone waits for nobody", async () => {
    const node = new Bench({ driver: { doubleSignCheckHeight: 10 }, peerHeight: () => undefined });
    await node.start();
    expect(await node.runUntil(() => node.height >= 1n, 1)).toBe(true);
  });

  test("with the watch turned off signs at once, whatever peers say", async () => {
    const { node, peers } = bench({ driver: { doubleSignCheckHeight: 0 } });
    peers.height = 50n;
    await node.start();
    await node.runUntil(() => own(node) > 0, 500);
    expect(own(node)).toBeGreaterThan(0);
  });
});

test("a block from sync costs no fsync beside that of the database's batch", async () => {
  for (const hasKey of [true, false]) {
    const { node, chain } = bench({ hasKey });
    await node.start();
    const before = node.disk.syncs;
    for (let count = 0; count < 20; count++) {
      const { block, commit } = chain.next({ signers: [1, 2, 3] });
      expect(await node.driver?.receiveBlock(block, commit)).toBe("accepted");
    }
    expect(node.height).toBe(20n);
    expect(node.disk.syncs - before).toBe(0);
  }
});
