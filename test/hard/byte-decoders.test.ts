// Every decoder of bytes beyond the codec itself (test/proto/fuzz.test.ts has every message under every policy; what
// the chain makes of mutated signed transactions is in test/chain/app/mutations.test.ts).

import { describe } from "vitest";
import { aminoBytes, decodeAccountKey } from "../../chain/app/account-key.ts";
import { decodeTx } from "../../chain/app/tx.ts";
import { TxError } from "../../chain/module/errors.ts";
import { RecordError } from "../../chain/store/byte-stream.ts";
import { readTree, writeTree } from "../../chain/store/checkpoint.ts";
import { NodeArena } from "../../chain/store/iavl/arena.ts";
import { KeyError } from "../../chain/store/key-codec.ts";
import { key } from "../../chain/store/key-codecs.ts";
import { decodeProof, ProofError, proofRoot } from "../../chain/store/proof.ts";
import * as records from "../../chain/store/records.ts";
import { noValue, ValueError, value } from "../../chain/store/value-codecs.ts";
import { decodeBlock, encodeBlock } from "../../chain/types/block.ts";
import { chainStateFromProto, chainStateToProto } from "../../chain/types/chain-state.ts";
import { validateCommit, verifyCommitLight } from "../../chain/types/commit.ts";
import {
  CompactBitArrayError,
  compactBits,
  marshalCompactBits,
  unmarshalCompactBits,
} from "../../chain/types/compact-bit-array.ts";
import type { Verifier } from "../../chain/types/crypto.ts";
import { Dec, DecError } from "../../chain/types/dec.ts";
import { ValidationError } from "../../chain/types/errors.ts";
import { validateEvidence } from "../../chain/types/evidence.ts";
import { sha256 } from "../../chain/types/hash.ts";
import { validatePart } from "../../chain/types/part-set.ts";
import { validatorSetFromProto, validatorSetToProto } from "../../chain/types/validator-set.ts";
import { validateProposal, validateVote } from "../../chain/types/vote.ts";
import { AccountError, accountOfAny, anyOfAccount } from "../../modules/auth/state.ts";
import { LayoutError } from "../../node/engine/binary.ts";
import { JournalError, SignJournal } from "../../node/engine/sign-journal.ts";
import { decodeEntry, encodeEntry, type LogEntry } from "../../node/engine/wal-record.ts";
import { FrameReader, FramingError, frame } from "../../node/p2p/framing.ts";
import { fromWire, summaryFromWire, summaryToWire, toWire } from "../../node/p2p/wire-messages.ts";
import { concat, utf8 } from "../../proto/bytes.ts";
import { DecodeError, decode, encode, type MessageName, packAny } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { JOURNAL, quietLog } from "../node/engine/support.ts";
import { MemoryDisk } from "../sim/memory-disk.ts";
import { ChainHarness } from "../support/chain-harness.ts";
import { testBytes } from "./reading.ts";
import { block, chainId, chainState, commit, evidence, idOf, keys, parts, time, validators, votes } from "./samples.ts";

/** So that what stands behind the signatures is reached. */
const anySignature: Verifier = { secp256k1: () => true, ed25519: () => true };

/** A message that is decoded and then judged, as a peer's is. */
function judged<Name extends MessageName>(
  name: Name,
  samples: readonly Messages[Name][],
  judge: (message: Messages[Name]) => unknown,
): void {
  testBytes({
    name,
    samples: samples.map((sample) => encode(name, sample as never)),
    read: (bytes) => {
      const message = decode(name, bytes);
      judge(message);
      return message;
    },
    errors: [DecodeError, ValidationError],
    write: (message) => encode(name, message as never),
  });
}

