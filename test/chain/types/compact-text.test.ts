// Messages on one line. Expected texts were printed by gogoproto 1.7.0's CompactTextString in a Go program, for a message of two texts, a message with a
// text and a number, and a number.
import { expect, test } from "vitest";
import { groupText, numberText, quotedText, timeText } from "../../../chain/types/compact-text.ts";

const ODD = "a\"b\\c\td\ne\rf'g\x7f\x01é€~ ";

test("texts are quoted byte by byte, and a message that is empty stands there", () => {
  const text = quotedText("texts", "") + quotedText("texts", ODD) + groupText("in", "") + numberText("n", -1n);
  expect(text).toBe('texts:"" texts:"a\\"b\\\\c\\td\\ne\\rf\'g\\177\\001\\303\\251\\342\\202\\254~ " in:<> n:-1 ');
});

test("a number of zero is left out", () => {
  expect(groupText("in", quotedText("a", "x") + numberText("b", 5n)) + numberText("n", 0n)).toBe('in:<a:"x" b:5 > ');
});

test("a time is its seconds and nanoseconds", () => {
  expect(timeText("update_time", { seconds: 1_700_000_000n, nanos: 5 })).toBe(
    "update_time:<seconds:1700000000 nanos:5 > ",
  );
  expect(timeText("update_time", { seconds: 0n, nanos: 0 })).toBe("update_time:<> ");
});
