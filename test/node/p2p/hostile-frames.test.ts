/**
 * What a hostile peer can send: frames that would take far more memory than they have bytes, every field of valid frames changed, random
 * bytes. Nothing escapes as a throw, and the offender is faulted; bounds are on values, so that no clock is needed.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { summaryOf } from "../../../chain/consensus/repair.ts";
import { initialState } from "../../../chain/consensus/step.ts";
import { answerRepair } from "../../../node/engine/repair-answer.ts";
import { silentLogger } from "../../../node/log.ts";
import { compactOf } from "../../../node/p2p/compact-block.ts";
import { splitDigests } from "../../../node/p2p/digest.ts";
import { frame } from "../../../node/p2p/framing.ts";
import { generateNodeKey, NodeIdentityError, parsePeerAddress } from "../../../node/p2p/identity.ts";
import { MAX_FRAME_BYTES } from "../../../node/p2p/limits.ts";
import { PeerNetwork } from "../../../node/p2p/network.ts";
import { decodeFrame, type Frame } from "../../../node/p2p/peer.ts";
import { decodeBounded } from "../../../node/p2p/requests.ts";
import { channelOf } from "../../../node/p2p/statistics.ts";
import { fromWire, summaryFromWire } from "../../../node/p2p/wire-messages.ts";
import { DecodeError, encode, fullDefault } from "../../../proto/codec.ts";
import { hostile } from "./hostile-peer.ts";

/** A field's tag and a body of `count` repetitions of `piece`, nested in the fields of `path`, the outermost first. */
function nested(path: readonly number[], piece: readonly number[], count: number): Uint8Array {
  let body: Uint8Array = new Uint8Array(piece.length * count);
  for (let index = 0; index < count; index += 1) body.set(piece, index * piece.length);
  for (const field of path.toReversed()) body = Buffer.concat([Uint8Array.of((field << 3) | 2), frame(body)]);
  return new Uint8Array(body);
}

const EMPTY = (field: number) => [(field << 3) | 2, 0];

describe("frames that would grow", () => {
  const half = MAX_FRAME_BYTES / 2 - 64;
  test.each([
    ["empty transactions", nested([3], EMPTY(1), half)],
    ["empty messages of a repair answer", nested([6], EMPTY(1), half)],
    ["empty signatures of a certificate", nested([4, 4, 2], EMPTY(4), half)],
    ["empty validators of evidence", nested([4, 5, 2], EMPTY(2), half)],
    ["empty rounds of a repair request", nested([5], EMPTY(3), half)],
    ["empty keys of certificates in a round", nested([5, 3], EMPTY(5), half)],
    ["empty aunts of a part's proof", nested([4, 2, 3, 3], EMPTY(4), half)],
    ["empty signatures in a compact proposal", nested([15, 2, 4], EMPTY(4), half)],
  ])("%s are refused before they are built", (_, body) => {
    expect(body.length).toBeLessThanOrEqual(MAX_FRAME_BYTES);
    expect(() => decodeFrame(body)).toThrow(DecodeError);
  });

  test("empty blocks of an answer are refused before they are built, blocks are not", () => {
    expect(() => decodeBounded("tributary.p2p.v1.BlockResponse", nested([], EMPTY(1), half))).toThrow(DecodeError);
    const blocks = Array.from({ length: 64 }, () => ({ block: new Uint8Array(1_000), commit: new Uint8Array(500) }));
    const honest = encode("tributary.p2p.v1.BlockResponse", { blocks });
    expect(decodeBounded("tributary.p2p.v1.BlockResponse", honest).blocks).toHaveLength(64);
  });

  test("what honest nodes send is far from that", () => {
    const absent = { ...fullDefault("tendermint.types.CommitSig"), blockIdFlag: 1 };
    const commit = { ...fullDefault("tendermint.types.Commit"), signatures: new Array(10_000).fill(absent) };
    const certificate = encode("tributary.p2p.v1.Frame", {
      consensus: { certificate: { precommits: true, commit, extensions: [] } },
    });
    expect(decodeFrame(certificate).consensus?.certificate?.commit.signatures).toHaveLength(10_000);
    const txs = Array.from({ length: 5_000 }, () => new Uint8Array(60));
    expect(decodeFrame(encode("tributary.p2p.v1.Frame", { transactions: { txs } })).transactions?.txs).toHaveLength(
      5_000,
    );
  });
});

