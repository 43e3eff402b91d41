/** Proposals in compact form between real hosts: what the engines see, what it costs, and what happens when something is missing or false. */
import { afterEach, expect, test } from "vitest";
import { encodeBlock } from "../../../chain/types/block.ts";
import { PartSet } from "../../../chain/types/part-set.ts";
import { joinDigests } from "../../../node/p2p/digest.ts";
import type { ConsensusMessage, Proposal } from "../../../node/ports.ts";
import { encode, fullDefault } from "../../../proto/codec.ts";
import { startNode, stopNodes, type TestNode, until } from "./support.ts";

afterEach(stopNodes);

/** A block of `count` transactions of `bytes` bytes, in parts, and a proposal for it. */
function proposedBlock(count: number, bytes = 300, height = 1n) {
  const txs = Array.from({ length: count }, (_, index) => {
    const tx = new Uint8Array(bytes).fill(index & 0xff);
    new DataView(tx.buffer).setUint32(0, index);
    return tx;
  });
  const empty = fullDefault("tendermint.types.Block");
  const commit = { ...fullDefault("tendermint.types.Commit"), height: height - 1n };
  const block = { ...empty, header: { ...empty.header, height }, data: { ...empty.data, txs }, lastCommit: commit };
  const parts = PartSet.fromBytes(encodeBlock(block));
  const proposal: Proposal = {
    ...fullDefault("tendermint.types.Proposal"),
    height,
    blockId: { hash: new Uint8Array(32).fill(1), partSetHeader: parts.header },
    signature: new Uint8Array(64).fill(2),
  };
  return { txs, block, parts, proposal };
}

type Proposed = ReturnType<typeof proposedBlock>;

/** Says what an engine says that takes a proposal and its parts once. */
function once() {
  const seen = new Set<string>();
  return (message: ConsensusMessage) => {
    const key =
      message.type === "part"
        ? `part ${message.part.index}`
        : message.type === "proposal"
          ? `proposal ${message.proposal.round}`
          : "";
    if (seen.has(key)) return "ignored" as const;
    seen.add(key);
    return "accepted" as const;
  };
}

function propose({ network }: TestNode, { proposal, parts }: Proposed): void {
  network.publish({ type: "proposal", proposal });
  const { height, round } = proposal;
  for (let index = 0; index < parts.header.total; index += 1)
    network.publish({ type: "part", height, round, part: parts.part(index)! });
}

/** What the engine must have been given: the proposal, then every part. */
function wholeOf({ proposal, parts }: Proposed): ConsensusMessage[] {
  const { height, round } = proposal;
  const all = Array.from({ length: parts.header.total }, (_, index) => parts.part(index)!);
  return [{ type: "proposal", proposal }, ...all.map((part) => ({ type: "part" as const, height, round, part }))];
}

const messages = (node: TestNode) => node.consensus.map(({ message }) => message);
const bytesOut = (node: TestNode) =>
  Object.entries(node.network.statistics().channels)
    .filter(([name]) => /proposal|part|response/.test(name))
    .reduce((sum, [, traffic]) => sum + traffic.bytesOut, 0);

async function pair(options: Parameters<typeof startNode>[0] = {}) {
  const proposer = await startNode({ judge: once(), ...options });
  const receiver = await startNode({ judge: once(), peers: [proposer.address], ...options });
  await until(() => proposer.network.peers().length === 1 && receiver.network.peers().length === 1, "connected");
  return { proposer, receiver };
}

test("a block whose transactions are known travels in a tenth of its bytes, and the engine sees proposal and parts", async () => {
  const { proposer, receiver } = await pair();
  const proposed = proposedBlock(400);
  for (const tx of proposed.txs) proposer.network.sendTransaction(tx);
  await until(() => receiver.transactions.length === 400, "the transactions went by");
  propose(proposer, proposed);
  await until(() => receiver.consensus.length === 1 + proposed.parts.header.total, "the block is whole");
  expect(messages(receiver)).toEqual(wholeOf(proposed));
  expect(bytesOut(proposer)).toBeLessThan(encodeBlock(proposed.block).length / 10);
  expect(receiver.network.statistics().proposals).toMatchObject({ rebuilt: 1, transactionsMissing: 0 });
});

test("transactions that only wait in the mempool are found there", async () => {
  const proposed = proposedBlock(50);
  const { proposer, receiver } = await pair({ pool: proposed.txs });
  propose(proposer, proposed);
  await until(() => receiver.consensus.length === 2, "the block is whole");
  expect(receiver.network.statistics().proposals).toMatchObject({ rebuilt: 1, transactionsMissing: 0 });
});