describe("blocks, votes and what they are made of", () => {
  testBytes({
    name: "block",
    samples: [encodeBlock(block)],
    read: decodeBlock,
    errors: [DecodeError, ValidationError],
    write: encodeBlock,
  });
  judged("tendermint.types.Vote", votes, validateVote);
  const proposal = { type: 32, height: 1n, round: 0, polRound: -1, blockId: idOf(1), timestamp: time };
  judged("tendermint.types.Proposal", [{ ...proposal, signature: new Uint8Array(64) }], validateProposal);
  judged("tendermint.types.Part", [parts.part(0)!], validatePart);
  judged("tendermint.types.Evidence", evidence, validateEvidence);
  judged("tendermint.types.Commit", [commit], (message) => {
    validateCommit(message);
    verifyCommitLight(chainId, validators, message.blockId, message.height, message, anySignature);
  });
  testBytes({
    name: "validator set",
    samples: [encode("tendermint.types.ValidatorSet", validatorSetToProto(validators))],
    read: (bytes) => validatorSetFromProto(decode("tendermint.types.ValidatorSet", bytes)),
    errors: [DecodeError, ValidationError],
    write: (set) => encode("tendermint.types.ValidatorSet", validatorSetToProto(set)),
  });
  testBytes({
    name: "chain state",
    samples: [encode("tendermint.state.State", chainState)],
    read: (bytes) => chainStateFromProto(decode("tendermint.state.State", bytes)),
    errors: [DecodeError, ValidationError],
    write: (state) => encode("tendermint.state.State", chainStateToProto(state)),
  });
});

describe("transactions and keys", () => {
  const chain = ChainHarness.start({ balances: { alice: "1000uopen" } });
  const amount = [{ denom: "uopen", amount: "1" }];
  const [fromAddress, toAddress] = [chain.address("alice"), chain.address("bob")];
  testBytes({
    name: "transaction",
    samples: [chain.sign("alice", ["cosmos.bank.v1beta1.MsgSend", { fromAddress, toAddress, amount }])],
    read: (bytes) => decodeTx(bytes, chain.addresses),
    errors: [TxError],
    write: ({ bodyBytes, authInfoBytes, signatures }) =>
      encode("cosmos.tx.v1beta1.TxRaw", { bodyBytes, authInfoBytes, signatures }),
    canonical: true,
  });
  const single = packAny("cosmos.crypto.secp256k1.PubKey", { key: new Uint8Array(33).fill(2) });
  const multi = packAny("cosmos.crypto.multisig.LegacyAminoPubKey", { threshold: 1, publicKeys: [single, single] });
  testBytes({
    name: "account key",
    samples: [single, multi].map((any) => encode("google.protobuf.Any", any)),
    read: (bytes) => aminoBytes(decodeAccountKey(decode("google.protobuf.Any", bytes))),
    errors: [DecodeError, TxError],
  });
  testBytes({
    name: "account",
    samples: [
      packAny("cosmos.auth.v1beta1.BaseAccount", { address: fromAddress, accountNumber: 3n, sequence: 9n }),
      packAny("cosmos.auth.v1beta1.ModuleAccount", { baseAccount: { address: toAddress }, name: "mint" }),
    ].map((any) => encode("google.protobuf.Any", any)),
    read: (bytes) => accountOfAny(decode("google.protobuf.Any", bytes)),
    errors: [DecodeError, AccountError],
    write: (account) => encode("google.protobuf.Any", anyOfAccount(account)),
  });
  testBytes({
    name: "compact bit array",
    samples: [compactBits([true, false, true]), compactBits(Array.from({ length: 17 }, (_, i) => i % 3 === 0))].map(
      marshalCompactBits,
    ),
    read: unmarshalCompactBits,
    errors: [CompactBitArrayError],
    write: marshalCompactBits,
  });
});

describe("what peers send", () => {
  testBytes({
    name: "frames",
    samples: [concat(frame(utf8("a body")), frame(new Uint8Array(300)))],
    read: (bytes) => {
      const reader = new FrameReader();
      return [...reader.push(bytes.subarray(0, 3)), ...reader.push(bytes.subarray(3))];
    },
    errors: [FramingError],
    write: (bodies) => concat(...bodies.map(frame)),
  });
  const messages: readonly Messages["tributary.p2p.v1.ConsensusMessage"][] = [
    { vote: votes[0]! },
    { blockPart: { height: 2n, round: 0, part: parts.part(0)! } },
    { certificate: { precommits: true, commit, extensions: [] } },
    { evidence: evidence[0]! },
  ];
  testBytes({
    name: "consensus message",
    samples: messages.map((message) => encode("tributary.p2p.v1.ConsensusMessage", message)),
    read: (bytes) => fromWire(decode("tributary.p2p.v1.ConsensusMessage", bytes)),
    errors: [DecodeError],
    write: (message) => encode("tributary.p2p.v1.ConsensusMessage", message === undefined ? {} : toWire(message)),
  });
  testBytes({
    name: "repair summary",
    samples: [encode("tributary.p2p.v1.RepairRequest", { height: 4n, round: 1, wanted: idOf(1), parts: utf8("x") })],
    read: (bytes) => summaryFromWire(decode("tributary.p2p.v1.RepairRequest", bytes)),
    errors: [DecodeError],
    write: (summary) => encode("tributary.p2p.v1.RepairRequest", summaryToWire(summary)),
  });
});

