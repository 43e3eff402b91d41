import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SignEffect } from "../../../chain/consensus/effect.ts";
import { nobleVerifier } from "../../../chain/types/crypto.ts";
import { verifyProposal, verifyVote } from "../../../chain/types/vote.ts";
import { comparePositions, JournalError, SignJournal } from "../../../node/engine/sign-journal.ts";
import type { SignedMessage, Signer, SignOutcome } from "../../../node/engine/signer.ts";
import { hex } from "../../../proto/bytes.ts";
import { encode } from "../../../proto/codec.ts";
import { MemoryDisk, PowerCut } from "../../sim/memory-disk.ts";
import { Random } from "../../sim/random.ts";
import {
  block,
  CHAIN_ID,
  JOURNAL,
  KEY,
  NIL,
  POWERS,
  precommit,
  prevote,
  proposal,
  quietLog,
  signerOn,
  TIME,
} from "./support.ts";

const A = block("A");
const B = block("B");
const BLOCK_BYTES = Uint8Array.of(1, 2, 3);

function sign(signer: Signer, effect: SignEffect, nanos = 0): SignOutcome {
  return signer.sign({ effect, timestamp: { ...TIME, nanos }, block: BLOCK_BYTES, powers: POWERS });
}

function signed(outcome: SignOutcome): SignedMessage {
  if (outcome.outcome !== "signed") throw new Error(outcome.reason);
  return outcome.message;
}

function bytesOf(message: SignedMessage): string {
  return hex(
    message.type === "vote"
      ? encode("tendermint.types.Vote", message.vote)
      : encode("tendermint.types.Proposal", message.proposal),
  );
}

