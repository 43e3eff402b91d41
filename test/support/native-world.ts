/**
 * A chain in memory with a datanet, its records, a model and the signatures their messages need, for tests of the native
 * modules. Receipts and registrations are signed over documents that CosmJS serialises, so the chain's own sign bytes
 * are checked against another implementation wherever a settlement succeeds.
 */
import { createHash } from "node:crypto";
import { makeSignDoc, serializeSignDoc } from "@cosmjs/amino";
import { toBase64 } from "@cosmjs/encoding";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { Corpus } from "../../attribution/corpus.ts";
import { type Span, SpanProver } from "../../attribution/settlement.ts";
import { SpanIndex } from "../../attribution/span-index.ts";
import { recordInputOf } from "../../modules/datanet/record-input.ts";
import { hex } from "../../proto/bytes.ts";
import { decode, type MessageName } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { attributionWith } from "./attribution-genesis.ts";
import { accountOf, ChainHarness, type HarnessOptions, type MessageToSend } from "./chain-harness.ts";

const encoder = new TextEncoder();

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(bytes).digest());
}

/** A text in a datanet. */
export interface WorldRecord {
  readonly contributor: string;
  readonly text: string;
}

/** Gas that suffices for every message here. */
export const PLENTY = 50_000_000n;

/** The fee of one use of the world's model. */
export const WORLD_PRICE = 1_000_003n;

export class NativeWorld {
  readonly chain: ChainHarness;
  readonly records: readonly WorldRecord[];
  readonly prover: SpanProver;

  /** Funds everybody, opens datanet 1 with the records, and registers model 1 of owner, served by host, who settles inline without a bond. */
  constructor(records: readonly WorldRecord[], options: HarnessOptions = {}) {
    const appState = { attribution: attributionWith({ inlineBondMultiple: 0 }), ...options.appState };
    const names = new Set(["owner", "host", "user", "other", ...records.map(({ contributor }) => contributor)]);
    const balances = Object.fromEntries([...names].map((name) => [name, "1000000000000uopen,1000000utest"]));
    this.chain = ChainHarness.start({ ...options, appState, balances: { ...balances, ...options.balances } });
    this.records = records;
    this.ok("owner", this.createDatanet("solidity"));
    const contributors = [...new Set(records.map((record) => record.contributor))];
    this.together(
      contributors.map((contributor) => [
        contributor,
        ["tributary.datanet.v1.MsgJoin", { member: this.address(contributor), datanetId: 1n }],
      ]),
    );
    const contributions = records.map(
      ({ contributor, text }) => [contributor, this.contribute(contributor, [text])] as const,
    );
    // One block where everybody signs once; otherwise one after another, so that sequences and numbers come out right.
    if (contributors.length === records.length) this.together(contributions);
    else for (const [contributor, message] of contributions) this.ok(contributor, message);
    if (records.length > 0) this.ok("owner", this.registerModel());
    const texts = records.map(({ text }, i) => ({ datanetId: 1n, number: BigInt(i + 1), text: encoder.encode(text) }));
    this.prover = SpanProver.over(new SpanIndex(Corpus.of(texts)));
  }

  address(name: string): string {
    return this.chain.address(name);
  }

  ok(from: string, message: MessageToSend): Messages["tendermint.abci.ExecTxResult"] {
    return this.chain.runOk(from, message, { gas: PLENTY });
  }

  /** Runs messages of different accounts in one block; all must succeed. */
  together(messages: readonly (readonly [from: string, message: MessageToSend])[]): void {
    const results = this.chain.block(
      messages.map(([from, message]) => this.chain.sign(from, message, { gas: PLENTY })),
    );
    for (const { code, log } of results) if (code !== 0) throw new Error(log);
  }

  /** Runs a message that may fail. */
  run(from: string, message: MessageToSend): Messages["tendermint.abci.ExecTxResult"] {
    return this.chain.run(from, message, { gas: PLENTY });
  }

  createDatanet(
    name: string,
    terms: Partial<Messages["tributary.datanet.v1.MsgCreateDatanet"]> = {},
    owner = "owner",
  ): MessageToSend {
    const defaults = { owner: this.address(owner), licence: "MIT", admission: 1 };
    return ["tributary.datanet.v1.MsgCreateDatanet", { ...defaults, ...terms, name }];
  }

  contribute(contributor: string, texts: readonly string[], datanetId = 1n): MessageToSend {
    const records = texts.map((text, i) => recordInput(text, `file${i}.sol`));
    return ["tributary.datanet.v1.MsgContribute", { contributor: this.address(contributor), datanetId, records }];
  }