describe("the engine's files", () => {
  const blockId = idOf(4);
  const lock = { round: 1, blockId, polka: votes };
  const extension = { extension: utf8("said"), extensionSignature: new Uint8Array(64) };
  const extendedSignatures = commit.signatures.map((signature) => ({ ...signature, ...extension }));
  const extendedCommit = { height: commit.height, round: commit.round, blockId: commit.blockId, extendedSignatures };
  const entries: readonly LogEntry[] = [
    { type: "vote", vote: votes[1]! },
    { type: "cert", kind: "polka", votes },
    { type: "part", blockId, part: parts.part(0)! },
    { type: "blockReady", height: 3n, blockId, valid: true },
    { type: "builtValue", height: 3n, round: 2, blockId },
    { type: "timeout", kind: "prevote", height: 3n, round: 2 },
    { type: "syncedBlock", height: 3n, blockId, commit },
    { type: "syncedBlock", height: 3n, blockId, commit, extendedCommit },
    { type: "txsAvailable", height: 3n },
    { type: "restoreLock", height: 3n, lock },
  ];
  // The checksum around a record is checked before this; here the first byte is the record's type.
  testBytes({
    name: "record of the write-ahead log",
    samples: entries.map(encodeEntry).map(({ type, payload }) => concat(Uint8Array.of(type), payload)),
    read: (bytes) => decodeEntry({ type: bytes[0] ?? 0, payload: bytes.subarray(1) }),
    errors: [DecodeError, LayoutError],
    write: (entry) => {
      const { type, payload } = encodeEntry(entry);
      return concat(Uint8Array.of(type), payload);
    },
    runs: 600,
  });

  const disk = new MemoryDisk();
  const journal = SignJournal.create(JOURNAL, disk.mount());
  const position = { height: 5n, round: 0 };
  const signature = new Uint8Array(64).fill(3);
  journal.append({ ...position, step: 2, signBytes: utf8("a"), signature, message: utf8("b"), lock: undefined });
  journal.append({
    ...position,
    step: 3,
    signBytes: utf8("c"),
    signature,
    message: utf8("d"),
    lock: { ...lock, block: utf8("block") },
  });
  journal.close();
  testBytes({
    name: "sign journal",
    samples: [disk.read(JOURNAL.path)!],
    read: (bytes) => {
      const changed = new MemoryDisk();
      changed.write(JOURNAL.path, bytes);
      const opened = SignJournal.open(JOURNAL, { files: changed.mount(), log: quietLog() });
      opened.close();
      return opened.records;
    },
    errors: [JournalError],
  });
});

