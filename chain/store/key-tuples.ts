// Owns: keys of several components. Does not own the components (key-codecs.ts).

import { concat } from "../../proto/bytes.ts";
import { type Json, type KeyCodec, KeyError } from "./key-codec.ts";

/** Two components; ordered by the first, then by the second. All keys of one first component are a prefix. */
export function pair<A, B, PA, PB>(first: KeyCodec<A, PA>, second: KeyCodec<B, PB>): KeyCodec<readonly [A, B], A> {
  return {
    type: `pair(${first.type}, ${second.type})`,
    encode: ([a, b]) => concat(first.encodePart(a), second.encode(b)),
    encodePart: ([a, b]) => concat(first.encodePart(a), second.encodePart(b)),
    encodePrefix: (prefix) => first.encodePart(prefix),
    decode: (from) => {
      const [a, next] = first.decodePart(from, 0);
      return [a, second.decode(from.subarray(next))];
    },
    decodePart: (from, at) => {
      const [a, middle] = first.decodePart(from, at);
      const [b, next] = second.decodePart(from, middle);
      return [[a, b], next];
    },
    toJson: ([a, b], addresses) => [first.toJson(a, addresses), second.toJson(b, addresses)],
    fromJson: (json, addresses) => {
      const [a, b] = jsonTuple(json, 2);
      return [first.fromJson(a!, addresses), second.fromJson(b!, addresses)];
    },
  };
}

/** Three components. All keys of the first one, or of the first two, are a prefix. */
export function triple<A, B, C, PA, PB, PC>(
  first: KeyCodec<A, PA>,
  second: KeyCodec<B, PB>,
  third: KeyCodec<C, PC>,
): KeyCodec<readonly [A, B, C], readonly [A] | readonly [A, B]> {
  return {
    type: `triple(${first.type}, ${second.type}, ${third.type})`,
    encode: ([a, b, c]) => concat(first.encodePart(a), second.encodePart(b), third.encode(c)),
    encodePart: ([a, b, c]) => concat(first.encodePart(a), second.encodePart(b), third.encodePart(c)),
    encodePrefix: (prefix) =>
      prefix.length === 1
        ? first.encodePart(prefix[0])
        : concat(first.encodePart(prefix[0]), second.encodePart(prefix[1])),
    decode: (from) => {
      const [a, middle] = first.decodePart(from, 0);
      const [b, last] = second.decodePart(from, middle);
      return [a, b, third.decode(from.subarray(last))];
    },
    decodePart: (from, at) => {
      const [a, middle] = first.decodePart(from, at);
      const [b, last] = second.decodePart(from, middle);
      const [c, next] = third.decodePart(from, last);
      return [[a, b, c], next];
    },
    toJson: ([a, b, c], addresses) => [
      first.toJson(a, addresses),
      second.toJson(b, addresses),
      third.toJson(c, addresses),
    ],
    fromJson: (json, addresses) => {
      const [a, b, c] = jsonTuple(json, 3);
      return [first.fromJson(a!, addresses), second.fromJson(b!, addresses), third.fromJson(c!, addresses)];
    },
  };
}

function jsonTuple(json: Json, length: number): readonly Json[] {
  if (!Array.isArray(json) || json.length !== length) throw new KeyError(`a key must be a JSON array of ${length}`);
  return json as readonly Json[];
}
