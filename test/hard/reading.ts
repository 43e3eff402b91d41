/**
 * What must hold for every decoder of the product: whatever it is given, it refuses with an error of its own or reads a
 * value that is stable, that is, written and read again it is the same; where the form is canonical, what is written is
 * the very input. Owns the inputs (random, and mutations of valid ones) and the check, not the list of decoders.
 */
import fc from "fast-check";
import { expect, test } from "vitest";

/** Fifty times as many runs with TRIBUTARY_FULL=1. */
const factor = process.env.TRIBUTARY_FULL === "1" ? 50 : 1;

type ErrorClass = new (...args: never[]) => Error;

/** One decoder. */
export interface Decoder<Input, Value> {
  readonly name: string;
  /** Valid inputs; each must be read. */
  readonly samples: readonly Input[];
  readonly read: (input: Input) => Value;
  /** What it may throw. */
  readonly errors: readonly ErrorClass[];
  /** The inverse, where there is one. */
  readonly write?: (value: Value) => Input;
  /** Whether there is one form for each value, so that what is written is the input. */
  readonly canonical?: boolean;
  /** How many inputs; 150 of each kind by default. */
  readonly runs?: number;
}

function check<Input, Value>(decoder: Decoder<Input, Value>, input: Input): void {
  let value: Value;
  try {
    value = decoder.read(input);
  } catch (error) {
    if (decoder.errors.some((kind) => error instanceof kind)) return;
    throw new Error(`${decoder.name} threw a foreign error`, { cause: error });
  }
  if (decoder.write === undefined) return;
  const written = decoder.write(value);
  if (decoder.canonical) expect(written).toEqual(input);
  else expect(decoder.read(written)).toEqual(value);
}

function testOf<Input, Value>(
  decoder: Decoder<Input, Value>,
  random: fc.Arbitrary<Input>,
  mutated: fc.Arbitrary<Input>,
): void {
  test(`${decoder.name}: refused with its own error, or stable`, () => {
    for (const sample of decoder.samples) {
      const value = decoder.read(sample);
      if (decoder.write !== undefined) expect(decoder.read(decoder.write(value))).toEqual(value);
    }
    const numRuns = (decoder.runs ?? 150) * factor;
    fc.assert(
      fc.property(random, (input) => check(decoder, input)),
      { numRuns },
    );
    fc.assert(
      fc.property(mutated, (input) => check(decoder, input)),
      { numRuns },
    );
  });
}

interface Edit<Item> {
  readonly at: number;
  readonly kind: "change" | "insert" | "delete" | "cut" | "double";
  readonly item: Item;
}

function edits<Item>(item: fc.Arbitrary<Item>): fc.Arbitrary<readonly Edit<Item>[]> {
  const edit = fc.record({
    at: fc.nat(),
    kind: fc.constantFrom("change" as const, "insert" as const, "delete" as const, "cut" as const, "double" as const),
    item,
  });
  return fc.array(edit, { minLength: 1, maxLength: 3 });
}

function edited<Item>(list: readonly Item[], changes: readonly Edit<Item>[]): readonly Item[] {
  let items = [...list];
  for (const { at, kind, item } of changes) {
    const place = items.length === 0 ? 0 : at % items.length;
    if (kind === "change") items[place] = item;
    else if (kind === "insert") items.splice(place, 0, item);
    else if (kind === "delete") items.splice(place, 1);
    else if (kind === "cut") items = items.slice(0, place);
    else items = [...items, ...items.slice(place)];
  }
  return items;
}

/** Tests decoders of bytes. */
export function testBytes<Value>(decoder: Decoder<Uint8Array, Value>): void {
  const byte = fc.oneof(fc.constantFrom(0x00, 0x01, 0x0a, 0x12, 0x7f, 0x80, 0xff), fc.integer({ min: 0, max: 255 }));
  const mutated = fc
    .tuple(fc.constantFrom(...decoder.samples), edits(byte))
    .map(([sample, changes]) => Uint8Array.from(edited([...sample], changes)));
  testOf(decoder, fc.uint8Array({ maxLength: 80 }), mutated);
}

const strange = [..."\0\n \"'\\/%.:,;=@-+_~{}[]()0123456789eE", "\ud800", "\u{1f600}", "\u00e9", "\u2028", "99999999"];

/** Tests decoders of text. Lone surrogates are among what they are given: JSON can carry them. */
export function testText<Value>(decoder: Decoder<string, Value>): void {
  const piece = fc.oneof(fc.constantFrom(...strange), fc.string({ minLength: 1, maxLength: 2 }));
  const mutated = fc
    .tuple(fc.constantFrom(...decoder.samples), edits(piece))
    .map(([sample, changes]) => edited([...sample], changes).join(""));
  const random = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: "binary", maxLength: 40 }));
  testOf(decoder, random, mutated);
}

/** Values that JSON can hold and that a careless reader trips over. */
const oddities: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  1e300,
  2 ** 60,
  "",
  "0",
  "-1",
  "\ud800",
  "99999999999999999999999999",
  `1${"0".repeat(90)}`,
  "not base64!",
  "0001-01-01T00:00:00Z",
  [],
  [null],
  [[]],
  {},
  { "@type": "/cosmos.bank.v1beta1.MsgSend" },
  { "@type": "/nothing" },
  JSON.parse('{"__proto__":{"a":1},"constructor":null}'),
];

/** Every place in a JSON value, as paths. */
function placesIn(json: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof json !== "object" || json === null) return [path];
  return [path, ...Object.entries(json).flatMap(([key, inner]) => placesIn(inner, [...path, key]))];
}

/** A copy with another value at a place; `undefined` takes the place out. */
function withPlace(json: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value === undefined ? null : value;
  if (Array.isArray(json)) {
    const list = json.map((item, i) => (String(i) === key ? withPlace(item, rest, value) : item));
    return rest.length === 0 && value === undefined ? list.filter((_, i) => String(i) !== key) : list;
  }
  const { [key]: inner, ...others } = json as Record<string, unknown>;
  if (rest.length === 0 && value === undefined) return others;
  return { ...others, [key]: withPlace(inner, rest, value) };
}

/** Tests decoders of parsed JSON: a value somewhere inside is another one, is missing, or has a sister of another name. */
export function testJson<Value>(decoder: Decoder<unknown, Value>): void {
  const odd = fc.oneof(fc.constantFrom(...oddities), fc.jsonValue({ maxDepth: 2 }), fc.constant(undefined));
  const mutated = fc.constantFrom(...decoder.samples).chain((sample) => {
    const places = fc.constantFrom(...placesIn(sample));
    return fc
      .array(fc.tuple(places, odd), { minLength: 1, maxLength: 2 })
      .map((changes) =>
        changes.reduce<unknown>(
          (json, [path, value]) =>
            placesIn(json).some((one) => same(one, path)) ? withPlace(json, path, value) : json,
          sample,
        ),
      );
  });
  testOf(decoder, fc.oneof(fc.constantFrom(...oddities), fc.jsonValue()), mutated);
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}