  registerModel(changes: Partial<Messages["tributary.model.v1.MsgRegisterModel"]> = {}): MessageToSend {
    const weightsHash = changes.weightsHash ?? sha256(encoder.encode("weights"));
    const name = changes.name ?? "ngram";
    const text = `tributary model registration\nchain: ${this.chain.chainId}\nname: ${name}\nweights sha256: ${hex(weightsHash)}`;
    const defaults = {
      owner: this.address("owner"),
      name,
      weightsHash,
      lineage: [{ datanetId: 1n, recordCount: BigInt(this.records.length) }],
      host: this.address("host"),
      price: { denom: "uopen", amount: WORLD_PRICE.toString() },
      pubKey: accountOf("owner").publicKey,
      signature: this.signText("owner", text),
    };
    return ["tributary.model.v1.MsgRegisterModel", { ...defaults, ...changes }];
  }

  openUse(changes: Partial<Messages["tributary.attribution.v1.MsgOpenUse"]> = {}, user = "user"): MessageToSend {
    const promptHash = sha256(encoder.encode("prompt"));
    const defaults = {
      user: this.address(user),
      modelId: 1n,
      promptHash,
      maxFee: { denom: "uopen", amount: "2000000" },
    };
    return ["tributary.attribution.v1.MsgOpenUse", { ...defaults, ...changes }];
  }

  /** Opens a use and gives its number. */
  opened(user = "user"): bigint {
    const result = this.ok(user, this.openUse({}, user));
    return responseOf("tributary.attribution.v1.MsgOpenUseResponse", result).useId;
  }

  /** The spans an honest host proves. */
  spansOf(output: string, minSpanTokens = 6): readonly Span[] {
    return this.prover.prove(encoder.encode(output), { minSpanTokens, maxSpans: 64 });
  }

  settle(
    useId: bigint,
    output: string,
    changes: Partial<Messages["tributary.attribution.v1.MsgSettleUse"]> = {},
    user = "user",
  ): MessageToSend {
    const bytes = encoder.encode(output);
    const defaults = {
      host: this.address("host"),
      useId,
      output: bytes,
      receipt: this.receipt(useId, bytes, user),
      spans: this.spansOf(output),
    };
    return ["tributary.attribution.v1.MsgSettleUse", { ...defaults, ...changes }];
  }

  receipt(useId: bigint, output: Uint8Array, user = "user", chainId = this.chain.chainId): Uint8Array {
    const text = `tributary use receipt\nchain: ${chainId}\nuse: ${useId}\noutput sha256: ${hex(sha256(output))}`;
    return this.signText(user, text);
  }

  /** An ADR-036 signature of a named account, over the document as CosmJS serialises it. */
  signText(name: string, text: string, signer = this.address(name)): Uint8Array {
    const message = { type: "sign/MsgSignData", value: { signer, data: toBase64(encoder.encode(text)) } };
    const bytes = serializeSignDoc(makeSignDoc([message], { gas: "0", amount: [] }, "", "", 0, 0));
    return secp256k1.sign(bytes, accountOf(name).privateKey);
  }

  payout(useId: bigint): Messages["tributary.attribution.v1.Payout"] {
    return this.chain.query(
      "/tributary.attribution.v1.Query/Payout",
      ["tributary.attribution.v1.QueryPayoutRequest", { useId }],
      "tributary.attribution.v1.QueryPayoutResponse",
    ).payout;
  }

  /** Unclaimed uopen of an account. */
  unclaimed(name: string): bigint {
    const { earnings } = this.chain.query(
      "/tributary.attribution.v1.Query/Earnings",
      ["tributary.attribution.v1.QueryEarningsRequest", { beneficiary: this.address(name) }],
      "tributary.attribution.v1.QueryEarningsResponse",
    );
    return BigInt(earnings.find(({ denom }) => denom === "uopen")?.unclaimed ?? 0);
  }
}

/** Without a fingerprint, so that tests of attribution may have near-copies: the chain cannot see that they are. */
export function recordInput(text: string, name: string): Messages["tributary.datanet.v1.RecordInput"] {
  const input = recordInputOf(encoder.encode(text), { name, licence: "", class: "" });
  return { ...input, fingerprint: new Uint8Array(0) };
}

/** The response of a transaction's only message. */
export function responseOf<Name extends MessageName>(
  name: Name,
  result: Messages["tendermint.abci.ExecTxResult"],
): Messages[Name] {
  return decode(name, decode("cosmos.base.abci.v1beta1.TxMsgData", result.data).msgResponses[0]!.value);
}
