// Every condition of the signer and of the sign journal at its boundary, one by one; what they are for is told by
// signer.test.ts.

import { describe, expect, test } from "vitest";
import type { SignEffect } from "../../../chain/consensus/effect.ts";
import { SIGNED_PRECOMMIT, SIGNED_PREVOTE, SIGNED_PROPOSAL, type Vote } from "../../../chain/types/vote.ts";
import { MAX_JOURNAL_RECORD_BYTES, MAX_SEARCHED_BYTES } from "../../../node/engine/limits.ts";
import { comparePositions, JournalError, SignJournal, type SignRecord } from "../../../node/engine/sign-journal.ts";
import { fromCometSignState, toCometSignState } from "../../../node/engine/sign-state.ts";
import type { Signer, SignOutcome } from "../../../node/engine/signer.ts";
import { utf8 } from "../../../proto/bytes.ts";
import { MemoryDisk } from "../../sim/memory-disk.ts";
import {
  block,
  JOURNAL,
  lock,
  NIL,
  POWERS,
  polka,
  precommit,
  prevote,
  proposal,
  quietLog,
  signerOn,
  TIME,
  vote,
} from "./support.ts";

const [A, B] = [block("A"), block("B")];
const BLOCK = utf8("the block");

function ask(signer: Signer, effect: SignEffect, powers = POWERS): SignOutcome {
  return signer.sign({ effect, timestamp: TIME, block: BLOCK, powers });
}

function open(disk: MemoryDisk): SignJournal {
  return SignJournal.open(JOURNAL, { files: disk.mount(), log: quietLog() });
}

function record(height: bigint, round: number, step: number, changes: Partial<SignRecord> = {}): SignRecord {
  const signature = new Uint8Array(64).fill(Number(height) * 10 + round + step);
  return { height, round, step, signBytes: utf8("s"), signature, message: utf8("m"), lock: undefined, ...changes };
}

describe("the polka behind a precommit", () => {
  const good = lock(1n, 2, A);
  const withPolka = (votes: readonly Vote[], round = 2): SignEffect => ({
    ...precommit(1n, 2, A),
    lock: { round, blockId: A, polka: votes },
  });
  const spoilt = (change: Partial<Vote>): readonly Vote[] =>
    good.polka.map((each, at) => (at === 1 ? { ...each, ...change } : each));

  test("counts only prevotes of its height and round for its block, each validator once", () => {
    for (const votes of [
      spoilt({ type: SIGNED_PRECOMMIT }),
      spoilt({ height: 2n }),
      spoilt({ round: 1 }),
      spoilt({ blockId: B }),
      spoilt({ validatorIndex: good.polka[0]!.validatorIndex }),
      spoilt({ validatorIndex: 9 }),
      good.polka.slice(1),
      [],
    ]) {
      expect(ask(signerOn(new MemoryDisk()), withPolka(votes))).toMatchObject({ outcome: "refused" });
    }
    expect(ask(signerOn(new MemoryDisk()), withPolka(good.polka))).toMatchObject({ outcome: "signed" });
  });

  test("must hold more than two thirds, not two thirds exactly", () => {
    const powers = { each: [1n, 1n, 1n], total: 3n };
    const two = polka(1n, 2, A).slice(0, 2);
    expect(ask(signerOn(new MemoryDisk()), withPolka(two), powers)).toMatchObject({ outcome: "refused" });
  });

  test("must be of the precommit's own round and block", () => {
    const signer = signerOn(new MemoryDisk());
    const effect = precommit(1n, 2, A);
    const older = { round: 1, blockId: A, polka: polka(1n, 1, A) };
    expect(ask(signer, { ...effect, lock: older })).toMatchObject({ outcome: "refused" });
    const other = { round: 2, blockId: B, polka: polka(1n, 2, B) };
    expect(ask(signer, { ...effect, lock: other })).toMatchObject({ outcome: "refused" });
    expect(signer.signedAt(1n)).toEqual([]);
  });
});

