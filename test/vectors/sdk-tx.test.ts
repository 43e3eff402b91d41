// Transactions signed by others: CosmJS against simd, Trust Wallet's core, Keplr, and the SDK's own sign documents. What
// they signed must verify here, byte for byte the same document; one changed byte must not.

import { Secp256k1, sha256 } from "@cosmjs/crypto";
import { fromBase64, fromHex } from "@cosmjs/encoding";
import { Registry } from "@cosmjs/proto-signing";
import {
  AminoTypes,
  createBankAminoConverters,
  createStakingAminoConverters,
  defaultRegistryTypes,
} from "@cosmjs/stargate";
import { expect, test } from "vitest";
import { SIGN_MODE_DIRECT } from "../../chain/app/sign-modes.ts";
import { signBytes } from "../../chain/app/signatures.ts";
import { decodeTx, type Tx } from "../../chain/app/tx.ts";
import { TxError } from "../../chain/module/errors.ts";
import { AddressCodec, encodeAddress } from "../../chain/types/address.ts";
import { arbitrarySignBytes } from "../../chain/types/arbitrary-signature.ts";
import { nobleVerifier } from "../../chain/types/crypto.ts";
import { secp256k1Address } from "../../chain/types/public-key.ts";
import { aminoSignBytes, canonicalJson } from "../../proto/amino.ts";
import { hex, utf8, utf8Text } from "../../proto/bytes.ts";
import { decode } from "../../proto/codec.ts";
import type { JsonValue } from "../../proto/json.ts";
import { ChainHarness } from "../support/chain-harness.ts";
import { describeVectors, vector } from "./vectors.ts";

interface DirectVectors {
  readonly address: string;
  readonly pubkey_base64: string;
  readonly vectors: readonly {
    readonly account_number: number;
    readonly sequence: number;
    readonly chain_id: string;
    readonly sign_bytes: string;
    readonly signature: string;
    readonly tx_raw_bytes: string;
  }[];
}

/** A chain on which the vectors' account has the number and sequence they were signed for. */
function chainFor(file: DirectVectors, chainId: string, accountNumber: number, sequence: number): ChainHarness {
  const account = {
    "@type": "/cosmos.auth.v1beta1.BaseAccount",
    address: file.address,
    pub_key: null,
    account_number: `${accountNumber}`,
    sequence: `${sequence}`,
  };
  const coins = [{ denom: "ucosm", amount: "100000000" }];
  return ChainHarness.start({
    prefix: "cosmos",
    chainId,
    appState: { auth: { accounts: [account] }, bank: { balances: [{ address: file.address, coins }] } },
  });
}

describeVectors("SIGN_MODE_DIRECT by simd (sign_direct)", () => {
  const file = vector<DirectVectors>("sdk-tx/sign_direct.json");

  test.each(file.vectors)("sequence $sequence: the sign bytes are the same and the transaction runs", (one) => {
    const bytes = fromHex(one.tx_raw_bytes);
    const tx = decodeTx(bytes, new AddressCodec("cosmos"));
    const signer = { chainId: one.chain_id, accountNumber: BigInt(one.account_number), sequence: BigInt(one.sequence) };
    expect(hex(signBytes(tx, SIGN_MODE_DIRECT, signer))).toBe(one.sign_bytes);
    const chain = chainFor(file, one.chain_id, one.account_number, one.sequence);
    expect(chain.check(bytes).log).toBe("");
    expect(chain.block([bytes])[0]?.log).toBe("");
    expect(chain.balance("cosmos1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5lzv7xu", "ucosm")).toBe(1_234_567n);
  });

  test("with one byte changed anywhere is refused", () => {
    const one = file.vectors[0]!;
    const bytes = fromHex(one.tx_raw_bytes);
    const chain = chainFor(file, one.chain_id, one.account_number, one.sequence);
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at]! ^= 1;
      expect(chain.check(changed).code, `byte ${at}`).not.toBe(0);
    }
    expect(chain.check(bytes).code).toBe(0);
  });
});

interface WalletCore {
  readonly vectors: readonly {
    readonly test: string;
    readonly mode: string;
    readonly account_number: string;
    readonly sequence: string;
    readonly chain_id: string;
    readonly timeout_height: string | null;
    readonly private_key: string;
    readonly signature: string;
    readonly broadcast: {
      readonly tx_bytes?: string;
      readonly tx?: {
        readonly fee: JsonValue & {
          readonly amount: readonly { denom: string; amount: string }[];
          readonly gas: string;
        };
        readonly memo: string;
        readonly msg: readonly { readonly type: string; readonly value: JsonValue }[];
      };
    };
  }[];
}

