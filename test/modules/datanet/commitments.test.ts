/** Commitments and who is first. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { encode } from "../../../proto/codec.ts";
import { RecordStatus } from "../../../proto/enums.gen.ts";
import { accountOf } from "../../support/chain-harness.ts";
import { DatanetWorld, record, START, words } from "../../support/datanet-world.ts";

type RecordInput = ReturnType<typeof record>;

const SALT = new Uint8Array(16).fill(7);

/** The commitment as docs/modules/datanet.md describes it, made with Node's hash. */
function commitmentOf(name: string, records: readonly RecordInput[], salt = SALT, datanetId = 1n): Uint8Array {
  const hash = createHash("sha256").update("tributary/datanet/commit");
  const number = (value: bigint): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(value);
    return bytes;
  };
  const { bytes: address } = accountOf(name);
  hash.update(number(datanetId)).update(Buffer.of(address.length)).update(address);
  hash.update(Buffer.of(salt.length)).update(salt);
  for (const input of records) {
    const encoded = encode("tributary.datanet.v1.RecordInput", input);
    hash.update(number(BigInt(encoded.length))).update(encoded);
  }
  return new Uint8Array(hash.digest());
}

function committed(world: DatanetWorld, name: string, records: readonly RecordInput[]): bigint {
  const result = world.ok(name, "MsgCommit", { datanetId: 1n, hash: commitmentOf(name, records) });
  return world.answer("tributary.datanet.v1.MsgCommitResponse", result).commitmentId;
}

const TEXT = words("novel", 80);

describe("a commitment", () => {
  test("is revealed a block later, gives the deposit back, and its records count from its block", () => {
    const world = new DatanetWorld();
    const records = [record(TEXT)];
    const commitmentId = committed(world, "ann", records);
    expect(world.balance("ann")).toBe(START - 1000n);
    const height = world.chain.height;
    const { commitment } = world.query("Commitment", { commitmentId }, "tributary.datanet.v1.QueryCommitmentResponse");
    expect(commitment).toMatchObject({ id: commitmentId, contributor: world.address("ann"), height, deposit: 1000n });
    world.pass(5n);
    const result = world.ok("ann", "MsgReveal", { commitmentId, salt: SALT, records });
    expect(world.answer("tributary.datanet.v1.MsgRevealResponse", result).numbers).toEqual([1n]);
    expect(world.record(1n)).toMatchObject({ claimHeight: height, commitmentId, bond: 1000n });
    expect(world.balance("ann")).toBe(START - 1000n);
    expect(world.refused("ann", "MsgReveal", { commitmentId, salt: SALT, records })).toBe("datanet/15");
  });

  test("cannot be revealed in its own block, by another, with other records or salt, or after its time", () => {
    const world = new DatanetWorld({ revealSeconds: 60n });
    const records = [record(TEXT)];
    const hash = commitmentOf("ann", records);
    const both = [
      world.message("ann", "MsgCommit", { datanetId: 1n, hash }),
      world.message("ann", "MsgReveal", { commitmentId: 1n, salt: SALT, records }),
    ];
    expect(world.chain.run("ann", both, { gas: 5_000_000n })).toMatchObject({ codespace: "datanet", code: 16 });
    const commitmentId = committed(world, "ann", records);
    const reveal = { commitmentId, salt: SALT, records };
    expect(world.refused("bob", "MsgReveal", reveal)).toBe("datanet/16");
    expect(world.refused("ann", "MsgReveal", { ...reveal, records: [record(words("other", 80))] })).toBe("datanet/16");
    expect(world.refused("ann", "MsgReveal", { ...reveal, salt: new Uint8Array(16) })).toBe("datanet/16");
    expect(world.refused("ann", "MsgReveal", { ...reveal, salt: new Uint8Array(15) })).toBe("datanet/16");
    expect(world.refused("ann", "MsgReveal", { ...reveal, records: [] })).toBe("datanet/10");
    world.pass(100n);
    expect(world.refused("ann", "MsgReveal", reveal)).toBe("datanet/15");
    // The deposit was burned when it expired.
    expect(world.balance("ann")).toBe(START - 1000n);
  });

  test("is refused of strangers, of another length than a hash's, and beyond 64 open ones", () => {
    const world = new DatanetWorld();
    expect(world.refused("scorer", "MsgCommit", { datanetId: 1n, hash: new Uint8Array(32) })).toBe("datanet/5");
    expect(world.refused("ann", "MsgCommit", { datanetId: 1n, hash: new Uint8Array(31) })).toBe("datanet/14");
    expect(world.refused("ann", "MsgCommit", { datanetId: 2n, hash: new Uint8Array(32) })).toBe("datanet/2");
    const one = world.message("ann", "MsgCommit", { datanetId: 1n, hash: new Uint8Array(32) });
    world.chain.runOk(
      "ann",
      Array.from({ length: 64 }, () => one),
      { gas: 50_000_000n },
    );
    expect(world.refused("ann", "MsgCommit", { datanetId: 1n, hash: new Uint8Array(32) })).toBe("datanet/14");
    const { commitments } = world.query("Commitments", {}, "tributary.datanet.v1.QueryCommitmentsResponse");
    expect(commitments).toHaveLength(64);
  });
});

