/**
 * Owns the transaction of amino's days, StdTx (SDK x/auth/migrations/legacytx): its JSON as wallets of that time made it, and its bytes. Answers TxEncodeAmino
 * and TxDecodeAmino; nothing else in the node reads such transactions. Does not own how a message is written (amino-binary.ts).
 */
import { GrpcError } from "../../../chain/module/errors.ts";
import { AminoError, anyToAminoJson } from "../../../proto/amino.ts";
import { BytesError, base64, concat, fromBase64 } from "../../../proto/bytes.ts";
import { type Any, packAny } from "../../../proto/codec.ts";
import { fromJson, JsonError, type JsonValue } from "../../../proto/json.ts";
import { MESSAGE_DEPTH_MAX } from "../../../proto/limits.ts";
import { durationText, NumberTextError } from "../../../proto/number-text.ts";
import { type FieldInfo, messageInfo, messageNames, typeUrlOf } from "../../../proto/registry.ts";
import type { MessageName, Messages } from "../../../proto/types.gen.ts";
import { DecodeError } from "../../../proto/wire-format.ts";
import { AminoBinaryError, type AminoStruct, aminoPrefix, readStruct, structBytes } from "./amino-binary.ts";
import { type NodeMethod, nodeMethod } from "./service.ts";

const STD_TX = "cosmos-sdk/StdTx";
const ANY = "google.protobuf.Any";

interface StdFee {
  readonly amount: readonly Messages["cosmos.base.v1beta1.Coin"][];
  readonly gas: bigint;
  readonly payer: string;
  readonly granter: string;
}

interface StdSignature {
  readonly pubKey: Any | undefined;
  readonly signature: Uint8Array;
}

interface StdTx {
  readonly msg: readonly Any[];
  readonly fee: StdFee;
  readonly signatures: readonly StdSignature[];
  readonly memo: string;
  readonly timeoutHeight: bigint;
}

/** A field of one of the structs below, which no .proto file has. */
const field = (name: string, type: FieldInfo["type"], more: Partial<FieldInfo> = {}): FieldInfo => ({
  ...{ name, protoName: name, jsonName: name, number: 0, type },
  ...more,
});

const TX: AminoStruct = {
  fields: [
    field("msg", "message", { typeName: ANY, repeated: true }),
    // The fee and the signatures are structs of Go's, whose bytes are put here.
    field("fee", "bytes"),
    field("signatures", "bytes", { repeated: true }),
    field("memo", "string"),
    field("timeoutHeight", "uint64"),
  ],
};
const FEE: AminoStruct = {
  fields: [
    field("amount", "message", { typeName: "cosmos.base.v1beta1.Coin", repeated: true, nullable: false }),
    field("gas", "uint64"),
    field("payer", "string"),
    field("granter", "string"),
  ],
};
const SIGNATURE: AminoStruct = {
  fields: [field("pubKey", "message", { typeName: ANY }), field("signature", "bytes")],
};

/** The methods of this file. */
export function aminoTransactionServices(): readonly NodeMethod[] {
  const tx = "cosmos.tx.v1beta1";
  return [
    nodeMethod(
      `/${tx}.Service/TxEncodeAmino`,
      `${tx}.TxEncodeAminoRequest`,
      `${tx}.TxEncodeAminoResponse`,
      ({ aminoJson }) => {
        if (aminoJson === "") throw new GrpcError("InvalidArgument", "invalid empty tx json");
        return { aminoBinary: refused(() => txBytes(txOfJson(aminoJson))) };
      },
    ),
    nodeMethod(
      `/${tx}.Service/TxDecodeAmino`,
      `${tx}.TxDecodeAminoRequest`,
      `${tx}.TxDecodeAminoResponse`,
      ({ aminoBinary }) => {
        if (aminoBinary.length === 0) throw new GrpcError("InvalidArgument", "invalid empty tx bytes");
        return { aminoJson: refused(() => jsonOfTx(txOfBytes(aminoBinary))) };
      },
    ),
  ];
}

