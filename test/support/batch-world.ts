/**
 * A chain whose model's uses are settled by batch: receipts, honest batches and false ones, demands and claims. Owns test
 * data and no expected values; the batches come from a search that tries every place (honest-batch.ts).
 */
import { defaultGenesis } from "../../modules/attribution/genesis.ts";
import { acknowledgementText } from "../../modules/attribution/receipt.ts";
import { ProofType } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { attributionWith } from "./attribution-genesis.ts";
import { accountOf, type HarnessOptions, type MessageToSend } from "./chain-harness.ts";
import { type MadeBatch, makeBatch, textRecord } from "./honest-batch.ts";
import { NativeWorld, responseOf, type WorldRecord } from "./native-world.ts";

type Game = Messages["tributary.attribution.v1.GameParams"];

export const FIRST = "function add(uint256 a, uint256 b) internal pure returns (uint256) { return a + b; }";
export const SECOND = "function transfer(address to, uint256 amount) external returns (bool) { _move(to, amount); }";
/** Ann's words, then nobody's, then Bob's. */
export const OUTPUT = `${FIRST} and then something else ${SECOND}`;
export const PROMPT = "write me a token";
export const DAY = 86_400_000_000_000n;
const RECORDS: readonly WorldRecord[] = [
  { contributor: "ann", text: FIRST },
  { contributor: "bob", text: SECOND },
  { contributor: "eve", text: `// copied\n${FIRST}` },
];

const encoder = new TextEncoder();

/** What a use came to, as user and host sign it. */
interface Served {
  readonly useId: bigint;
  readonly prompt: string;
  readonly output: string;
  readonly units: bigint;
}

/** A receipt with the signatures of the accounts "user" and "host", handed in by `sender`. */
export function acknowledgementOf(world: NativeWorld, sender: string, served: Served): MessageToSend {
  const commit = (text: string) => textRecord(1n, "", encoder.encode(text)).text;
  const [prompt, output] = [commit(served.prompt), commit(served.output)];
  const receipt = {
    ...{ promptRoot: prompt.root, promptLength: BigInt(prompt.length), units: served.units },
    ...{ outputRoot: output.root, outputLength: BigInt(output.length) },
  };
  const text = acknowledgementText(world.chain.chainId, served.useId, receipt);
  const signatures = { userSignature: world.signText("user", text), hostSignature: world.signText("host", text) };
  const message = { sender: world.address(sender), useId: served.useId, receipt, ...signatures };
  return ["tributary.attribution.v1.MsgAckUse", message];
}

export class BatchWorld extends NativeWorld {
  /** Records have outlived their windows; batches are never audited by lot, and hosts settle inline without a bond, unless `game` says so. */
  constructor(game: Partial<Game> = {}, options: HarnessOptions = {}, records: readonly WorldRecord[] = RECORDS) {
    const attribution = attributionWith({ auditPpm: 0, inlineBondMultiple: 0, ...game });
    super(records, { ...options, appState: { ...options.appState, attribution } });
    // The host's key is on the chain once it has signed something.
    this.ok("host", ["tributary.datanet.v1.MsgJoin", { member: this.address("host"), datanetId: 1n }]);
    this.chain.block([], { nanoseconds: 3n * DAY });
  }

  /** Opens a use and hands in its receipt. Gives its number. */
  acknowledged(output = OUTPUT, units = 1n, modelId = 1n): bigint {
    const maxFee = { denom: "uopen", amount: "10000000" };
    const opened = this.ok(
      "user",
      this.openUse({
        modelId,
        maxFee,
        maxUnits: 3n,
        host: this.address("host"),
        receiptKey: accountOf("user").publicKey,
      }),
    );
    const { useId } = responseOf("tributary.attribution.v1.MsgOpenUseResponse", opened);
    this.ok("other", this.ack(useId, output, units));
    return useId;
  }

  ack(useId: bigint, output: string, units: bigint): MessageToSend {
    return acknowledgementOf(this, "other", { useId, prompt: PROMPT, output, units });
  }

  use(useId: bigint): Messages["tributary.attribution.v1.Use"] {
    const request = ["tributary.attribution.v1.QueryUseRequest", { useId }] as const;
    return this.chain.query("/tributary.attribution.v1.Query/Use", request, "tributary.attribution.v1.QueryUseResponse")
      .use;
  }

  batch(batchId: bigint): Messages["tributary.attribution.v1.Batch"] {
    const request = ["tributary.attribution.v1.QueryBatchRequest", { batchId }] as const;
    const path = "/tributary.attribution.v1.Query/Batch";
    return this.chain.query(path, request, "tributary.attribution.v1.QueryBatchResponse").batch;
  }

  challenges(batchId: bigint): readonly Messages["tributary.attribution.v1.Challenge"][] {
    const request = ["tributary.attribution.v1.QueryChallengesRequest", { batchId }] as const;
    const path = "/tributary.attribution.v1.Query/Challenges";
    return this.chain.query(path, request, "tributary.attribution.v1.QueryChallengesResponse").challenges;
  }

  /** What an honest host makes of acknowledged uses, all with the same output; `known` says which records it looks at. */
  made(useIds: readonly bigint[], known: readonly number[] = [0, 1, 2], answer = OUTPUT): MadeBatch {
    const { rules } = defaultGenesis().params;
    const records = known.map((i) => {
      const { contributor, text } = this.records[i]!;
      return textRecord(BigInt(i + 1), this.address(contributor), encoder.encode(text));
    });
    const [output, prompt] = [encoder.encode(answer), encoder.encode(PROMPT)];
    const proof = ProofType.PROOF_TYPE_SPAN;
    return makeBatch(
      useIds.map((useId) => ({ part: BigInt(this.use(useId).proved), proof, output, prompt })),
      records,
      rules,
    );
  }

  postOf(useIds: readonly bigint[], { facts }: Pick<MadeBatch, "facts">): MessageToSend {
    const { shareCount, sharesRoot, payeeCount, payoutsRoot, sum } = facts.commitment;
    const commitment = { shareCount, sharesRoot, payeeCount, payoutsRoot, sum: sum.toString() };
    const { rules } = defaultGenesis().params;
    return ["tributary.attribution.v1.MsgPostBatch", { host: this.address("host"), useIds, ...commitment, rules }];
  }

  posted(useIds: readonly bigint[], batch: Pick<MadeBatch, "facts">): bigint {
    const result = this.ok("host", this.postOf(useIds, batch));
    return responseOf("tributary.attribution.v1.MsgPostBatchResponse", result).batchId;
  }

  claim(batchId: bigint, batch: MadeBatch, index: number): MessageToSend {
    const payee = batch.payouts.openPayee(index);
    return ["tributary.attribution.v1.MsgClaimPayout", { sender: this.address("other"), batchId, payee }];
  }

  /** Asks for a part of a batch, as eve. */
  demand(batchId: bigint, part: number, index = 0n, entry = 0n): MessageToSend {
    return ["tributary.attribution.v1.MsgDemand", { challenger: this.address("eve"), batchId, part, index, entry }];
  }

  payeeIndex(batch: MadeBatch, name: string): number {
    const beneficiary = name === "" ? "" : this.address(name);
    return batch.payouts.payees.findIndex(({ payee }) => payee.beneficiary === beneficiary);
  }
}