test("missing transactions are pulled from the sender, and the block goes on along a line", async () => {
  const a = await startNode({ judge: once() });
  const b = await startNode({ judge: once(), peers: [a.address] });
  const c = await startNode({ judge: once(), peers: [b.address] });
  await until(() => b.network.peers().length === 2 && c.network.peers().length === 1, "a line of three");
  const proposed = proposedBlock(300);
  propose(a, proposed);
  await until(() => c.consensus.length === 1 + proposed.parts.header.total, "the far end has the block");
  expect(messages(b)).toEqual(wholeOf(proposed));
  expect(messages(c)).toEqual(wholeOf(proposed));
  expect(c.network.statistics().proposals).toMatchObject({ rebuilt: 1, transactionsMissing: 300 });
});

test("a block proposed again in a later round does not travel again", async () => {
  const { proposer, receiver } = await pair();
  const proposed = proposedBlock(200);
  propose(proposer, proposed);
  await until(() => receiver.consensus.length === 1 + proposed.parts.header.total, "the block is whole");
  const before = bytesOut(proposer);
  propose(proposer, { ...proposed, proposal: { ...proposed.proposal, round: 1, polRound: 0 } });
  await until(
    () => messages(receiver).some((message) => message.type === "proposal" && message.proposal.round === 1),
    "the second proposal",
  );
  expect(bytesOut(proposer) - before).toBeLessThan(400);
});

test("a compact form that would be longer than a frame gives way to parts", async () => {
  const { proposer, receiver } = await pair();
  const proposed = proposedBlock(75_000, 4);
  propose(proposer, proposed);
  await until(() => receiver.consensus.length === 1 + proposed.parts.header.total, "all parts came");
  expect(messages(receiver)).toEqual(wholeOf(proposed));
  expect(proposer.network.statistics().proposals).toMatchObject({ sentFull: 1, sentCompact: 0 });
});

test("a compact form of another block than the proposed one is a fault, and parts are asked for", async () => {
  const { proposer, receiver } = await pair({ height: 3n });
  const other = await startNode({ judge: once(), height: 3n, peers: [receiver.address] });
  await until(() => receiver.network.peers().length === 2, "another peer");
  const proposed = proposedBlock(0, 300, 4n);
  const block = { ...proposed.block, header: { ...proposed.block.header, chainId: "another" } };
  const asked = proposer.repairs.length + other.repairs.length;
  proposer.network
    .peers()[0]!
    .send({ compactProposal: { proposal: proposed.proposal, block, transactionIds: new Uint8Array() } });
  await until(() => receiver.network.statistics().faults === 1, "the lie was noticed");
  await until(() => proposer.repairs.length + other.repairs.length > asked, "parts are asked for");
  expect(messages(receiver).filter(({ type }) => type === "part")).toEqual([]);
});

test("a peer that withholds what it named is passed over, and another's compact form serves", async () => {
  const { proposer, receiver } = await pair();
  const other = await startNode({ judge: once(), peers: [receiver.address] });
  await until(() => receiver.network.peers().length === 2, "another peer");
  const proposed = proposedBlock(20);
  const names = joinDigests(Array.from({ length: 20 }, () => "AAAAAAAAAAAAAAAAAAAA"));
  const { data: _, ...body } = proposed.block;
  const compactProposal = { proposal: proposed.proposal, block: { ...body, data: { txs: [] } }, transactionIds: names };
  proposer.network.peers()[0]!.send({ compactProposal });
  await until(() => receiver.consensus.length === 1, "the proposal came");
  propose(other, proposed);
  const parts = () => messages(receiver).filter(({ type }) => type === "part");
  await until(() => parts().length === 1, "the block is whole");
  expect(parts()).toEqual(wholeOf(proposed).slice(1));
});

test("a compact proposal for the next height is kept until that height begins", async () => {
  let early = true;
  const { proposer, receiver } = await pair({
    judge: () => (early ? "ignored" : "accepted"),
  });
  const proposed = proposedBlock(5, 300, 2n);
  propose(proposer, proposed);
  await until(() => receiver.consensus.length === 1, "the proposal came early");
  early = false;
  receiver.network.moved(2n, 0);
  // The driver takes what it kept for the height, and passes it on.
  receiver.network.relay({ type: "proposal", proposal: proposed.proposal }, proposer.key.id);
  await until(() => receiver.consensus.length === 2, "the block is whole");
  expect(messages(receiver)[1]!.type).toBe("part");
});

test("names that are cut short, and a body with transactions in it, end the connection", async () => {
  for (const broken of [{ transactionIds: new Uint8Array(14) }, { block: proposedBlock(1).block }]) {
    const { proposer, receiver } = await pair();
    const proposed = proposedBlock(0);
    const compactProposal = {
      proposal: proposed.proposal,
      block: proposed.block,
      transactionIds: new Uint8Array(),
      ...broken,
    };
    proposer.network.peers()[0]!.sendEncoded(encode("tributary.p2p.v1.Frame", { compactProposal }));
    await until(() => receiver.network.peers().length === 0, "the peer is out");
  }
});