/** What is wrong with what somebody sent is the caller's to mend; anything else is a bug. */
function refused<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const kinds = [AminoBinaryError, AminoError, BytesError, DecodeError, JsonError, NumberTextError, SyntaxError];
    if (!kinds.some((kind) => error instanceof kind)) throw error;
    throw new GrpcError("InvalidArgument", `invalid request ${(error as Error).message}`);
  }
}

// -------------------------------------------------------------------------------------------------------------- bytes

function txBytes({ fee, signatures, ...rest }: StdTx): Uint8Array {
  const value = {
    ...rest,
    fee: structBytes(FEE, { ...fee }),
    signatures: signatures.map((signature) => structBytes(SIGNATURE, { ...signature })),
  };
  return concat(aminoPrefix(STD_TX), structBytes(TX, value));
}

function txOfBytes(bytes: Uint8Array): StdTx {
  const prefix = aminoPrefix(STD_TX);
  if (prefix.some((byte, index) => bytes[index] !== byte))
    throw new AminoBinaryError(`the bytes do not begin with the prefix of ${STD_TX}`);
  const none = new Uint8Array(0);
  const read = readStruct(TX, bytes.subarray(prefix.length)) as Partial<Omit<StdTx, "fee" | "signatures">> & {
    readonly fee?: Uint8Array;
    readonly signatures?: readonly Uint8Array[];
  };
  const { amount = [], gas = 0n, payer = "", granter = "" } = readStruct(FEE, read.fee ?? none) as Partial<StdFee>;
  return {
    msg: read.msg ?? [],
    fee: { amount, gas, payer, granter },
    signatures: (read.signatures ?? []).map((one) => {
      const { pubKey, signature = none } = readStruct(SIGNATURE, one) as Partial<StdSignature>;
      return { pubKey, signature };
    }),
    memo: read.memo ?? "",
    timeoutHeight: read.timeoutHeight ?? 0n,
  };
}

// --------------------------------------------------------------------------------------------------------------- JSON