describe("the polka that lets a prevote pass a lock", () => {
  function locked(): Signer {
    const signer = signerOn(new MemoryDisk());
    expect(ask(signer, precommit(1n, 2, A))).toMatchObject({ outcome: "signed" });
    return signer;
  }
  const blockOf = (outcome: SignOutcome) =>
    outcome.outcome === "signed" && outcome.message.type === "vote" ? outcome.message.vote.blockId : undefined;

  test("may be of the lock's round or later, and must be before the prevote's", () => {
    expect(blockOf(ask(locked(), prevote(1n, 4, B, 1)))).toEqual(NIL);
    expect(blockOf(ask(locked(), prevote(1n, 4, B, 2)))).toEqual(B);
    expect(blockOf(ask(locked(), prevote(1n, 4, B, 3)))).toEqual(B);
    expect(blockOf(ask(locked(), prevote(1n, 4, B, 4)))).toEqual(NIL);
  });

  test("must be one: a quorum's, for that block", () => {
    const effect = prevote(1n, 4, B, 3);
    const votes = effect.polka?.votes ?? [];
    expect(blockOf(ask(locked(), { ...effect, polka: { round: 3, votes: votes.slice(1) } }))).toEqual(NIL);
    expect(blockOf(ask(locked(), { ...effect, polka: { round: 3, votes: polka(1n, 3, A) } }))).toEqual(NIL);
  });

  test("a prevote made nil by the lock keeps no lock of its own, and a proposal is not bound by any", () => {
    const signer = locked();
    expect(ask(signer, proposal(1n, 3, B))).toMatchObject({ outcome: "signed", alarm: undefined });
    ask(signer, prevote(1n, 4, B));
    expect(signer.lockAt(1n)?.round).toBe(2);
  });
});

describe("what the signer remembers", () => {
  test("of a state file without the message is refused to others and not sent again", () => {
    const disk = new MemoryDisk();
    ask(signerOn(disk), prevote(7n, 0, A));
    const { floor, record: last } = fromCometSignState(toCometSignState(open(disk)));
    const moved = new MemoryDisk();
    SignJournal.create(JOURNAL, moved.mount(), floor, last).close();
    const signer = signerOn(moved);
    expect(signer.signedAt(7n)).toEqual([]);
    expect(signer.knows(vote(SIGNED_PREVOTE, 0, 7n, 0, A))).toBe(true);
  });

  test("is its own by place and signature, proposals, prevotes and precommits apart", () => {
    const signer = signerOn(new MemoryDisk(), 1_000_000);
    const made = [proposal(3n, 1, A), prevote(3n, 1, A), precommit(3n, 1, A)].map((effect) => {
      const outcome = ask(signer, effect);
      if (outcome.outcome !== "signed") throw new Error("not signed");
      return outcome.message.type === "vote" ? outcome.message.vote : outcome.message.proposal;
    });
    expect(made.map(({ type }) => type)).toEqual([SIGNED_PROPOSAL, SIGNED_PREVOTE, SIGNED_PRECOMMIT]);
    for (const each of made) {
      expect(signer.knows(each)).toBe(true);
      expect(signer.knows({ ...each, signature: new Uint8Array(64) })).toBe(false);
      expect(signer.knows({ ...each, round: 2 })).toBe(false);
      expect(signer.knows({ ...each, height: 4n })).toBe(false);
      expect(signer.knows({ ...each, height: 2n })).toBe(false);
    }
  });

  test("taken back from the log comes without a lock", () => {
    const from = signerOn(new MemoryDisk());
    const outcome = ask(from, precommit(1n, 0, A));
    if (outcome.outcome !== "signed") throw new Error("not signed");
    const signer = signerOn(new MemoryDisk());
    expect(signer.restore(outcome.message)).toBe(true);
    expect(signer.lockAt(1n)).toBeUndefined();
    expect(signer.signedAt(1n)).toEqual([outcome.message]);
  });
});

