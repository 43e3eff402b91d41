// The transactions of amino's days: the SDK's own example byte for byte, keys as CosmJS encodes them, and every message of the SDK's modules there and
// back, beginning from the JSON that its own encoder prints.
import { encodeAminoPubkey, type Pubkey } from "@cosmjs/amino";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GrpcError } from "../../../../chain/module/errors.ts";
import { aminoPrefix } from "../../../../node/rpc/grpc-services/amino-binary.ts";
import { aminoTransactionServices } from "../../../../node/rpc/grpc-services/amino-transactions.ts";
import { base64, hex } from "../../../../proto/bytes.ts";
import { decode, encode } from "../../../../proto/codec.ts";
import { messageInfo } from "../../../../proto/registry.ts";
import type { MessageName } from "../../../../proto/types.gen.ts";
import sdkAminoJson from "../../../proto/sdk-amino-json.json" with { type: "json" };

const tx = "cosmos.tx.v1beta1";
const [encoding, decoding] = aminoTransactionServices();

async function encoded(json: unknown): Promise<Uint8Array> {
  const aminoJson = typeof json === "string" ? json : JSON.stringify(json);
  const answer = await encoding!.handle(encode(`${tx}.TxEncodeAminoRequest`, { aminoJson }), 0n);
  return decode(`${tx}.TxEncodeAminoResponse`, answer).aminoBinary;
}

async function decoded(aminoBinary: Uint8Array): Promise<string> {
  const answer = await decoding!.handle(encode(`${tx}.TxDecodeAminoRequest`, { aminoBinary }), 0n);
  return decode(`${tx}.TxDecodeAminoResponse`, answer).aminoJson;
}

const alice = "cosmos1hzw8v2kk4csg8xr3fhy8ykyymykknm2tdgvf7k";
const send = {
  type: "cosmos-sdk/MsgSend",
  value: { from_address: alice, to_address: alice, amount: [{ denom: "stake", amount: "10" }] },
};
/** The SDK's tests/e2e/tx/testdata/tx_amino1.json. */
const example = {
  type: "cosmos-sdk/StdTx",
  value: {
    msg: [send],
    fee: { amount: [{ denom: "stake", amount: "10" }], gas: "200000" },
    signatures: [] as unknown[],
    memo: "foobar",
    timeout_height: "0",
  },
};
const withMessage = (message: unknown) => ({ ...example, value: { ...example.value, msg: [message] } });
const withSignatures = (signatures: unknown[]) => ({ ...example, value: { ...example.value, signatures } });

const measured = (...parts: readonly (string | Uint8Array | number[])[]): Buffer => {
  const bytes = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))));
  expect(bytes.length).toBeLessThan(128);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
};

describe("the SDK's example", () => {
  const coin = measured([0x0a], measured("stake"), [0x12], measured("10"));
  /** Its tests/e2e/tx/testdata/tx_amino1.bin, of 144 bytes. */
  const bytes = Buffer.concat([
    Buffer.from("282816a9", "hex"),
    ...[
      Buffer.from([0x0a]),
      measured(Buffer.from("a8a3619a", "hex"), [0x0a], measured(alice), [0x12], measured(alice), [0x1a], coin),
    ],
    ...[Buffer.from([0x12]), measured([0x0a], coin, [0x10, 0xc0, 0x9a, 0x0c])],
    ...[Buffer.from([0x22]), measured("foobar")],
  ]);

  test("has its bytes", async () => {
    expect(bytes.length).toBe(144);
    expect(hex(await encoded(example))).toBe(bytes.toString("hex"));
  });

  test("is read from them, and lists that Go has as nil are null", async () => {
    const value = { ...example.value, signatures: null };
    expect(await decoded(bytes)).toBe(JSON.stringify({ ...example, value }));
  });
});

