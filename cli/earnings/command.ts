// Owns `tributaryd earnings`: what an account earned, put together from queries, events and the bodies of batches: who used
// which lines of which text, what each paid, what flows by lineage and backing, what was claimed and to which address. It
// sends nothing.
import type { Command } from "commander";
import { bodiesOf } from "../attribution/sources.ts";
import { CliError } from "../errors.ts";
import { findKey } from "../keys/commands.ts";
import { keyringOptions, nodeOption, option, outputOption, wholeNumber, withOptions } from "../options.ts";
import { notice, printData } from "../output.ts";
import { RpcClient } from "../rpc-client.ts";
import { Settings } from "../settings.ts";
import type { Json } from "../yaml.ts";
import { batchEarnings } from "./batches.ts";
import { eventsAbout } from "./events.ts";
import { inlineUses } from "./inline.ts";
import { pageRows } from "./limits.ts";
import { backingEarnings, lineageEarnings } from "./streams.ts";
import { Texts } from "./texts.ts";

/** Fills in the `earnings` command. */
export function addEarningsCommand(command: Command): void {
  withOptions(command, [
    option("--limit <count>", "The newest settlements, batches, records and claims to look at, each")
      .argParser(wholeNumber)
      .default(pageRows),
    option(
      "--bodies <place>",
      "Where batches' bodies are: a folder or an http address (default: the blocks this home keeps)",
    ),
    nodeOption(),
    outputOption(),
    ...keyringOptions(),
  ]).action(async (account: string, options: { limit: number }, made: Command) => {
    const settings = new Settings(made);
    const address = await addressOf(settings, account);
    const limit = Math.min(Math.max(options.limit, 1), pageRows);
    printData(await earningsOf(settings, new RpcClient(settings.nodeUrl()), address, limit), settings.output());
  });
}

/** An address, or that of a key of this home. */
export async function addressOf(settings: Settings, text: string): Promise<string> {
  const codec = settings.addresses();
  try {
    codec.parseAccount(text);
    return text;
  } catch {
    return codec.account((await findKey(settings, text)).address);
  }
}

async function earningsOf(settings: Settings, client: RpcClient, address: string, limit: number): Promise<Json> {
  const { earnings } = await client.query(
    "/tributary.attribution.v1.Query/Earnings",
    "tributary.attribution.v1.QueryEarningsRequest",
    "tributary.attribution.v1.QueryEarningsResponse",
    { beneficiary: address },
  );
  const { payoutAddress } = await client.query(
    "/tributary.datanet.v1.Query/PayoutAddress",
    "tributary.datanet.v1.QueryPayoutAddressRequest",
    "tributary.datanet.v1.QueryPayoutAddressResponse",
    { contributor: address },
  );
  const { params } = await client.query(
    "/tributary.attribution.v1.Query/Params",
    "tributary.attribution.v1.QueryParamsRequest",
    "tributary.attribution.v1.QueryParamsResponse",
    {},
  );
  const texts = new Texts(settings, client);
  const sources = { client, texts, bodies: await bodySource(settings), denom: params.feeDenom };
  const { batches, unseen } = await batchEarnings(sources, address, limit);
  if (unseen.length > 0) {
    notice(`what these batches pay is not known, since their bodies are not here: ${unseen.join(", ")} (--bodies)`);
  }
  return {
    address,
    payout_address: payoutAddress,
    totals: earnings.map(({ denom, unclaimed, claimed }) => ({ denom, unclaimed, claimed })),
    uses: await inlineUses(client, texts, address, limit),
    batches,
    unseen_batches: unseen,
    lineage: await lineageEarnings(client, address, limit),
    backing: await backingEarnings(client, address, limit),
    claims: await claims(client, address, limit),
  };
}

/** A home that keeps no blocks has no bodies either. */
async function bodySource(settings: Settings): ReturnType<typeof bodiesOf> {
  try {
    return await bodiesOf(settings);
  } catch (error) {
    if (error instanceof CliError) return { bodyOf: async () => undefined };
    throw error;
  }
}

/** What was paid out: earnings to the payout address, backing to the backer itself. */
async function claims(client: RpcClient, address: string, limit: number): Promise<Json[]> {
  const earned = await eventsAbout(client, "earnings_claimed", "beneficiary", address, limit);
  const backed = await eventsAbout(client, "backing_claimed", "backer", address, limit);
  const newest = [...earned, ...backed].sort((a, b) => Number(BigInt(b.tx.height) - BigInt(a.tx.height)));
  return newest.map(({ tx, attributes }) => ({
    height: tx.height,
    tx_hash: tx.hash,
    payout_address: attributes.get("payout_address") ?? address,
    amount: attributes.get("amount") ?? "",
  }));
}
