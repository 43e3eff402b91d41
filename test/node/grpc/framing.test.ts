// Frames of gRPC in random pieces: what was framed comes out whole, however it was cut.
import fc from "fast-check";
import { expect, test } from "vitest";
import { escapedMessage, FrameReader, FramingError, frame } from "../../../node/grpc/framing.ts";

const MAXIMUM = 100;

test("messages come out as they went in, however the bytes are cut", () => {
  const message = fc.uint8Array({ maxLength: MAXIMUM });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 40 })), (messages, cuts) => {
      const bytes = Buffer.concat(messages.map((each) => frame(each)));
      const reader = new FrameReader(MAXIMUM);
      const found: Uint8Array[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const size = cuts.length === 0 ? bytes.length : cuts[turn % cuts.length]!;
        found.push(...reader.take(bytes.subarray(at, at + size)));
        at += size;
      }
      expect(found.map((each) => [...each])).toEqual(messages.map((each) => [...each]));
      expect([reader.isCut, reader.heldBytes]).toEqual([false, 0]);
    }),
  );
});

test("any bytes give messages or a FramingError, and hold no more than they are", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 64 })), (pieces) => {
      const reader = new FrameReader(MAXIMUM);
      try {
        for (const piece of pieces)
          for (const each of reader.take(piece)) expect(each.length).toBeLessThanOrEqual(MAXIMUM);
      } catch (error) {
        expect(error).toBeInstanceOf(FramingError);
      }
      expect(reader.heldBytes).toBeLessThanOrEqual(MAXIMUM + 64 + 5);
    }),
  );
});

test("the text of a status is escaped as the protocol's document says", () => {
  expect(escapedMessage("100% sûr\n")).toBe("100%25 s%C3%BBr%0A");
  expect(escapedMessage(" a b ")).toBe("%20a b%20");
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => decodeURIComponent(escapedMessage(text)) === text));
});