describe("keys", () => {
  const secp256k1 = { type: "tendermint/PubKeySecp256k1", value: base64(new Uint8Array(33).fill(2)) };
  const ed25519 = { type: "tendermint/PubKeyEd25519", value: base64(new Uint8Array(32).fill(3)) };
  const multisig = {
    type: "tendermint/PubKeyMultisigThreshold",
    value: { threshold: "2", pubkeys: [secp256k1, ed25519] },
  };

  test.each([secp256k1, ed25519, multisig])("$type is written as CosmJS writes it", async (pubKey) => {
    const signature = new Uint8Array(64).fill(9);
    const json = withSignatures([{ pub_key: pubKey, signature: base64(signature) }]);
    const bytes = await encoded(json);
    const key = encodeAminoPubkey(pubKey as Pubkey);
    const fields = Buffer.concat([Buffer.from([0x0a, key.length]), key, Buffer.from([0x12, 64]), signature]);
    expect(hex(bytes)).toContain(fields.toString("hex"));
    expect(JSON.parse(await decoded(bytes))).toEqual(json);
  });
});

describe("messages", () => {
  test("are known by the four bytes that their names' hashes give", () => {
    // Listed in the SDK's and the ledger's documents of old.
    expect(hex(aminoPrefix("tendermint/PubKeySecp256k1"))).toBe("eb5ae987");
    expect(hex(aminoPrefix("tendermint/PubKeyEd25519"))).toBe("1624de64");
    expect(hex(aminoPrefix("tendermint/PubKeyMultisigThreshold"))).toBe("22c1f7e2");
  });

  const cases = (sdkAminoJson as readonly { readonly message: string; readonly json: string }[])
    .filter(({ message }) => messageInfo(message).aminoName !== undefined)
    .map(({ message, json }, index) => [message as MessageName, index, json] as const);

  test.each(cases)("%s comes back as it went (case %i)", async (_name, _index, json) => {
    const bytes = await encoded(withMessage(JSON.parse(json)));
    const { value } = JSON.parse(await decoded(bytes)) as typeof example;
    expect(value.msg).toEqual([JSON.parse(json)]);
    // And there is one way to write it.
    expect(hex(await encoded({ ...example, value }))).toBe(hex(bytes));
  });
});

describe("what is none", () => {
  const refusal = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(GrpcError);
    return (error as GrpcError).message;
  };

  test.each([
    ["", "invalid empty tx json"],
    ["{", "invalid request"],
    ["[]", "the transaction is not an object"],
    [JSON.stringify(send), 'the type is "cosmos-sdk/MsgSend"'],
    [JSON.stringify(withMessage({ type: "cosmos-sdk/MsgNone", value: {} })), "unrecognized concrete type name"],
    [JSON.stringify(withMessage({ ...send, value: { colour: 1 } })), "is not an object"],
    [JSON.stringify(withMessage({ ...send, value: { colour: {} } })), 'has no member "colour"'],
    [JSON.stringify(withSignatures([{ pub_key: null, signature: "?" }])), "invalid request"],
  ])("%s is refused", async (json, message) => {
    expect(await refusal(encoded(json))).toContain(message);
  });

  test("bytes are refused that are cut short, empty or another's", async () => {
    const bytes = await encoded(example);
    expect(await refusal(decoded(new Uint8Array(0)))).toContain("invalid empty tx bytes");
    expect(await refusal(decoded(bytes.slice(4)))).toContain("do not begin with the prefix of cosmos-sdk/StdTx");
    expect(await refusal(decoded(bytes.slice(0, -1)))).toContain("invalid request");
  });

  test("bytes changed at random are read, or refused for what they are", async () => {
    const bytes = await encoded(withSignatures([{ pub_key: null, signature: base64(new Uint8Array(64)) }]));
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 5), fc.nat(255), fc.nat(bytes.length), async (at, byte, length) => {
        const changed = bytes.slice(0, Math.max(length, 5));
        if (at + 4 < changed.length) changed[at + 4] = byte;
        await decoded(changed).catch((error: unknown) => expect(error).toBeInstanceOf(GrpcError));
      }),
      { numRuns: 300 },
    );
  });
});