/** Valid frames of every kind, small. */
function validFrames(): Uint8Array[] {
  const vote = { ...fullDefault("tendermint.types.Vote"), height: 1n, signature: new Uint8Array(64) };
  const part = { ...fullDefault("tendermint.types.Part"), bytes: new Uint8Array(20) };
  const proposal = { ...fullDefault("tendermint.types.Proposal"), height: 1n, signature: new Uint8Array(64) };
  const commit = { ...fullDefault("tendermint.types.Commit"), signatures: [fullDefault("tendermint.types.CommitSig")] };
  const block = { ...fullDefault("tendermint.types.Block"), lastCommit: commit };
  const rounds = [
    {
      round: 0,
      hasProposal: true,
      prevotes: Uint8Array.of(1),
      precommits: Uint8Array.of(1),
      certificates: ["polka/a"],
    },
  ];
  const wanted = fullDefault("tendermint.types.BlockID");
  const bodies: Partial<Frame>[] = [
    { status: { base: 1n, height: 2n } },
    { transactions: { txs: [new Uint8Array(30)] } },
    { consensus: { vote } },
    { consensus: { proposal } },
    { consensus: { blockPart: { height: 1n, round: 0, part } } },
    { consensus: { certificate: { precommits: true, commit, extensions: [] } } },
    { repairRequest: { height: 1n, round: 0, rounds, wanted, parts: Uint8Array.of(1) } },
    { repairResponse: { messages: [{ vote }] } },
    {
      request: { id: 2n, kind: "blocks", body: encode("tributary.p2p.v1.BlockRequest", { fromHeight: 1n, count: 5 }) },
    },
    { request: { id: 1n, kind: "block_transactions", body: Uint8Array.of(1, 2) } },
    { request: { id: 3n, kind: "peers", body: new Uint8Array() } },
    { request: { id: 4n, kind: "clock", body: new Uint8Array() } },
    { response: { id: 1n, body: new Uint8Array(5), refused: false } },
    { compactProposal: { proposal, block, transactionIds: new Uint8Array(15) } },
  ];
  return bodies.map((body) => encode("tributary.p2p.v1.Frame", body as never));
}

/** A network that was started nowhere: its frames are handled, nothing is sent. */
function handler() {
  const engine = {
    receive: () => Promise.resolve("ignored" as const),
    status: () => ({ height: 1n, round: 0, step: "propose" }),
    summary: () => ({ ...summaryOf(initialState()), wanted: undefined }),
    repair: (summary: Parameters<typeof answerRepair>[0], bytes: number) =>
      answerRepair(summary, bytes, {
        machine: initialState(),
        seenCommit: undefined,
        extendedVotes: [],
        parts: () => undefined,
      }),
  };
  const needs = {
    engine,
    storage: { loadBlock: () => Promise.resolve(undefined) },
    heights: () => ({ base: 0n, height: 0n }),
    receiveTransaction: () => false,
    waitingTransactions: () => [],
    blocks: () => undefined,
    heightsChanged: () => undefined,
  };
  return needs;
}

test("every bit of every kind of valid frame changed: nothing escapes, and what breaks a rule is faulted", async () => {
  const needs = handler();
  const network = new PeerNetwork(
    {
      nodeKey: generateNodeKey(),
      chainId: "hostile",
      listenAddress: undefined,
      persistentPeers: [],
      hello: () => ({ chainId: "hostile", genesisHash: new Uint8Array() }),
    },
    { log: silentLogger() },
  );
  await network.start(needs as never);
  try {
    let judged = 0;
    let faulted = 0;
    for (const valid of validFrames()) {
      for (let bit = 0; bit < valid.length * 8; bit += 3) {
        const changed = valid.slice();
        changed[bit >> 3]! ^= 1 << (bit & 7);
        const { peer, faults, receive } = hostile((from, body, bytes) => network.frame(from, body, bytes));
        receive(frame(changed));
        judged += 1;
        if (faults.length > 0) faulted += 1;
        peer.close("done");
      }
    }
    expect(judged).toBeGreaterThan(1_000);
    expect(faulted).toBeGreaterThan(judged / 10);
    // Whatever runs on in the background is over, too: a rejection nobody handles fails the test run.
    await new Promise((resolve) => setTimeout(resolve, 50));
  } finally {
    await network.stop();
  }
});

describe("random bytes", () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  const runs = { numRuns: 300 };

  test("a stream of them ends in a fault or is read on, and never throws", () => {
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 6 }), (chunks) => {
        const { receive } = hostile(() => undefined);
        for (const chunk of chunks) receive(chunk);
      }),
      runs,
    );
  });

  test("a frame either decodes or is a DecodeError, and its kind can be told", () => {
    fc.assert(
      fc.property(bytes, (body) => {
        channelOf(body);
        try {
          const decoded = decodeFrame(body);
          if (decoded.consensus) fromWire(decoded.consensus);
          if (decoded.repairRequest) {
            const summary = summaryFromWire(decoded.repairRequest);
            answerRepair(summary, 1_000, {
              machine: initialState(),
              seenCommit: undefined,
              extendedVotes: [],
              parts: () => undefined,
            });
          }
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      runs,
    );
  });

  test("names, blocks and addresses are read or refused", () => {
    fc.assert(
      fc.property(bytes, fc.string(), (body, text) => {
        expect(splitDigests(body)?.length ?? body.length % 15).toBe(
          body.length % 15 === 0 ? body.length / 15 : body.length % 15,
        );
        compactOf(body);
        for (const candidate of [text, `/${text}`, `${"a".repeat(40)}@${text}:1`]) {
          try {
            parsePeerAddress(candidate);
          } catch (error) {
            expect(error).toBeInstanceOf(NodeIdentityError);
          }
        }
      }),
      runs,
    );
  });
});
