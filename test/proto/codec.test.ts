// What the codec promises beyond agreeing with others: policies, defaults, limits, and the traps it closes.

import { describe, expect, test } from "vitest";
import { concat, fromHex, hex, utf8 } from "../../proto/bytes.ts";
import {
  DecodeError,
  type DecodePolicy,
  decode,
  EncodeError,
  encode,
  fullDefault,
  hasUnknownNonCriticals,
  type MessageName,
  packAny,
  UnknownFieldError,
  UnknownTypeUrlError,
  unpackAny,
} from "../../proto/codec.ts";
import { ANY_DEPTH_MAX, MESSAGE_DEPTH_MAX } from "../../proto/limits.ts";

const send = { fromAddress: "a", toAddress: "b", amount: [{ denom: "uopen", amount: "5" }] };
const txBody = "cosmos.tx.v1beta1.TxBody";
const txRaw = "cosmos.tx.v1beta1.TxRaw";
const policies: readonly DecodePolicy[] = ["lenient", "rejectUnknown", "adr027"];

/** One field of wire type 2 with a one-byte tag. */
const field = (number: number, content: Uint8Array): Uint8Array =>
  concat(new Uint8Array([(number << 3) | 2, content.length]), content);

describe("values", () => {
  test("64-bit integers are bigint, and a zero is left out of the bytes", () => {
    expect(hex(encode("cosmos.tx.v1beta1.Fee", { gasLimit: 0n }))).toBe("");
    expect(hex(encode("cosmos.tx.v1beta1.Fee", { gasLimit: 5n }))).toBe("1005");
    const largest = (1n << 64n) - 1n;
    expect(decode("cosmos.tx.v1beta1.Fee", encode("cosmos.tx.v1beta1.Fee", { gasLimit: largest })).gasLimit).toBe(
      largest,
    );
    expect(decode("tendermint.types.Vote", fromHex("10ffffffffffffffffff01")).height).toBe(-1n);
  });

  test("are plain objects with every key, also for absent fields", () => {
    const body = decode(txBody, new Uint8Array(0));
    expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
    expect(Object.keys(body)).toEqual([
      "messages",
      "memo",
      "timeoutHeight",
      "unordered",
      "timeoutTimestamp",
      "extensionOptions",
      "nonCriticalExtensionOptions",
    ]);
    expect(body).toEqual(fullDefault(txBody));
  });

  test("a field that the wire sets to its default is still there", () => {
    expect(decode("tendermint.types.PartSetHeader", fromHex("0800"))).toEqual({
      total: 0,
      hash: new Uint8Array(0),
    });
    expect(decode("cosmos.tx.v1beta1.Fee", fromHex("1000")).gasLimit).toBe(0n);
  });

  test("members of a oneof are absent unless set", () => {
    expect(decode("cosmos.tx.v1beta1.ModeInfo", fromHex("0a020801"))).toEqual({ single: { mode: 1 } });
    expect(Object.keys(decode("tendermint.crypto.PublicKey", new Uint8Array(0)))).toEqual([]);
    expect(hex(encode("tendermint.crypto.PublicKey", { ed25519: new Uint8Array(0) }))).toBe("0a00");
  });

  test("what gogoproto holds by value is always written, and an Int as 0", () => {
    expect(hex(encode("tendermint.types.BlockID", {}))).toBe("1200");
    expect(hex(encode("cosmos.base.v1beta1.Coin", { denom: "" }))).toBe("120130");
    expect(hex(encode("tendermint.types.CommitSig", {}))).toBe("1a00");
    expect(fullDefault("tendermint.types.Header").lastBlockId.partSetHeader).toEqual({
      total: 0,
      hash: new Uint8Array(0),
    });
  });

  test("two defaults never share what could be changed", () => {
    const first = fullDefault("tendermint.types.Header");
    expect(first.version).not.toBe(fullDefault("tendermint.types.Header").version);
  });

  test("bytes are copies, and plain Uint8Arrays also from a Buffer", () => {
    const buffer = Buffer.from("0a0401020304", "hex");
    const { bodyBytes } = decode(txRaw, buffer);
    buffer.fill(0xff);
    expect(bodyBytes.constructor).toBe(Uint8Array);
    expect(hex(bodyBytes)).toBe("01020304");
    expect(encode(txRaw, { bodyBytes }).constructor).toBe(Uint8Array);
  });

  test("a message read in two pieces is merged, as protobuf says", () => {
    const twice = concat(field(1, fromHex("0801")), field(1, fromHex("1002")));
    expect(decode("tendermint.types.Header", twice).version).toEqual({ block: 1n, app: 2n });
  });

  test.each([
    ["a number for a 64-bit field", "cosmos.tx.v1beta1.Fee", { gasLimit: 5 }],
    ["a bigint for a 32-bit field", "tendermint.types.PartSetHeader", { total: 5n }],
    ["an integer out of range", "tendermint.types.PartSetHeader", { total: 2 ** 32 }],
    ["a negative unsigned integer", "cosmos.tx.v1beta1.Fee", { gasLimit: -1n }],
    ["text for bytes", txRaw, { bodyBytes: "AAAA" }],
    ["a list for a message", txBody, { timeoutTimestamp: "now" }],
    ["something that is no list", txBody, { messages: {} }],
  ])("%s is a caller's bug", (_title, name, value) => {
    expect(() => encode(name as MessageName, value as never)).toThrow(EncodeError);
  });
});