describe("the signer", () => {
  test("signs what another implementation verifies", () => {
    const signer = signerOn(new MemoryDisk());
    const proposed = signed(sign(signer, proposal(1n, 0, A)));
    const voted = signed(sign(signer, prevote(1n, 0, A)));
    if (proposed.type !== "proposal" || voted.type !== "vote") throw new Error("wrong kind");
    verifyProposal(CHAIN_ID, proposed.proposal, KEY.publicKey, nobleVerifier);
    verifyVote(CHAIN_ID, voted.vote, KEY.publicKey, nobleVerifier);
    expect(() => verifyVote("other-1", voted.vote, KEY.publicKey, nobleVerifier)).toThrow("invalid signature");
  });

  test("gives back the signature it has for the same message, with the time first signed", () => {
    const disk = new MemoryDisk();
    const first = signed(sign(signerOn(disk), prevote(1n, 0, A), 5));
    const again = signed(sign(signerOn(disk), prevote(1n, 0, A), 999));
    expect(bytesOf(again)).toBe(bytesOf(first));
  });

  test("refuses another message at a place it has signed", () => {
    const signer = signerOn(new MemoryDisk());
    signed(sign(signer, proposal(1n, 0, A)));
    signed(sign(signer, prevote(1n, 0, A)));
    expect(sign(signer, proposal(1n, 0, B))).toMatchObject({ outcome: "refused" });
    expect(sign(signer, proposal(1n, 0, A, 0))).toMatchObject({ outcome: "refused" });
    expect(sign(signer, prevote(1n, 0, NIL))).toMatchObject({ outcome: "refused" });
  });

  test("refuses to go back in height, round or step", () => {
    const signer = signerOn(new MemoryDisk());
    signed(sign(signer, precommit(5n, 3, NIL)));
    for (const effect of [prevote(5n, 3, A), precommit(5n, 2, NIL), proposal(5n, 1, A), prevote(4n, 9, A)]) {
      expect(sign(signer, effect)).toMatchObject({ outcome: "refused" });
    }
    signed(sign(signer, prevote(5n, 4, A)));
    signed(sign(signer, prevote(6n, 0, A)));
  });

  test("remembers every signature of the height, not only the last", () => {
    const disk = new MemoryDisk();
    const signer = signerOn(disk);
    const messages = [proposal(1n, 0, A), prevote(1n, 0, A), precommit(1n, 0, NIL), prevote(1n, 1, NIL)].map((effect) =>
      bytesOf(signed(sign(signer, effect))),
    );
    expect(signerOn(disk).signedAt(1n).map(bytesOf)).toEqual(messages);
    expect(signer.signedAt(1n).map(bytesOf)).toEqual(messages);
    expect(bytesOf(signed(sign(signer, proposal(1n, 0, A), 9)))).toBe(messages[0]);
    signed(sign(signer, prevote(2n, 0, A)));
    expect(signerOn(disk).signedAt(1n)).toEqual([]);
    expect(signerOn(disk).signedAt(2n)).toHaveLength(1);
  });

  test("precommits a block only with its polka and the block itself", () => {
    const signer = signerOn(new MemoryDisk());
    expect(sign(signer, precommit(1n, 0, A, false))).toMatchObject({ outcome: "refused" });
    const few = precommit(1n, 0, A);
    const { lock } = few;
    if (lock === undefined) throw new Error("no lock");
    expect(sign(signer, { ...few, lock: { ...lock, polka: lock.polka.slice(1) } })).toMatchObject({
      outcome: "refused",
    });
    const [first] = lock.polka;
    if (first === undefined) throw new Error("no vote");
    expect(sign(signer, { ...few, lock: { ...lock, polka: [first, first, first] } })).toMatchObject({
      outcome: "refused",
    });
    const request = { effect: few, timestamp: TIME, block: undefined, powers: POWERS };
    expect(signer.sign(request)).toMatchObject({ outcome: "refused" });
    signed(sign(signer, few));
  });

  test("prevotes nil, loudly, instead of voting against its lock", () => {
    const disk = new MemoryDisk();
    signed(sign(signerOn(disk), precommit(1n, 0, A)));
    const outcome = sign(signerOn(disk), prevote(1n, 1, B));
    const message = signed(outcome);
    expect(message.type === "vote" && message.vote.blockId).toEqual(NIL);
    expect(outcome.outcome === "signed" && outcome.alarm).toContain("lock of round 0");
  });

  test("prevotes against its lock when a later polka permits it, and for its lock always", () => {
    const signer = signerOn(new MemoryDisk());
    signed(sign(signer, precommit(1n, 1, A)));
    const old = sign(signer, prevote(1n, 2, B, 0));
    expect(old.outcome === "signed" && old.alarm).toContain("lock of round 1");
    const justified = sign(signer, prevote(1n, 4, B, 3));
    expect(justified.outcome === "signed" && justified.alarm).toBeUndefined();
    const same = sign(signer, prevote(1n, 5, A));
    expect(same.outcome === "signed" && same.alarm).toBeUndefined();
  });

  test("a lock ends with its height", () => {
    const signer = signerOn(new MemoryDisk());
    signed(sign(signer, precommit(1n, 0, A)));
    const next = signed(sign(signer, prevote(2n, 0, B)));
    expect(next.type === "vote" && next.vote.blockId).toEqual(B);
  });

  test("keeps the lock with its block in the journal", () => {
    const disk = new MemoryDisk();
    signed(sign(signerOn(disk), precommit(1n, 2, A)));
    expect(signerOn(disk).lockAt(1n)).toMatchObject({ round: 2, blockId: A, block: BLOCK_BYTES });
    expect(signerOn(disk).lockAt(1n)?.polka).toHaveLength(3);
    expect(signerOn(disk).lockAt(2n)).toBeUndefined();
  });

  test("never signs two things at one place, whatever it is asked and wherever the power is cut", () => {
    const asked = fc.record({
      height: fc.integer({ min: 1, max: 3 }),
      round: fc.integer({ min: 0, max: 2 }),
      kind: fc.constantFrom("proposal", "prevote", "precommit"),
      id: fc.constantFrom(A, B, NIL),
      nanos: fc.integer({ min: 0, max: 5 }),
    });
    const property = fc.property(
      fc.array(asked, { maxLength: 25 }),
      fc.integer(),
      fc.nat(80),
      (requests, seed, cut) => {
        const random = new Random(seed);
        const disk = new MemoryDisk();
        let signer = signerOn(disk);
        disk.cutAt = disk.operations + cut;
        const said = new Map<string, string>();
        for (const { height, round, kind, id, nanos } of requests) {
          const make = { proposal, prevote, precommit }[kind as "proposal"];
          try {
            const outcome = sign(signer, make(BigInt(height), round, id), nanos);
            if (outcome.outcome === "refused") continue;
            const { message } = outcome;
            const place = `${height}/${round}/${kind}`;
            expect(said.get(place) ?? bytesOf(message)).toBe(bytesOf(message));
            said.set(place, bytesOf(message));
          } catch (error) {
            if (!(error instanceof PowerCut)) throw error;
            disk.cutAt = undefined;
            disk.crash(random);
            signer = signerOn(disk);
          }
        }
      },
    );
    fc.assert(property, { numRuns: 400 });
  });
});

