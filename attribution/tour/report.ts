/** Owns what a tour tells: its result as data, and the same as lines for people. It does not own how either came about. */
import type { Refusal } from "../chain-session.ts";

/** Amounts are decimal text in the smallest unit; bytes are hex unless said otherwise. */
export interface TourResult {
  readonly chainId: string;
  readonly datanetId: string;
  readonly contributions: readonly {
    readonly name: string;
    readonly address: string;
    readonly package: string;
    readonly files: number;
    readonly bytes: number;
  }[];
  readonly duplicate: Refusal;
  readonly model: { readonly modelId: string; readonly weightsHash: string; readonly lineage: readonly string[] };
  readonly uses: readonly UseResult[];
  readonly totals: Totals;
  readonly tampered: Refusal;
  readonly claims: readonly {
    readonly name: string;
    readonly beneficiary: string;
    readonly payoutAddress: string;
    readonly sender: string;
    readonly amount: string;
  }[];
  readonly swap: { readonly name: string; readonly paid: CoinText; readonly received: CoinText };
  readonly delegation: { readonly name: string; readonly validator: string; readonly amount: CoinText };
  readonly secondClaim: Refusal;
  readonly proof: ProofResult;
  readonly batch: BatchResult;
  readonly otherToken: OtherTokenResult;
  readonly secret: SecretResult;
  readonly segment: SegmentResult;
  readonly access: AccessResult;
  readonly market: MarketResult;
  readonly seconds: number;
}

interface CoinText {
  readonly denom: string;
  readonly amount: string;
}

/** One answer, and who was paid for which of its words. */
export interface UseResult {
  readonly useId: string;
  readonly prompt: string;
  readonly output: string;
  readonly fee: CoinText;
  readonly outputTokens: number;
  readonly coveredTokens: number;
  readonly lines: readonly PaidLines[];
  readonly shares: readonly {
    readonly record: string;
    readonly file: string;
    readonly contributor: string;
    readonly name: string;
    readonly tokens: number;
    readonly amount: string;
  }[];
}

/** A span, with the lines of the file it stands in. */
export interface PaidLines {
  readonly record: string;
  readonly file: string;
  readonly firstLine: number;
  readonly lastLine: number;
  /** In bytes of the output. */
  readonly outputStart: number;
  readonly length: number;
  readonly tokens: number;
}

/** What was bought and sold; amounts in base units. */
export interface MarketResult {
  /** Shares of the model on its curve. */
  readonly shares: {
    readonly bought: string;
    readonly cost: string;
    readonly sold: string;
    readonly payout: string;
    /** What the curve holds for all shares that are out. */
    readonly reserve: string;
  };
  readonly backing: { readonly amount: string; readonly shares: string };
  /** A contributor's token. */
  readonly token: {
    readonly denom: string;
    readonly made: string;
    /** What making them took, at the anchor. */
    readonly cost: string;
    /** What was paid for some of them in a pool. */
    readonly paid: string;
    readonly bought: string;
    /** What the anchor gave for these. */
    readonly redeemed: string;
    /** What the vault holds for all units that are left. */
    readonly reserve: string;
  };
}

/** A use whose price was bought with another token. */
export interface OtherTokenResult {
  readonly useId: string;
  readonly paid: CoinText;
  readonly fee: CoinText;
  /** The pools of the route. */
  readonly poolIds: readonly string[];
}

/** A private datanet's use that a batch settled. */
export interface SecretResult {
  readonly datanetId: string;
  readonly modelId: string;
  readonly notes: number;
  readonly useId: string;
  readonly batchId: string;
  /** How many shares cite the notes. */
  readonly shares: number;
  readonly claimed: { readonly name: string; readonly amount: string };
  /** Where words of the notes were looked for in vain. */
  readonly searched: { readonly transactions: number; readonly bytes: number };
}

/** A run of records as one text. */
export interface SegmentResult {
  readonly index: string;
  readonly first: string;
  readonly last: string;
  readonly bytes: string;
  readonly tokens: string;
  readonly textRoot: string;
  readonly indexRoot: string;
}

/** A licensed access by the datanet's token. */
export interface AccessResult {
  readonly denom: string;
  readonly price: CoinText;
  readonly units: string;
  /** How many sealed records were opened. */
  readonly opened: number;
}

/** A settlement by batch, with the false batches that were refuted before. */
export interface BatchResult {
  readonly batchId: string;
  readonly uses: number;
  readonly shares: number;
  readonly payees: number;
  /** What the batch pays, in base units. */
  readonly sum: string;
  readonly bodyHash: string;
  readonly caught: readonly {
    readonly batchId: string;
    /** What was false about it. */
    readonly what: string;
    readonly kind: string;
    readonly reason: string;
    /** What the host lost. */
    readonly bond: string;
  }[];
  readonly claimed: { readonly name: string; readonly amount: string } | undefined;
}