describe("the journal's file", () => {
  test("is ordered by height, then round, then step", () => {
    const places = [record(1n, 0, 3), record(1n, 1, 1), record(1n, 1, 2), record(2n, 0, 1)];
    places.forEach((a, i) => {
      places.forEach((b, j) => {
        expect(Math.sign(comparePositions(a, b))).toBe(Math.sign(i - j));
      });
    });
  });

  test("never goes back to an earlier height", () => {
    const journal = SignJournal.create(JOURNAL, new MemoryDisk().mount());
    journal.append(record(5n, 0, 1));
    expect(() => journal.append(record(4n, 9, 3))).toThrow("never goes back");
    journal.append(record(5n, 0, 2));
    expect(journal.records).toHaveLength(2);
  });

  test("is replaced only when a height begins and it has outgrown its bound", () => {
    const disk = new MemoryDisk();
    const size = () => disk.read(JOURNAL.path)?.length ?? 0;
    const journal = SignJournal.create({ ...JOURNAL, rewriteBytes: 300 }, disk.mount());
    const header = size();
    journal.append(record(1n, 0, 1));
    const one = size() - header;
    while (size() <= 300) journal.append(record(1n, size(), 1));
    const grown = size();
    journal.append(record(1n, 1_000, 2));
    expect(size()).toBe(grown + one);
    journal.append(record(2n, 0, 1));
    expect(size()).toBe(header + one);
    expect(journal.highest).toMatchObject({ height: 2n, round: 0, step: 1 });
    // What left the file is ruled out by the floor, and held to be our own.
    const again = open(disk);
    expect(again.records).toHaveLength(1);
    expect(again.knows({ height: 1n, round: 1_000, step: 2 }, new Uint8Array(1))).toBe(true);
    expect(again.knows({ height: 1n, round: 1_000, step: 3 }, new Uint8Array(1))).toBe(false);
  });

  test("of exactly its bound is not replaced yet", () => {
    const disk = new MemoryDisk();
    const probe = SignJournal.create(JOURNAL, disk.mount());
    probe.append(record(1n, 0, 1));
    const rewriteBytes = disk.read(JOURNAL.path)?.length ?? 0;
    const exact = new MemoryDisk();
    const journal = SignJournal.create({ ...JOURNAL, rewriteBytes }, exact.mount());
    journal.append(record(1n, 0, 1));
    journal.append(record(2n, 0, 1));
    expect(exact.read(JOURNAL.path)?.length).toBeGreaterThan(rewriteBytes);
  });

  test("gives the newest lock of a height, and none of another", () => {
    const disk = new MemoryDisk();
    const journal = SignJournal.create({ ...JOURNAL, rewriteBytes: 1_000_000 }, disk.mount());
    for (const round of [0, 3]) journal.append(record(5n, round, 3, { lock: { ...lock(5n, round, A), block: BLOCK } }));
    journal.append(record(5n, 4, 3));
    expect(journal.lockAt(5n)?.round).toBe(3);
    expect(journal.lockAt(4n)).toBeUndefined();
    expect(open(disk).lockAt(5n)).toMatchObject({ round: 3, block: BLOCK, blockId: A });
  });

  test("opened again holds the newest height's records, and what was below as its floor", () => {
    const disk = new MemoryDisk();
    const journal = SignJournal.create({ ...JOURNAL, rewriteBytes: 1_000_000 }, disk.mount());
    for (const [height, round] of [
      [5n, 0],
      [5n, 2],
      [6n, 0],
    ] as const)
      journal.append(record(height, round, 2));
    journal.close();
    journal.close();
    const again = open(disk);
    expect(again.records).toHaveLength(1);
    expect(again.knows({ height: 5n, round: 2, step: 2 }, new Uint8Array(0))).toBe(true);
    expect(again.knows({ height: 5n, round: 2, step: 3 }, new Uint8Array(0))).toBe(false);
    expect(again.knows(record(6n, 0, 2), record(6n, 0, 2).signature)).toBe(true);
    expect(again.knows(record(6n, 0, 2), new Uint8Array(64))).toBe(false);
    expect(again.find({ height: 6n, round: 0, step: 2 })).toBeDefined();
    expect(again.find({ height: 6n, round: 0, step: 3 })).toBeUndefined();
  });

  test("without any record stands at its floor, and a floor above its records wins", () => {
    const disk = new MemoryDisk();
    SignJournal.create(JOURNAL, disk.mount(), { height: 9n, round: 1, step: 2 }, record(8n, 0, 1)).close();
    expect(open(disk).highest).toMatchObject({ height: 9n, round: 1, step: 2 });
  });

  test("takes no record that it would not read back", () => {
    const disk = new MemoryDisk();
    const journal = SignJournal.create(JOURNAL, disk.mount());
    const before = disk.read(JOURNAL.path);
    const message = new Uint8Array(MAX_JOURNAL_RECORD_BYTES);
    expect(() => journal.append(record(1n, 0, 1, { message }))).toThrow(/^journal record of \d+ bytes$/);
    expect(disk.read(JOURNAL.path)).toEqual(before);
  });

  test("whose end looks like records everywhere counts as damaged, and is not searched for ever", () => {
    const disk = new MemoryDisk();
    SignJournal.create(JOURNAL, disk.mount()).close();
    const header = disk.read(JOURNAL.path) as Uint8Array;
    // A length, a sequence and a checksum that is wrong, again and again; each would be worth a look.
    const like = new Uint8Array(12);
    new DataView(like.buffer).setUint32(0, 1_000_000);
    const places = Math.ceil(MAX_SEARCHED_BYTES / 1_000_000) + 1;
    const tail = Buffer.concat([...Array.from({ length: places }, () => like), new Uint8Array(1_000_000)]);
    disk.write(JOURNAL.path, Buffer.concat([header, tail]));
    expect(() => open(disk)).toThrow(JournalError);
    // With fewer of them all are looked at: nothing good follows, so it is a torn record.
    disk.write(JOURNAL.path, Buffer.concat([header, tail.subarray(12 * (places - 3))]));
    expect(open(disk).records).toEqual([]);
  });

  test("cut inside its header is damaged, not new", () => {
    const disk = new MemoryDisk();
    SignJournal.create(JOURNAL, disk.mount()).close();
    const bytes = disk.read(JOURNAL.path) as Uint8Array;
    for (let size = 0; size < bytes.length; size++) {
      disk.write(JOURNAL.path, bytes.slice(0, size));
      expect(() => open(disk)).toThrow(JournalError);
    }
  });
});
