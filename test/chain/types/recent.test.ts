import fc from "fast-check";
import { expect, test } from "vitest";
import { AddressCodec, encodeAddress, parseAddress } from "../../../chain/types/address.ts";
import { RecentResults } from "../../../chain/types/recent.ts";

test("what is used goes on being remembered, what is not is forgotten, and the number stays bounded", () => {
  const recent = new RecentResults<number>(10);
  recent.set("kept", 1);
  recent.set("left", 2);
  for (let index = 0; index < 100; index++) {
    recent.set(`other ${index}`, index);
    expect(recent.get("kept")).toBe(1);
  }
  expect(recent.get("left")).toBeUndefined();
  const remembered = Array.from({ length: 100 }, (_, index) => recent.get(`other ${index}`)).filter(
    (value) => value !== undefined,
  );
  expect(remembered.length).toBeLessThanOrEqual(20);
});

test("a codec that remembers gives what converting anew gives, however often and in whatever order it is asked", () => {
  const codec = new AddressCodec("trib");
  const address = fc.uint8Array({ minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(fc.array(address, { minLength: 1, maxLength: 20 }), (list) => {
      for (const bytes of [...list, ...list.toReversed()]) {
        const text = codec.account(bytes);
        expect(text).toBe(encodeAddress("trib", bytes));
        expect(codec.parseAccount(text)).toEqual(parseAddress("trib", text));
      }
    }),
  );
});

test("bytes that a caller changes do not change what the next caller is given", () => {
  const codec = new AddressCodec("trib");
  const text = codec.account(new Uint8Array(20).fill(7));
  codec.parseAccount(text).fill(0);
  expect(codec.parseAccount(text)).toEqual(new Uint8Array(20).fill(7));
});