/** All fees and where they went; the parts sum to the fees. */
export interface Totals {
  readonly fees: string;
  readonly host: string;
  readonly modelOwner: string;
  readonly contributors: string;
  readonly lineage: string;
  readonly attested: string;
  readonly validators: string;
  readonly burned: string;
}

/** One payout with everything that proves it; keys and data of `ops` are base64. */
export interface ProofResult {
  readonly useId: string;
  /** The height the light client trusted at first. */
  readonly trustedFrom: string;
  /** The height whose state holds the payout. */
  readonly height: string;
  /** The height of the verified header that carries the app hash. */
  readonly headerHeight: string;
  readonly appHash: string;
  readonly store: string;
  readonly key: string;
  readonly value: string;
  readonly ops: readonly { readonly type: string; readonly key: string; readonly data: string }[];
}

/** Who was paid, how much, and for which lines of which file. */
export function tourLines(result: TourResult): readonly string[] {
  const { totals, uses } = result;
  const denom = uses[0]?.fee.denom ?? "";
  return [
    ...uses.flatMap((use) => useLines(use)),
    "",
    `${uses.length} uses, fees ${totals.fees}${denom}:`,
    ...Object.entries({
      host: totals.host,
      "model owner": totals.modelOwner,
      contributors: totals.contributors,
      "all contributors, by lineage": totals.lineage,
      "by attested scores, or lineage without validators": totals.attested,
      validators: totals.validators,
      burned: totals.burned,
    }).map(([who, amount]) => `  ${amount.padStart(12)}${denom}  ${who}`),
    "",
    ...contributorLines(result, denom),
    "",
    ...batchLines(result.batch, denom),
    ...privateLines(result, denom),
    ...marketLines(result.market, denom),
    "",
    `every check held, in ${result.seconds} seconds`,
  ];
}

/** One use: who was paid what, and for which lines of which file. */
export function useLines(use: UseResult): readonly string[] {
  const shown = use.prompt.split("\n")[0];
  return [
    "",
    `use ${use.useId}  ${shown} …  ${use.coveredTokens} of ${use.outputTokens} tokens found`,
    ...use.shares.flatMap((share) => [
      `  ${share.amount.padStart(8)}${use.fee.denom}  ${share.name}  ${share.file}  ${placesOf(use, share.record)}`,
    ]),
  ];
}

function placesOf(use: UseResult, record: string): string {
  const places = use.lines
    .filter((span) => span.record === record)
    .map(({ firstLine, lastLine }) => (firstLine === lastLine ? `${firstLine}` : `${firstLine}–${lastLine}`));
  return `line${places.length > 1 || places[0]?.includes("–") ? "s" : ""} ${places.join(", ")}`;
}

function batchLines(batch: BatchResult, denom: string): readonly string[] {
  return [
    ...batch.caught.map(
      ({ batchId, what, kind, bond }) => `batch ${batchId} ${what}: refuted by ${kind}, a bond of ${bond}${denom} lost`,
    ),
    `batch ${batch.batchId} settled ${batch.uses} uses in ${batch.shares} shares and paid ${batch.sum}${denom}`,
  ];
}

function privateLines({ otherToken, secret, segment, access }: TourResult, denom: string): readonly string[] {
  const { paid, fee, poolIds, useId } = otherToken;
  const { claimed, searched } = secret;
  const route = `pool${poolIds.length > 1 ? "s" : ""} ${poolIds.join(", ")}`;
  return [
    `use ${useId} was paid with ${paid.amount}${paid.denom}, for which ${route} gave its ${fee.amount}${fee.denom}`,
    `records ${segment.first} to ${segment.last} are sealed as one text of ${segment.bytes} bytes, with the suffix array of its ${segment.tokens} tokens`,
    `batch ${secret.batchId} paid ${claimed.name} ${claimed.amount}${denom} for words of private notes, of which nothing stands in ${searched.transactions} transactions of ${searched.bytes} bytes`,
    `a unit of ${access.denom} for ${access.price.amount}${access.price.denom} was one licensed access: it opened ${access.opened} sealed notes`,
  ];
}

function marketLines({ shares, backing, token }: MarketResult, denom: string): readonly string[] {
  return [
    `${shares.bought} shares of the model were bought on its curve for ${shares.cost}${denom}, ${shares.sold} sold for ${shares.payout}${denom}`,
    `the model is backed with ${backing.amount}${denom} more`,
    `${token.bought} units of a contributor's token were bought for ${token.paid}${denom} and redeemed for ${token.redeemed}${denom}`,
  ];
}

function contributorLines({ contributions, uses }: TourResult, denom: string): readonly string[] {
  return contributions.map((contribution) => {
    const shares = uses.flatMap((use) => use.shares).filter(({ contributor }) => contributor === contribution.address);
    const amount = shares.reduce((sum, share) => sum + BigInt(share.amount), 0n).toString();
    const tokens = shares.reduce((sum, share) => sum + share.tokens, 0);
    return `  ${amount.padStart(12)}${denom}  ${contribution.name}, ${contribution.package}: ${tokens} tokens`;
  });
}