describe("malformed bytes are refused under every policy", () => {
  const fee = "cosmos.tx.v1beta1.Fee";
  test.each([
    ["a varint that is cut off", fee, "10ff"],
    ["a varint of eleven bytes", fee, "10ffffffffffffffffffff01"],
    ["a varint of more than 64 bits", fee, "10ffffffffffffffffff02"],
    ["a length past the end", fee, "1a05"],
    ["a length of more than 32 bits", fee, "1affffffffffff01"],
    ["field number 0", fee, "0000"],
    ["a tag of more than 32 bits", fee, "80808080801001"],
    ["a wire type that does not fit", fee, "1200"],
    ["a group for a known field", fee, "1314"],
    ["invalid UTF-8", fee, "1a02c328"],
    ["an overlong UTF-8 form", fee, "1a02c080"],
    ["an uint32 of 33 bits", "tendermint.types.PartSetHeader", "088080808010"],
    ["an enum of 33 bits", "tendermint.types.Vote", "088080808010"],
    ["a packed list cut inside a varint", "tendermint.libs.bits.BitArray", "120180"],
    ["an amount that is no number", "cosmos.base.v1beta1.Coin", "120178"],
    ["an amount with a leading zero", "cosmos.base.v1beta1.Coin", "12023031"],
    ["an amount of minus zero", "cosmos.base.v1beta1.Coin", "12022d30"],
    ["an amount of 257 bits", "cosmos.base.v1beta1.Coin", hex(field(2, utf8((1n << 256n).toString())))],
    [
      "a time before year 1",
      "tendermint.types.CommitSig",
      hex(field(3, encode("google.protobuf.Timestamp", { seconds: -62135596801n }))),
    ],
    [
      "a time with a billion nanoseconds",
      "tendermint.types.CommitSig",
      hex(field(3, encode("google.protobuf.Timestamp", { nanos: 1000000000 }))),
    ],
    [
      "a duration past 64 bits of nanoseconds",
      "tendermint.types.EvidenceParams",
      hex(field(2, encode("google.protobuf.Duration", { seconds: 9223372037n }))),
    ],
    ["two members of one oneof", "cosmos.tx.v1beta1.ModeInfo", "0a0208011200"],
  ])("%s", (_title, name, bytes) => {
    for (const policy of policies)
      expect(() => decode(name as MessageName, fromHex(bytes), policy)).toThrow(DecodeError);
  });

  test("messages nested too deep", () => {
    let nested: Uint8Array = new Uint8Array(0);
    for (let i = 0; i < MESSAGE_DEPTH_MAX; i++) {
      const length = nested.length;
      const prefix = length < 128 ? [0x12, length] : [0x12, (length & 0x7f) | 0x80, length >> 7];
      nested = concat(new Uint8Array(prefix), nested);
    }
    // Fields 2 of ModeInfo and of Multi hold each other.
    for (const policy of policies)
      expect(() => decode("cosmos.tx.v1beta1.ModeInfo", nested, policy)).toThrow(/nested deeper/);
  });

  test("groups nested too deep inside an unknown field", () => {
    const tags = new Uint8Array(100_000);
    for (let i = 0; i < tags.length; i += 2) tags.set([0xa3, 0x01], i);
    expect(() => decode("cosmos.tx.v1beta1.Fee", tags)).toThrow(/nested deeper/);
  });
});