describe("the sign journal", () => {
  test("missing means that the key does not sign, and the message says what to do", () => {
    const open = () => SignJournal.open(JOURNAL, { files: new MemoryDisk().mount(), log: quietLog() });
    expect(open).toThrow(JournalError);
    expect(open).toThrow("tributaryd sign-state init --min-height");
  });

  test("is never overwritten", () => {
    const files = new MemoryDisk().mount();
    SignJournal.create(JOURNAL, files);
    expect(() => SignJournal.create(JOURNAL, files)).toThrow("exists already");
  });

  test("of another key or chain is refused", () => {
    const files = new MemoryDisk().mount();
    SignJournal.create(JOURNAL, files);
    const needs = { files, log: quietLog() };
    expect(() => SignJournal.open({ ...JOURNAL, chainId: "test-2" }, needs)).toThrow(JournalError);
    expect(() => SignJournal.open({ ...JOURNAL, address: new Uint8Array(20) }, needs)).toThrow("another key");
  });

  test("with a floor signs nothing at or below it", () => {
    const disk = new MemoryDisk();
    SignJournal.create(JOURNAL, disk.mount(), { height: 10n, round: 2, step: 2 }).close();
    const signer = signerOn(disk);
    expect(sign(signer, precommit(9n, 5, NIL))).toMatchObject({ outcome: "refused" });
    expect(sign(signer, prevote(10n, 2, A))).toMatchObject({ outcome: "refused" });
    signed(sign(signer, precommit(10n, 2, NIL)));
    expect(sign(signerOn(disk), prevote(10n, 2, A))).toMatchObject({ outcome: "refused" });
  });

  test("a torn last record is cut off; damage before it stops the key", () => {
    const disk = new MemoryDisk();
    const signer = signerOn(disk);
    const header = (disk.read(JOURNAL.path) as Uint8Array).length;
    const ends = [proposal(1n, 0, A), prevote(1n, 0, A), precommit(1n, 0, A)].map((effect) => {
      signed(sign(signer, effect));
      return (disk.read(JOURNAL.path) as Uint8Array).length;
    });
    const bytes = disk.read(JOURNAL.path) as Uint8Array;
    const reopened = (content: Uint8Array) => {
      const other = new MemoryDisk();
      other.write(JOURNAL.path, content);
      const journal = SignJournal.open(JOURNAL, { files: other.mount(), log: quietLog() });
      return { journal, size: (other.read(JOURNAL.path) as Uint8Array).length };
    };
    for (let cut = header; cut <= bytes.length; cut++) {
      const whole = ends.filter((end) => end <= cut);
      const { journal, size } = reopened(bytes.slice(0, cut));
      expect(journal.records).toHaveLength(whole.length);
      expect(size).toBe(whole.at(-1) ?? header);
    }
    const lastStart = ends.at(-2) as number;
    for (let at = 0; at < bytes.length; at += 3) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] as number) ^ 4;
      if (at < lastStart) expect(() => reopened(damaged)).toThrow(JournalError);
      else expect(reopened(damaged).journal.records).toHaveLength(2);
    }
  });

  test("a signature that the journal lost and the log kept is taken back, and only a newer one", () => {
    const disk = new MemoryDisk();
    const lost = signed(sign(signerOn(new MemoryDisk()), prevote(1n, 3, A)));
    const signer = signerOn(disk);
    expect(signer.restore(lost)).toBe(true);
    expect(signer.restore(lost)).toBe(false);
    expect(sign(signer, prevote(1n, 3, B))).toMatchObject({ outcome: "refused" });
    expect(bytesOf(signed(sign(signer, prevote(1n, 3, A), 77)))).toBe(bytesOf(lost));
  });

  test("whatever operation the power is cut at, what was signed is remembered", () => {
    const effects = [
      proposal(1n, 0, A),
      prevote(1n, 0, A),
      precommit(1n, 0, A),
      prevote(1n, 1, A),
      proposal(2n, 0, B),
      prevote(2n, 0, B),
      prevote(3n, 0, NIL),
    ];
    const probe = new MemoryDisk();
    const whole = signerOn(probe);
    const created = probe.operations;
    for (const effect of effects) signed(sign(whole, effect));
    const operations = probe.operations - created;
    expect(operations).toBeGreaterThan(20);
    for (let cut = 0; cut < operations; cut++) {
      for (let seed = 1; seed < 6; seed++) {
        const disk = new MemoryDisk();
        // Rewritten at every height, or only appended to.
        const signer = signerOn(disk, seed % 2 === 0 ? 0 : 1_000_000);
        disk.cutAt = disk.operations + cut;
        let last: SignedMessage | undefined;
        try {
          for (const effect of effects) last = signed(sign(signer, effect));
        } catch (error) {
          expect(error).toBeInstanceOf(PowerCut);
        }
        disk.cutAt = undefined;
        disk.crash(new Random(seed * 1000 + cut));
        if (last === undefined) continue;
        const { journal } = { journal: SignJournal.open(JOURNAL, { files: disk.mount(), log: quietLog() }) };
        const own = last.type === "vote" ? last.vote : last.proposal;
        const step = last.type === "proposal" ? 1 : last.vote.type + 1;
        const position = { height: own.height, round: own.round, step };
        expect(comparePositions(journal.highest, position)).toBeGreaterThanOrEqual(0);
      }
    }
  });
});