test("a datanet that asks for commitments takes records in no other way", () => {
  const world = new DatanetWorld({}, { commitFirst: true });
  const records = [record(TEXT)];
  expect(world.refused("ann", "MsgContribute", { datanetId: 1n, records })).toBe("datanet/45");
  const commitmentId = committed(world, "ann", records);
  world.ok("ann", "MsgReveal", { commitmentId, salt: SALT, records });
  expect(world.record(1n)).toMatchObject({ contributor: world.address("ann"), commitmentId });
});

describe("front-running of an anchor", () => {
  test("gains nothing: the earlier commitment takes the record over, number, bond and earnings to come", () => {
    const world = new DatanetWorld();
    const records = [record(TEXT)];
    const commitmentId = committed(world, "ann", records);
    // bob sees ann's reveal on its way and is faster.
    world.contribute("bob", TEXT);
    const result = world.ok("ann", "MsgReveal", { commitmentId, salt: SALT, records });
    expect(world.answer("tributary.datanet.v1.MsgRevealResponse", result).numbers).toEqual([1n]);
    expect(world.events(result, "record_taken_over")).toHaveLength(1);
    expect(world.record(1n)).toMatchObject({ contributor: world.address("ann"), status: 1, bond: 1000n });
    expect(world.balance("bob")).toBe(START);
    expect(world.datanet()).toMatchObject({ recordCount: 1n, earningRecords: 1n });
    const request = { datanetId: 1n, address: world.address("bob") };
    const { member } = world.query("Member", request, "tributary.datanet.v1.QueryMemberResponse");
    expect(member).toMatchObject({ recordCount: 0n, earningRecords: 0n, earningBytes: 0n });
  });

  test("by a later commitment gains nothing either, whoever reveals first", () => {
    const world = new DatanetWorld();
    const records = [record(TEXT)];
    const first = committed(world, "ann", records);
    const second = committed(world, "bob", records);
    world.ok("bob", "MsgReveal", { commitmentId: second, salt: SALT, records });
    world.ok("ann", "MsgReveal", { commitmentId: first, salt: SALT, records });
    expect(world.record(1n).contributor).toBe(world.address("ann"));
    const third = committed(world, "carol", records);
    world.pass(1n);
    expect(world.refused("carol", "MsgReveal", { commitmentId: third, salt: SALT, records })).toBe("datanet/11");
  });

  test("with a near-copy leaves the original its novelty, and the near-copy is struck by the fingerprints alone", () => {
    const world = new DatanetWorld();
    const records = [record(TEXT)];
    const commitmentId = committed(world, "ann", records);
    const copy = world.contribute("bob", `${TEXT} and bob`);
    world.ok("ann", "MsgReveal", { commitmentId, salt: SALT, records });
    expect(world.record(2n).noveltyPpm).toBe(1_000_000);
    const challenge = { datanetId: 1n, number: copy, earlier: 2n };
    const result = world.ok("carol", "MsgChallengeDuplicate", challenge);
    expect(world.events(result, "duplicate_slashed")[0]).toMatchObject({ ground: "overtook", bounty: "500uopen" });
    expect(world.record(copy).status).toBe(RecordStatus.RECORD_STATUS_DUPLICATE);
    expect(world.balance("carol")).toBe(START + 500n);
  });

  test("does not reach records that are final: commitments end before a record's window does", () => {
    const world = new DatanetWorld({ revealSeconds: 100n, challengeSeconds: 100n });
    const records = [record(TEXT)];
    const commitmentId = committed(world, "ann", records);
    world.contribute("bob", TEXT);
    world.pass(101n);
    expect(world.record(1n).status).toBe(RecordStatus.RECORD_STATUS_FINAL);
    expect(world.refused("ann", "MsgReveal", { commitmentId, salt: SALT, records })).toBe("datanet/15");
  });
});