describe("the store's records", () => {
  const hash = new Uint8Array(32).fill(8);
  testBytes({
    name: "format",
    samples: [
      records.encodeFormat(records.formatOf(1n, ["acc", "bank"])),
      records.encodeFormat(
        records.formatOf(7n, ["acc", "bank"], [{ version: 9n, added: ["gov"], removed: ["acc", "bank"] }]),
      ),
    ],
    read: records.decodeFormat,
    errors: [RecordError],
    write: records.encodeFormat,
  });
  testBytes({
    name: "head",
    samples: [records.encodeHead({ latest: 9n, oldest: 2n, partial: { version: 8n, chunks: [1, 2] } })],
    read: records.decodeHead,
    errors: [RecordError],
    write: records.encodeHead,
  });
  testBytes({
    name: "checkpoint record",
    samples: [records.encodeCheckpoint({ version: 7n, chunks: [3, 0, 1], appHash: hash })],
    read: records.decodeCheckpoint,
    errors: [RecordError],
    write: records.encodeCheckpoint,
  });
  const changes = ["alpha", "alphabet", "beta"].map((text, i) => ({
    key: utf8(text),
    valueHash: i === 1 ? undefined : hash,
    valueLength: i === 1 ? 0 : i * 20,
  }));
  const values = changes.map(({ valueLength }) => new Uint8Array(valueLength));
  testBytes({
    name: "version record",
    samples: [records.encodeVersion(hash, [{ name: "bank", hash, changes, values }])],
    read: (bytes) => records.decodeVersion(bytes, sha256),
    errors: [RecordError],
  });
  const arena = new NodeArena();
  const leaves = ["a", "ab", "c"].map((text) => {
    const id = arena.keys.add(utf8(text));
    const leaf = arena.newLeaf(id, 4, 10);
    arena.setHash(leaf, hash);
    return { leaf, id };
  });
  const inner = arena.newInner(leaves[1]!.leaf, leaves[2]!.leaf, leaves[2]!.id, 5);
  const root = arena.newInner(leaves[0]!.leaf, inner, leaves[1]!.id, 5);
  const tree = [...writeTree(arena, root)].flatMap(({ chunk }) => (chunk === undefined ? [] : [chunk]));
  testBytes({
    name: "tree of a checkpoint",
    samples: [concat(...tree)],
    read: (bytes) => {
      const built = new NodeArena();
      const read = readTree(built, bytes.length === 0 ? [] : [bytes]);
      return [...writeTree(built, read)].flatMap(({ chunk }) => (chunk === undefined ? [] : [...chunk]));
    },
    errors: [RecordError],
    write: (chunks) => Uint8Array.from(chunks),
  });
});

describe("keys and values of the state", () => {
  const account = keys[0]!.validator.address;
  const codecs = [
    [key.address, account],
    [key.prefixedAddress, account],
    [key.string, "text"],
    [key.bytes, utf8("bytes")],
    [key.uint64, 77n],
    [key.int64, -77n],
    [key.uint32, 77],
    [key.bool, true],
    [key.time, time],
    [key.pair(key.address, key.string), [account, "uopen"]],
    [key.pair(key.string, key.time), ["name", time]],
    [key.triple(key.bytes, key.uint64, key.address), [utf8("b"), 5n, account]],
  ] as const;
  for (const [codec, sample] of codecs) {
    testBytes({
      name: `key of type ${codec.type}`,
      samples: [codec.encode(sample as never)],
      read: (bytes) => codec.decode(bytes) as unknown,
      errors: [KeyError],
      write: (decoded) => codec.encode(decoded as never),
      canonical: codec.type !== "triple(bytes, uint64, address)",
    });
  }
  const valueCodecs = [
    [value.int, -12345678901234567890n],
    [value.uint64, 12n],
    [value.string, "text"],
    [value.bool, true],
    [value.dec, Dec.parse("1.5")],
    [noValue, true],
  ] as const;
  for (const [codec, sample] of valueCodecs) {
    testBytes({
      name: `value of type ${codec.type}`,
      samples: [codec.encode(sample as never)],
      read: (bytes) => codec.decode(bytes) as unknown,
      errors: [ValueError, DecError],
      write: (decoded) => codec.encode(decoded as never),
    });
  }
});

describe("proofs", () => {
  const step = { hash: 1, prefix: Uint8Array.of(1, 2), suffix: new Uint8Array(0) };
  const leaf = { hash: 1, prehashKey: 0, prehashValue: 1, length: 1, prefix: Uint8Array.of(0, 2, 2) };
  const exist = { key: utf8("k"), value: utf8("v"), leaf, path: [step] };
  testBytes({
    name: "ICS-23 proof, and the root it leads to",
    samples: [
      encode("cosmos.ics23.v1.CommitmentProof", { exist }),
      encode("cosmos.ics23.v1.CommitmentProof", { nonexist: { key: utf8("l"), left: exist, right: exist } }),
    ],
    read: (bytes) => {
      const proof = decodeProof(bytes);
      proofRoot(proof);
      return proof;
    },
    errors: [ProofError],
    write: (proof) => encode("cosmos.ics23.v1.CommitmentProof", proof),
    canonical: true,
    runs: 600,
  });
});