describeVectors("Trust Wallet's core (wallet_core_signing)", () => {
  const { vectors } = vector<WalletCore>("sdk-tx/wallet_core_signing.json");
  const publicKeys = new Map<string, Uint8Array>();
  const registry = new Registry(defaultRegistryTypes);
  const amino = new AminoTypes({ ...createBankAminoConverters(), ...createStakingAminoConverters() });
  const KNOWN = new Set([
    "cosmos-sdk/MsgSend",
    "cosmos-sdk/MsgDelegate",
    "cosmos-sdk/MsgUndelegate",
    "cosmos-sdk/MsgBeginRedelegate",
  ]);

  async function publicKey(privateKey: string): Promise<Uint8Array> {
    const made = publicKeys.get(privateKey);
    if (made !== undefined) return made;
    const pair = await Secp256k1.makeKeypair(fromHex(privateKey));
    const compressed = Secp256k1.compressPubkey(pair.pubkey);
    publicKeys.set(privateKey, compressed);
    return compressed;
  }

  test.each(vectors.filter(({ mode }) => mode === "SIGN_MODE_DIRECT"))("$test, direct, verifies", async (one) => {
    const bytes = fromBase64(one.broadcast.tx_bytes!);
    // Most carry messages of other chains, so only the outer message is read, as it would be for any.
    const raw = decode("cosmos.tx.v1beta1.TxRaw", bytes, "adr027");
    const signer = { chainId: one.chain_id, accountNumber: BigInt(one.account_number), sequence: BigInt(one.sequence) };
    const message = signBytes(raw as unknown as Tx, SIGN_MODE_DIRECT, signer);
    expect(hex(raw.signatures[0]!)).toBe(one.signature);
    expect(nobleVerifier.secp256k1(await publicKey(one.private_key), message, raw.signatures[0]!)).toBe(true);
    expect(nobleVerifier.secp256k1(await publicKey(one.private_key), message.slice(1), raw.signatures[0]!)).toBe(false);
  });

  test.each(vectors.filter(({ mode }) => mode !== "SIGN_MODE_DIRECT"))("$test, amino, verifies", async (one) => {
    const { fee, memo, msg } = one.broadcast.tx!;
    const document = {
      account_number: one.account_number,
      chain_id: one.chain_id,
      fee,
      memo,
      msgs: msg,
      sequence: one.sequence,
      ...(one.timeout_height === null ? {} : { timeout_height: one.timeout_height }),
    };
    const message = utf8(canonicalJson(document as unknown as JsonValue));
    const signature = fromHex(one.signature);
    expect(nobleVerifier.secp256k1(await publicKey(one.private_key), message, signature)).toBe(true);
    if (!msg.every(({ type }) => KNOWN.has(type))) return;
    // Messages of our schema: CosmJS turns them into protobuf, and our amino JSON of that is the signed document.
    const msgs = msg.map((item) => {
      const { typeUrl, value } = amino.fromAmino(item as never);
      return { typeUrl, value: registry.encode({ typeUrl, value }) };
    });
    const made = aminoSignBytes({
      accountNumber: BigInt(one.account_number),
      sequence: BigInt(one.sequence),
      chainId: one.chain_id,
      memo,
      fee: { amount: fee.amount, gasLimit: BigInt(fee.gas), payer: "", granter: "" },
      msgs,
      timeoutHeight: 0n,
    });
    expect(utf8Text(made)).toBe(utf8Text(message));
  });

  test("at least the messages of bank and staking were compared", () => {
    const compared = vectors.filter(({ broadcast }) => broadcast.tx?.msg.every(({ type }) => KNOWN.has(type)));
    expect(compared.length).toBeGreaterThanOrEqual(4);
  });
});

interface AminoJson {
  readonly std_sign_bytes: { readonly cases: readonly { readonly name: string; readonly want: string }[] };
  readonly sorted_json: { readonly cases: readonly (readonly [JsonValue, string])[] };
  readonly html_escape: { readonly cases: readonly (readonly [string, string])[] };
}