describe("unknown fields", () => {
  const body = encode(txBody, { memo: "m", messages: [packAny("cosmos.bank.v1beta1.MsgSend", send)] });
  const critical = fromHex("a00601"); // field 100
  const nonCritical = fromHex("80f80001"); // field 1984, bit 11 set

  test("are ignored when lenient, groups included", () => {
    const group = fromHex("a306a80601a406");
    expect(decode(txBody, concat(body, critical, nonCritical, group))).toEqual(decode(txBody, body));
    expect(() => decode(txBody, concat(body, fromHex("a30608")))).toThrow(DecodeError);
    expect(() => decode(txBody, concat(body, fromHex("a306ac06")))).toThrow(/another number/);
  });

  test("are refused in a body with the SDK's words, unless they are non-critical", () => {
    expect(() => decode(txBody, concat(body, critical), "rejectUnknown")).toThrow(
      new UnknownFieldError(txBody, 100, 0),
    );
    expect(new UnknownFieldError(txBody, 100, 0).message).toBe(
      'cosmos.tx.v1beta1.TxBody: {TagNum: 100, WireType:"varint"}',
    );
    expect(decode(txBody, concat(body, nonCritical), "rejectUnknown").memo).toBe("m");
    expect(hasUnknownNonCriticals(txBody, concat(body, nonCritical))).toBe(true);
    expect(hasUnknownNonCriticals(txBody, body)).toBe(false);
  });

  test("are refused in auth info even when they are non-critical", () => {
    expect(() => decode("cosmos.tx.v1beta1.AuthInfo", nonCritical, "rejectUnknown")).toThrow(UnknownFieldError);
    expect(() => decode("cosmos.bank.v1beta1.MsgSend", nonCritical, "rejectUnknown")).toThrow(UnknownFieldError);
  });

  test("are looked for inside Any values, also nested ones", () => {
    const inner = concat(encode("cosmos.bank.v1beta1.MsgSend", send), critical);
    const packed = encode(txBody, { messages: [{ typeUrl: "/cosmos.bank.v1beta1.MsgSend", value: inner }] });
    expect(decode(txBody, packed).messages).toHaveLength(1);
    expect(() => decode(txBody, packed, "rejectUnknown")).toThrow(
      'cosmos.bank.v1beta1.MsgSend: {TagNum: 100, WireType:"varint"}',
    );
    const soft = concat(encode("cosmos.bank.v1beta1.MsgSend", send), nonCritical);
    const softBody = encode(txBody, { messages: [{ typeUrl: "/cosmos.bank.v1beta1.MsgSend", value: soft }] });
    expect(hasUnknownNonCriticals(txBody, softBody)).toBe(true);
    const key = concat(encode("cosmos.crypto.ed25519.PubKey", { key: new Uint8Array(32) }), critical);
    const create = packAny("cosmos.staking.v1beta1.MsgCreateValidator", {
      pubkey: { typeUrl: "/cosmos.crypto.ed25519.PubKey", value: key },
    });
    expect(() => decode(txBody, encode(txBody, { messages: [create] }), "rejectUnknown")).toThrow(
      /^cosmos.crypto.ed25519.PubKey: /,
    );
  });

  test.each([
    "",
    "/",
    "cosmos.bank.v1beta1.MsgSend",
    "type.googleapis.com/cosmos.bank.v1beta1.MsgSend",
    "/no.such.Msg",
    "/constructor",
  ])("an Any of type %j names no known message", (typeUrl) => {
    const packed = encode(txBody, { messages: [{ typeUrl, value: new Uint8Array(0) }] });
    expect(() => decode(txBody, packed, "rejectUnknown")).toThrow(UnknownTypeUrlError);
    expect(() => unpackAny({ typeUrl, value: new Uint8Array(0) })).toThrow(`unable to resolve type URL ${typeUrl}`);
  });

  test("Any values nested too deep are refused where they are opened", () => {
    let any = packAny(txBody, {});
    for (let i = 1; i < ANY_DEPTH_MAX; i++) any = packAny(txBody, { messages: [any] });
    expect(decode(txBody, encode(txBody, { messages: [any] }), "rejectUnknown").messages).toHaveLength(1);
    any = packAny(txBody, { messages: [any] });
    expect(() => decode(txBody, encode(txBody, { messages: [any] }), "rejectUnknown")).toThrow(
      /Any values nested deeper/,
    );
  });
});

describe("TxRaw is read under ADR-027", () => {
  const raw = { bodyBytes: utf8("body"), authInfoBytes: utf8("auth"), signatures: [utf8("one"), utf8("two")] };
  const [one, two, three] = [field(1, raw.bodyBytes), field(2, raw.authInfoBytes), field(3, utf8("one"))];

  test("the canonical form is read", () => {
    expect(decode(txRaw, encode(txRaw, raw), "adr027")).toEqual(raw);
    expect(decode(txRaw, concat(one, two, field(3, new Uint8Array(0))), "adr027").signatures).toEqual([
      new Uint8Array(0),
    ]);
  });

  test.each([
    ["fields out of order", concat(two, one, three)],
    ["signatures apart", concat(three, one, two)],
    ["a body given twice", concat(one, one, two, three)],
    ["a length longer than needed", concat(fromHex("0a8400"), raw.bodyBytes, two, three)],
    ["a tag longer than needed", concat(fromHex("8a0004"), raw.bodyBytes, two, three)],
    ["an empty body written out", concat(fromHex("0a00"), two, three)],
    ["an unknown field", concat(one, two, three, fromHex("2200"))],
    ["an unknown non-critical field", concat(one, two, three, fromHex("80f80001"))],
  ])("%s is refused", (_title, bytes) => {
    expect(() => decode(txRaw, bytes, "adr027")).toThrow(DecodeError);
  });
});
