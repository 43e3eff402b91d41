import fc from "fast-check";
import { expect, test } from "vitest";
import { BoundedJsonError, parseBoundedJson, parseInTurn } from "../../../node/rpc/bounded-json.ts";
import { maximumJsonDepth, maximumJsonValues, slicedJsonBytes } from "../../../node/rpc/limits.ts";

const parse = (text: string) => parseBoundedJson(Buffer.from(text));
const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

test("whatever is within the bounds reads as JSON.parse reads it", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const text = JSON.stringify(value);
      expect(parse(text)).toEqual(JSON.parse(text));
    }),
  );
});

test("what is no JSON is refused as that, whatever it looks like", () => {
  for (const text of ["", "{", "]", '"', '"\\', "[1,]", "{'a':1}", "\u0000"])
    expect(() => parse(text), text).toThrow(new BoundedJsonError("is not JSON"));
});

test("depth and values are bounded, up to the bound exactly", () => {
  expect(parse(nested(maximumJsonDepth))).toBeInstanceOf(Array);
  expect(() => parse(nested(maximumJsonDepth + 1))).toThrow(/nests more than 64 deep/);
  expect(() => parse('{"a":'.repeat(100_000))).toThrow(/nests/);
  const list = (values: number) => `[${Array(values).fill(0).join(",")}]`;
  // The list is one value, its first entry needs no comma.
  expect(parse(list(maximumJsonValues - 1))).toHaveLength(maximumJsonValues - 1);
  expect(() => parse(list(maximumJsonValues))).toThrow(/more than 32768 values/);
  expect(() => parse(`{${'"a":1,'.repeat(maximumJsonValues)}`)).toThrow(/values/);
});

test("brackets and commas in texts count for nothing, and an escaped quote ends no text", () => {
  for (const text of ["[".repeat(1_000), ",".repeat(100_000), '"[[[\\"'.repeat(100), "\\".repeat(99)])
    expect(parse(JSON.stringify([text]))).toEqual([text]);
});

test("what is long waits for its turn, what is short does not", async () => {
  const lanes: string[] = [];
  const slices = {
    run: async <Result>(lane: string, work: () => Result | Promise<Result>) => {
      lanes.push(lane);
      return await work();
    },
  };
  expect(await parseInTurn(Buffer.from("[]"), slices)).toEqual([]);
  expect(lanes).toEqual([]);
  expect(await parseInTurn(Buffer.from(`[${" ".repeat(slicedJsonBytes)}]`), slices)).toEqual([]);
  expect(lanes).toEqual(["queries"]);
});