/** As LegacyAmino writes it: members in the order of Go's fields, and what HTML could take for its own escaped. */
function jsonOfTx({ msg, fee, signatures, memo, timeoutHeight }: StdTx): string {
  const { amount, gas, payer, granter } = fee;
  const value = {
    msg: msg.length === 0 ? null : msg.map(anyToAminoJson),
    fee: {
      amount,
      gas: gas.toString(),
      ...(payer === "" ? {} : { payer }),
      ...(granter === "" ? {} : { granter }),
    },
    signatures:
      signatures.length === 0
        ? null
        : signatures.map(({ pubKey, signature }) => ({
            pub_key: pubKey === undefined ? null : anyToAminoJson(pubKey),
            signature: base64(signature),
          })),
    memo,
    timeout_height: timeoutHeight.toString(),
  };
  return JSON.stringify({ type: STD_TX, value }).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

type JsonObject = { readonly [member: string]: JsonValue };

function objectOf(json: JsonValue | undefined, what: string): JsonObject {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new JsonError(`${what} is not an object`);
  return json as JsonObject;
}

function listOf(json: JsonValue | undefined, what: string): readonly JsonValue[] {
  if (json === undefined || json === null) return [];
  if (!Array.isArray(json)) throw new JsonError(`${what} is not a list`);
  return json as readonly JsonValue[];
}

function txOfJson(text: string): StdTx {
  const { type, value } = objectOf(JSON.parse(text) as JsonValue, "the transaction");
  if (type !== STD_TX) throw new JsonError(`the type is ${JSON.stringify(type)}, not ${JSON.stringify(STD_TX)}`);
  const { msg, fee, signatures, memo, timeout_height } = objectOf(value, "the transaction's value");
  // Read as the fee of today, which has the same members but for one name.
  const { amount, gas, payer, granter } = objectOf(fee ?? {}, "the fee");
  const today = fromJson("cosmos.tx.v1beta1.Fee", {
    amount: amount ?? [],
    gas_limit: gas ?? "0",
    payer: payer ?? "",
    granter: granter ?? "",
  });
  const { memo: note, timeoutHeight } = fromJson("cosmos.tx.v1beta1.TxBody", {
    memo: memo ?? "",
    timeout_height: timeout_height ?? "0",
  });
  return {
    msg: listOf(msg, "msg").map((item) => anyOfJson(item, 0)),
    fee: { amount: today.amount, gas: today.gasLimit, payer: today.payer, granter: today.granter },
    signatures: listOf(signatures, "signatures").map((item) => {
      const { pub_key, signature } = objectOf(item, "a signature");
      return {
        pubKey: pub_key === undefined || pub_key === null ? undefined : anyOfJson(pub_key, 0),
        signature: fromBase64(typeof signature === "string" ? signature : ""),
      };
    }),
    memo: note,
    timeoutHeight,
  };
}

let named: ReadonlyMap<string, MessageName> | undefined;

/** A registered message from its amino JSON. */
function anyOfJson(json: JsonValue, depth: number): Any {
  const { "@type": typeUrl, ...rest } = objectOf(protoAny(json, depth), "a message");
  const name = String(typeUrl).slice(1) as MessageName;
  return packAny(name, fromJson(name, rest) as never);
}

function protoAny(json: JsonValue, depth: number): JsonValue {
  const { type, value } = objectOf(json, "a message");
  named ??= new Map(
    messageNames().flatMap((name) => {
      const { aminoName } = messageInfo(name);
      return aminoName === undefined ? [] : [[aminoName, name] as const];
    }),
  );
  const name = typeof type === "string" ? named.get(type) : undefined;
  if (name === undefined) throw new JsonError(`unrecognized concrete type name ${JSON.stringify(type)}`);
  return { "@type": typeUrlOf(name), ...objectOf(protoMessage(name, value ?? null, depth + 1), String(type)) };
}

/** The proto-JSON that says what a message's amino JSON says. */
function protoMessage(name: MessageName, json: JsonValue, depth: number): JsonValue {
  if (depth > MESSAGE_DEPTH_MAX) throw new JsonError(`nested deeper than ${MESSAGE_DEPTH_MAX}`);
  if (name === ANY) return protoAny(json, depth);
  if (name === "google.protobuf.Timestamp") return json;
  if (name === "google.protobuf.Duration") return protoDuration(json);
  const info = messageInfo(name);
  if (info.aminoEncoding === "key_field") return { key: json };
  if (info.aminoEncoding === "threshold_string") {
    const { threshold, pubkeys } = objectOf(json, "a multisig key");
    return { threshold: threshold ?? 0, public_keys: listOf(pubkeys, "pubkeys").map((key) => protoAny(key, depth)) };
  }
  const members: Record<string, JsonValue> = {};
  for (const [member, value] of Object.entries(objectOf(json, name))) {
    const found = info.fields.find(({ aminoFieldName, protoName }) => (aminoFieldName ?? protoName) === member);
    if (found !== undefined) members[found.protoName] = protoField(found, value, depth);
    else if (value !== null) Object.assign(members, protoOneof(info, name, member, value, depth));
  }
  return members;
}

/** A oneof is a member of its own in amino JSON, whose value names which it is. */
function protoOneof(info: AminoStruct, name: string, member: string, json: JsonValue, depth: number): JsonObject {
  const { type, value } = objectOf(json, member);
  const found = info.fields.find(({ aminoOneofName }) => aminoOneofName !== undefined && aminoOneofName === type);
  if (found === undefined) throw new JsonError(`${name} has no member ${JSON.stringify(member.slice(0, 64))}`);
  return { [found.protoName]: protoField(found, objectOf(value, member)[found.protoName] ?? null, depth) };
}

function protoField(found: FieldInfo, json: JsonValue, depth: number): JsonValue {
  if (json === null || found.type !== "message") return json;
  const name = found.typeName as MessageName;
  if (found.repeated !== true) return protoMessage(name, json, depth + 1);
  return listOf(json, found.protoName).map((item) => protoMessage(name, item, depth + 1));
}

function protoDuration(json: JsonValue): JsonValue {
  if (typeof json !== "string" || !/^-?\d{1,19}$/.test(json)) throw new JsonError("a duration is not nanoseconds");
  const nanoseconds = BigInt(json);
  return durationText({ seconds: nanoseconds / 1_000_000_000n, nanos: Number(nanoseconds % 1_000_000_000n) });
}
