/**
 * A chain with a record that a model's lineage leaves out: Dave's, in a datanet of his own, final before the model came.
 * Owns test data only.
 */
import { TextTree } from "../../chain/types/text-tree.ts";
import { showStretch, type TextOpening } from "../../modules/attribution/proof/text-window.ts";
import { registrationText } from "../../modules/model/registration.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { BatchWorld, DAY } from "./batch-world.ts";
import { accountOf, type HarnessOptions, type MessageToSend } from "./chain-harness.ts";
import { responseOf, sha256 } from "./native-world.ts";

type Game = Messages["tributary.attribution.v1.GameParams"];

const encoder = new TextEncoder();

/** 80 tokens that nobody else wrote. */
export const DAVES = Array.from({ length: 80 }, (_, i) => `dave${i}`).join(" ");

/** Shows `part` of a text; the whole text when there is no part. */
export function shown(text: string, part = text): { readonly start: bigint; readonly opening: TextOpening } {
  const bytes = encoder.encode(text);
  const start = text.indexOf(part);
  if (start < 0) throw new Error("the text does not have the part");
  const opening = showStretch(new TextTree(bytes), bytes.length, start, start + part.length);
  return { start: BigInt(start), opening };
}

/** A text as what is settled inline shows it: whole, without a path. */
export function whole(text: string): TextOpening {
  return { firstChunk: 0n, chunks: encoder.encode(text), path: [] };
}

export class LineageWorld extends BatchWorld {
  #weights = 0;

  constructor(game: Partial<Game> = {}, balances: HarnessOptions["balances"] = {}) {
    super(game, { balances: { dave: "1000000000000uopen", mal: "1000000000000uopen", ...balances } });
    this.ok("dave", this.createDatanet("daves", {}, "dave"));
    this.ok("dave", this.contribute("dave", [DAVES], 2n));
    this.chain.block([], { nanoseconds: 3n * DAY });
    this.ok("owner", this.weights([{ datanetId: 1n, recordCount: 3n }]));
  }

  /** New weights of a model of an account's, served by itself: model 2 is the owner's first. */
  weights(
    lineage: readonly { datanetId: bigint; recordCount: bigint }[],
    owner = "owner",
    baseModelId = 0n,
  ): MessageToSend {
    this.#weights += 1;
    const weightsHash = sha256(encoder.encode(`weights ${this.#weights}`));
    const name = `model ${this.#weights}`;
    const own = { owner: this.address(owner), host: this.address(owner), pubKey: accountOf(owner).publicKey };
    const signature = this.#signature(owner, name, weightsHash);
    return this.registerModel({ ...own, name, weightsHash, baseModelId, lineage: [...lineage] as never, signature });
  }

  /** New weights of model 2. */
  version(lineage: readonly { datanetId: bigint; recordCount: bigint }[]): MessageToSend {
    const weightsHash = sha256(encoder.encode("other weights"));
    const signature = this.#signature("owner", "model 1", weightsHash);
    const pubKey = accountOf("owner").publicKey;
    const value = { owner: this.address("owner"), modelId: 2n, weightsHash, lineage, pubKey, signature };
    return ["tributary.model.v1.MsgAddVersion", value];
  }

  #signature(owner: string, name: string, weightsHash: Uint8Array): Uint8Array {
    return this.signText(owner, registrationText(this.chain.chainId, name, weightsHash));
  }

  bond(operator: string, amount: bigint): MessageToSend {
    const coin = { denom: "uopen", amount: amount.toString() };
    return ["tributary.model.v1.MsgBondOperator", { operator: this.address(operator), amount: coin }];
  }

  bondOf(operator: string): bigint {
    const request = ["tributary.model.v1.QueryOperatorRequest", { operator: this.address(operator) }] as const;
    const path = "/tributary.model.v1.Query/Operator";
    return BigInt(this.chain.query(path, request, "tributary.model.v1.QueryOperatorResponse").operator.bond);
  }

  /** A use of a model, settled inline without a span. Gives its number. */
  served(output: string, modelId = 2n, host = "owner"): bigint {
    const opened = this.ok("user", this.openUse({ modelId }));
    const { useId } = responseOf("tributary.attribution.v1.MsgOpenUseResponse", opened);
    this.ok(host, this.settle(useId, output, { host: this.address(host), spans: [] }));
    return useId;
  }

  /** Dave's dispute over words of his that stand in the output of a use that was settled inline. */
  dispute(
    useId: bigint,
    output: string,
    words = DAVES,
    changes: Partial<Messages["tributary.attribution.v1.MsgDisputeLineage"]> = {},
  ): MessageToSend {
    const start = BigInt(output.indexOf(words));
    const { start: recordStart, opening: record } = shown(DAVES, words);
    const place = { matchStart: start, matchEnd: start + BigInt(words.length), recordStart };
    const texts = { output: whole(output), record, prompt: whole("prompt") };
    const recordId = { datanetId: 2n, number: 1n };
    const value = { challenger: this.address("dave"), useId, ...place, recordId, ...texts, ...changes };
    return ["tributary.attribution.v1.MsgDisputeLineage", value];
  }

  /** Runs a message that the module must refuse with this code. */
  refused(from: string, message: MessageToSend, code: number, text = ""): void {
    const { codespace, code: was, log } = this.run(from, message);
    if (codespace !== "attribution" || was !== code || !log.includes(text)) {
      throw new Error(`expected attribution/${code} with ${JSON.stringify(text)}, got ${codespace}/${was}: ${log}`);
    }
    this.chain.checkInvariants();
  }
}
