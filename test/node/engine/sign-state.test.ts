import { describe, expect, test } from "vitest";
import { voteSignBytes } from "../../../chain/types/vote.ts";
import { JournalError, SignJournal } from "../../../node/engine/sign-journal.ts";
import { fromCometSignState, toCometSignState } from "../../../node/engine/sign-state.ts";
import { hex } from "../../../proto/bytes.ts";
import { MemoryDisk } from "../../sim/memory-disk.ts";
import { block, CHAIN_ID, JOURNAL, NIL, POWERS, precommit, prevote, quietLog, signerOn, TIME } from "./support.ts";

function open(disk: MemoryDisk): SignJournal {
  return SignJournal.open(JOURNAL, { files: disk.mount(), log: quietLog() });
}

describe("CometBFT's sign state", () => {
  test("carries the last signature from one journal to another, which gives it back and nothing else", () => {
    const disk = new MemoryDisk();
    const request = { effect: prevote(7n, 2, block("A")), timestamp: TIME, block: undefined, powers: POWERS };
    const first = signerOn(disk).sign(request);
    const text = toCometSignState(open(disk));
    const fields = JSON.parse(text) as Record<string, unknown>;
    if (first.outcome !== "signed" || first.message.type !== "vote") throw new Error("not signed");
    expect(fields).toEqual({
      height: "7",
      round: 2,
      step: 2,
      signature: Buffer.from(first.message.vote.signature).toString("base64"),
      signbytes: hex(voteSignBytes(CHAIN_ID, first.message.vote)).toUpperCase(),
    });

    const moved = new MemoryDisk();
    const { floor, record } = fromCometSignState(text);
    SignJournal.create(JOURNAL, moved.mount(), floor, record).close();
    const signer = signerOn(moved);
    expect(signer.sign({ ...request, effect: prevote(7n, 2, NIL) })).toMatchObject({ outcome: "refused" });
    expect(signer.sign({ ...request, effect: precommit(7n, 1, NIL) })).toMatchObject({ outcome: "refused" });
    const again = signer.sign({ ...request, timestamp: { seconds: 1_800_000_000n, nanos: 0 } });
    expect(again).toEqual(first);
    expect(signer.sign({ ...request, effect: precommit(7n, 2, NIL) })).toMatchObject({ outcome: "signed" });
  });

  test("of a key that has signed nothing starts an empty journal", () => {
    const { floor, record } = fromCometSignState('{"height":"0","round":0,"step":0}');
    expect(record).toBeUndefined();
    const disk = new MemoryDisk();
    SignJournal.create(JOURNAL, disk.mount(), floor, record).close();
    expect(JSON.parse(toCometSignState(open(disk)))).toEqual({ height: "0", round: 0, step: 0 });
  });

  test("without a signature, or without what was signed, is a place below which nothing is signed, and no more", () => {
    const signature = Buffer.alloc(64, 7).toString("base64");
    const rest = [{}, { signature: null }, { signature: null, signbytes: "0A" }, { signbytes: "0A" }, { signature }];
    for (const fields of rest) {
      const text = JSON.stringify({ height: "1234", round: 5, step: 3, ...fields });
      expect(fromCometSignState(text), text).toEqual({
        floor: { height: 1234n, round: 5, step: 3 },
        record: undefined,
      });
    }
    const whole = JSON.stringify({ height: "1234", round: 5, step: 3, signature, signbytes: "0aFF" });
    expect(fromCometSignState(whole).record).toMatchObject({ signBytes: Uint8Array.of(10, 255), lock: undefined });
  });

  test("that is anything else is refused", () => {
    const bad = [
      "",
      "[]",
      "{}",
      '{"height":"-1","round":0,"step":0}',
      '{"height":"00000000000000000001","round":0,"step":0}',
      '{"height":"1","round":0.5,"step":0}',
      '{"height":"1","round":-1,"step":0}',
      '{"height":"1","round":0,"step":-1}',
      '{"height":"1","round":0,"step":4}',
      '{"height":"1","round":0,"step":1,"signature":"AA==","signbytes":"00"}',
      `{"height":"1","round":0,"step":1,"signature":"${Buffer.alloc(64).toString("base64")}","signbytes":""}`,
      '{"height":"1","round":0,"step":1,"signature":"?","signbytes":"0g"}',
    ];
    for (const text of bad) expect(() => fromCometSignState(text), text).toThrow(JournalError);
  });
});