describeVectors("amino sign documents (amino_json)", () => {
  const file = vector<AminoJson>("sdk-tx/amino_json.json");
  const ADDRESS = encodeAddress("cosmos", new Uint8Array(20).fill(7));

  test.each(file.std_sign_bytes.cases)("$name", ({ name, want }) => {
    const empty = name === "empty fee";
    const made = aminoSignBytes({
      accountNumber: 3n,
      sequence: 6n,
      chainId: "1234",
      memo: "memo",
      fee: {
        amount: empty ? [] : [{ denom: "atom", amount: "150" }],
        gasLimit: empty ? 0n : 100_000n,
        payer: name.includes("payer") ? ADDRESS : "",
        granter: name.includes("granter") ? ADDRESS : "",
      },
      msgs: [],
      timeoutHeight: name.includes("timeout height 10") ? 10n : 0n,
    });
    // The SDK's test message is none of ours; everything around it is compared.
    const wanted = want.replaceAll("<ADDR>", ADDRESS).replace(/"msgs":\[.*?\}\]/, '"msgs":[]');
    expect(utf8Text(made)).toBe(wanted);
  });

  test.each(file.sorted_json.cases)("%j is sorted", (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test.each(file.html_escape.cases)("%s is escaped", (source, text) => {
    // The last case is text that is escaped already: what it means is what is escaped again.
    expect(canonicalJson(JSON.parse(source) as JsonValue)).toBe(text);
  });
});

interface Adr036 {
  readonly keplr_signed: {
    readonly data_utf8: string;
    readonly cases: readonly {
      readonly name: string;
      readonly bech32_prefix: string;
      readonly pubkey_base64: string;
      readonly signature_base64: string;
      readonly valid: boolean;
    }[];
    readonly raw_ecdsa_station: { readonly pubkey_base64: string; readonly signature_base64: string };
  };
  readonly vectors: readonly {
    readonly signer: string;
    readonly data_base64: string;
    readonly pubkey_base64: string;
    readonly signature_base64: string;
    readonly sign_doc_sorted_json: string;
  }[];
}

describeVectors("signatures over arbitrary data (adr036)", () => {
  const { keplr_signed: keplr, vectors } = vector<Adr036>("sdk-tx/adr036.json");

  test.each(keplr.cases)("$name: $valid", ({ bech32_prefix, pubkey_base64, signature_base64, valid }) => {
    const key = fromBase64(pubkey_base64);
    const signer = encodeAddress(bech32_prefix, secp256k1Address(key));
    const message = arbitrarySignBytes(signer, keplr.data_utf8);
    expect(nobleVerifier.secp256k1(key, message, fromBase64(signature_base64))).toBe(valid);
  });

  test("the document of the ADR is the same, and its printed signature is not valid", () => {
    const one = vectors[0]!;
    const message = arbitrarySignBytes(one.signer, utf8Text(fromBase64(one.data_base64)));
    expect(utf8Text(message)).toBe(one.sign_doc_sorted_json);
    expect(nobleVerifier.secp256k1(fromBase64(one.pubkey_base64), message, fromBase64(one.signature_base64))).toBe(
      false,
    );
  });

  test("a plain ECDSA signature of the data verifies as one, not as a document", () => {
    const { pubkey_base64, signature_base64 } = keplr.raw_ecdsa_station;
    const key = fromBase64(pubkey_base64);
    const signature = fromBase64(signature_base64);
    expect(sha256(utf8(keplr.data_utf8)).length).toBe(32);
    expect(nobleVerifier.secp256k1(key, utf8(keplr.data_utf8), signature)).toBe(true);
    const signer = encodeAddress("cosmos", secp256k1Address(key));
    expect(nobleVerifier.secp256k1(key, arbitrarySignBytes(signer, keplr.data_utf8), signature)).toBe(false);
  });
});

describeVectors("malformed transactions (tx_decoding)", () => {
  const { malformed } = vector<{ readonly malformed: readonly { readonly tx_hex: string }[] }>(
    "sdk-tx/tx_decoding.json",
  );

  test.each(malformed)("are refused as sdk/2", ({ tx_hex }) => {
    // The recorded text has an odd number of digits; Go decodes what stands before the last one.
    const bytes = fromHex(tx_hex.slice(0, tx_hex.length - (tx_hex.length % 2)));
    const read = () => decodeTx(bytes, new AddressCodec("cosmos"));
    expect(read).toThrow(TxError);
    expect(read).toThrow("tx parse error");
  });
});
