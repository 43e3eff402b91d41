// What lies in the engine's files and what peers say, mutated: the files are opened and the messages given to a running
// driver. Nothing may end the node, and after all of it the node must still follow its chain.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeBlock } from "../../chain/types/block.ts";
import { chainStateFromProto } from "../../chain/types/chain-state.ts";
import { ValidationError } from "../../chain/types/errors.ts";
import { DEFAULT_CONSENSUS_PARAMS } from "../../chain/types/params.ts";
import { PartSet } from "../../chain/types/part-set.ts";
import { SIGNED_PRECOMMIT, SIGNED_PREVOTE } from "../../chain/types/vote.ts";
import { nodeHasher } from "../../node/crypto.ts";
import { EvidenceFile } from "../../node/engine/evidence-file.ts";
import { Extensions } from "../../node/engine/extensions.ts";
import { WriteAheadLog } from "../../node/engine/wal.ts";
import { encodeEntry } from "../../node/engine/wal-record.ts";
import { compactOf, partsWith } from "../../node/p2p/compact-block.ts";
import { fromWire, summaryFromWire, toWire } from "../../node/p2p/wire-messages.ts";
import { readSyncedBlock } from "../../node/sync/synced-block.ts";
import { concat, utf8 } from "../../proto/bytes.ts";
import { DecodeError, decode, encode } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { Bench } from "../node/engine/bench.ts";
import { ReferenceChain } from "../node/engine/reference-chain.ts";
import { quietLog } from "../node/engine/support.ts";
import { MemoryDisk } from "../sim/memory-disk.ts";
import { testBytes } from "./reading.ts";
import { block, chainState, commit, evidence, idOf, parts, votes } from "./samples.ts";

const factor = process.env.TRIBUTARY_FULL === "1" ? 50 : 1;
const FOLDER = "/home/cs.wal";
const LOG = `${FOLDER}/0000000000000000005.wal`;

function openLog(bytes: Uint8Array | undefined): { disk: MemoryDisk; log: WriteAheadLog; records: readonly unknown[] } {
  const disk = new MemoryDisk();
  if (bytes !== undefined) disk.write(LOG, bytes);
  const log = new WriteAheadLog({ directory: FOLDER, chainId: "c-1" }, { files: disk.mount(), log: quietLog() });
  return { disk, log, records: log.open(5n).records };
}

function writtenLog(): Uint8Array {
  const { disk, log } = openLog(undefined);
  for (const vote of votes) log.append(encodeEntry({ type: "vote", vote }));
  log.append(encodeEntry({ type: "part", blockId: idOf(3), part: parts.part(0)! }));
  log.append(encodeEntry({ type: "cert", kind: "polka", votes }));
  log.sync();
  return disk.read(LOG) as Uint8Array;
}

describe("files of the engine", () => {
  const whole = openLog(writtenLog()).records;
  testBytes({
    name: "write-ahead log as a whole: a prefix of what was written, or nothing",
    samples: [writtenLog()],
    read: (bytes) => {
      const { records } = openLog(bytes);
      // Doubled or shifted records carry the wrong sequence number, so nothing but a prefix ever comes out.
      expect(whole.slice(0, records.length)).toEqual(records);
      return records.length;
    },
    errors: [],
    runs: 400,
  });

  test("a log whose damaged part was made to look like records everywhere is set aside without searching for ever", () => {
    const good = writtenLog();
    // Every place of this reads as a length of 1 MiB and a sequence number in reach; each would be checksummed whole.
    const crafted = new Uint8Array(3 * 1024 * 1024).map((_, at) => [0, 0x10, 0, 0, 0][at % 5] as number);
    const { records } = openLog(concat(good.slice(0, good.length - 3), crafted));
    expect(records.length).toBeLessThan(whole.length);
  });

  const disk = new MemoryDisk();
  new EvidenceFile(FOLDER, disk.mount()).save(evidence);
  testBytes({
    name: "evidence that waits",
    samples: [disk.read(`${FOLDER}/pending.evidence`) as Uint8Array],
    read: (bytes) => {
      const changed = new MemoryDisk();
      changed.write(`${FOLDER}/pending.evidence`, bytes);
      const list = new EvidenceFile(FOLDER, changed.mount()).load();
      expect(list.length).toBeLessThanOrEqual(2);
      return list.length;
    },
    errors: [],
  });

  const params = { ...DEFAULT_CONSENSUS_PARAMS, abci: { voteExtensionsEnableHeight: 1n } };
  const state = { ...chainStateFromProto(chainState), consensusParams: params };
  const extended = new Extensions();
  for (const vote of votes) extended.note({ ...vote, type: 2, extension: utf8("x"), extensionSignature: utf8("y") });
  testBytes({
    name: "commit with vote extensions",
    samples: [encode("tendermint.types.ExtendedCommit", extended.commitOf(state, commit)!)],
    read: (bytes) => {
      const loaded = new Extensions();
      loaded.load(decode("tendermint.types.ExtendedCommit", bytes));
      return loaded.commitOf(state, commit);
    },
    errors: [DecodeError],
  });
});

describe("frames of peers", () => {
  const { names } = compactOf(encodeBlock(block))!;
  const proposal = {
    type: 32,
    height: 1n,
    round: 0,
    polRound: -1,
    blockId: idOf(1),
    timestamp: commit.signatures[1]!.timestamp,
  };
  const frames: readonly Messages["tributary.p2p.v1.Frame"][] = [
    { consensus: { vote: votes[0]! } },
    { consensus: { certificate: { precommits: true, commit, extensions: [] } } },
    { repairRequest: { height: 4n, round: 1, wanted: idOf(1), parts: utf8("x") } as never },
    {
      repairResponse: {
        messages: [{ evidence: evidence[0]! }, { blockPart: { height: 2n, round: 0, part: parts.part(0)! } }],
      },
    },
    {
      response: {
        id: 1n,
        body: encode("tributary.p2p.v1.BlockResponse", {
          blocks: [{ block: encodeBlock(block), commit: encode("tendermint.types.Commit", commit) }],
        }),
        refused: false,
      },
    },
    {
      compactProposal: {
        proposal: { ...proposal, signature: new Uint8Array(64) },
        block: { ...block, data: { txs: [] } },
        transactionIds: utf8(names.join("")),
      },
    },
  ];
  const samples = frames.flatMap((frame) => {
    try {
      return [encode("tributary.p2p.v1.Frame", frame)];
    } catch {
      return [];
    }
  });
  test("the samples are frames", () => expect(samples.length).toBeGreaterThanOrEqual(5));
  testBytes({
    name: "frame, and what is made of it",
    samples,
    read: (bytes) => {
      const frame = decode("tributary.p2p.v1.Frame", bytes);
      if (frame.consensus) fromWire(frame.consensus);
      if (frame.repairRequest) summaryFromWire(frame.repairRequest);
      for (const message of frame.repairResponse?.messages ?? []) fromWire(message);
      const answer = frame.response && decode("tributary.p2p.v1.BlockResponse", frame.response.body);
      for (const each of answer?.blocks ?? []) {
        compactOf(each.block);
        readSyncedBlock(each);
      }
      if (frame.compactProposal) partsWith(frame.compactProposal.block, [utf8("tx")], nodeHasher());
      return undefined;
    },
    errors: [DecodeError, ValidationError],
    runs: 400,
  });
});

/** A driver at its first height as one of four, and valid messages for that height. */
async function running(): Promise<{ node: Bench; chain: ReferenceChain; samples: readonly Uint8Array[] }> {
  const node = new Bench({ validators: 4 });
  const chain = new ReferenceChain(node.genesis);
  await node.start();
  // A proposal of the node's own key would be found foreign.
  const round = [0, 1].find((each) => chain.proposer(each) !== 0) as number;
  const made = chain.candidate({ txs: [utf8("a=1")], round });
  const part = PartSet.fromBytes(made.bytes).part(0)!;
  const messages = [
    { type: "proposal", proposal: chain.proposal(made, round) },
    { type: "part", height: 1n, round: 0, part },
    { type: "vote", vote: chain.vote(1, { type: SIGNED_PREVOTE, blockId: made.blockId }) },
    { type: "vote", vote: chain.vote(2, { type: SIGNED_PRECOMMIT }) },
    { type: "vote", vote: chain.vote(2, { type: SIGNED_PREVOTE, height: 2n }) },
    { type: "certificate", certificate: { kind: "polka", commit: { ...commit, height: 1n } } },
    { type: "evidence", evidence: evidence[0]! },
  ] as const;
  return { node, chain, samples: messages.map((each) => encode("tributary.p2p.v1.ConsensusMessage", toWire(each))) };
}

describe("a running driver", () => {
  test("given mutated messages refuses or ignores them, keeps its bounds, and follows its chain afterwards", async () => {
    const { node, chain, samples } = await running();
    const edit = fc.tuple(fc.constantFrom(...samples), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(edit, async ([sample, edits]) => {
        const bytes = sample.slice();
        for (const [at, value] of edits) bytes[at % bytes.length] = value;
        let message: ReturnType<typeof fromWire>;
        try {
          message = fromWire(decode("tributary.p2p.v1.ConsensusMessage", bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
          return;
        }
        if (message === undefined) return;
        const verdict = await node.driver?.receive("p", message);
        expect(["accepted", "ignored", "invalid"]).toContain(verdict);
        expect(node.fatal?.message).toBeUndefined();
      }),
      { numRuns: 400 * factor },
    );
    const { rounds, candidates } = node.machine;
    expect(rounds.length).toBeLessThan(50);
    expect(candidates.length).toBeLessThan(50);
    const next = chain.next({ signers: [1, 2, 3] });
    expect(await node.driver?.receiveBlock(next.block, next.commit)).toBe("accepted");
    expect(node.height).toBe(1n);
  });

  test("given mutated blocks by sync takes none but the true one", async () => {
    const { node, chain } = await running();
    const next = chain.next({ signers: [1, 2, 3], txs: [utf8("a=1")] });
    const blockBytes = encodeBlock(next.block);
    const commitBytes = encode("tendermint.types.Commit", next.commit);
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (inBlock, at, flip) => {
        const [b, c] = [blockBytes.slice(), commitBytes.slice()];
        const changed = inBlock ? b : c;
        const place = at % changed.length;
        changed[place] = (changed[place] as number) ^ flip;
        try {
          const verdict = await node.driver?.receiveBlock(
            decode("tendermint.types.Block", b),
            decode("tendermint.types.Commit", c),
          );
          expect(["ignored", "invalid"]).toContain(verdict);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
        expect(node.fatal?.message).toBeUndefined();
      }),
      { numRuns: 200 * factor },
    );
    expect(await node.driver?.receiveBlock(next.block, next.commit)).toBe("accepted");
  });
});
