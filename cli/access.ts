// Owns `tributaryd access`: licensed access to a datanet in one transaction. It publishes the key that content keys are wrapped for, where the
// datanet has content keys and this home's is not the account's yet, and pays the contributors by a use of access. The wrapped key comes from a curator.
import type { Command } from "commander";
import { parseCoin } from "../chain/types/coin.ts";
import { equalBytes } from "../proto/bytes.ts";
import { type Any, packAny } from "../proto/codec.ts";
import { UseKind } from "../proto/enums.gen.ts";
import { type Datanet, findDatanet, publishedKeyOf } from "./contribute/chain.ts";
import { homePublicKey } from "./data/keys.ts";
import { CliError, usageError } from "./errors.ts";
import { option, txOptions, wholeBigint, withOptions } from "./options.ts";
import { notice } from "./output.ts";
import { RpcClient } from "./rpc-client.ts";
import { Settings } from "./settings.ts";
import { runMessages, senderAddress } from "./tx/build.ts";

/** Fills in the `access` command. */
export function addAccessCommand(command: Command): void {
  withOptions(command, [
    option("--units <count>", "How many accesses to pay for").argParser(wholeBigint).default(1n, "1"),
    option("--max-fee <coin>", "The most to pay, in any token with a route of pools to the fee's (default: the price)"),
    ...txOptions(),
  ]).action(async (datanet: string, options: { units: bigint }, made: Command) => {
    await access(new Settings(made), datanet, options.units);
  });
}

async function access(settings: Settings, name: string, units: bigint): Promise<void> {
  if (settings.isSet("offline")) throw usageError("--offline is not for access", "it asks the datanet for its price");
  const client = new RpcClient(settings.nodeUrl());
  const datanet = await findDatanet(client, name);
  const user = await senderAddress(settings);
  const use = packAny("tributary.attribution.v1.MsgOpenUse", {
    user,
    kind: UseKind.USE_KIND_ACCESS,
    datanetId: datanet.id,
    maxUnits: units,
    maxFee: maxFee(settings, datanet, units),
  });
  await runMessages(settings, [...(await keyMessages(settings, client, datanet, user)), use]);
}

/** What the user named, or else the price. */
function maxFee(settings: Settings, { name, accessPrice }: Datanet, units: bigint) {
  if (accessPrice === undefined) {
    throw new CliError(
      `datanet ${name} names no price of access`,
      "its owner may grant access without one; nothing was sent",
    );
  }
  const named = settings.text("max-fee");
  if (named === undefined) return { denom: accessPrice.denom, amount: (BigInt(accessPrice.amount) * units).toString() };
  const { denom, amount } = parseCoin(named);
  return { denom, amount: amount.toString() };
}

/** The message that publishes this home's key, where texts are sealed and the chain does not know the key. */
async function keyMessages(settings: Settings, client: RpcClient, datanet: Datanet, account: string): Promise<Any[]> {
  if (datanet.keyVersion === 0) return [];
  const publicKey = homePublicKey(settings);
  const known = await publishedKeyOf(client, account);
  if (known !== undefined && equalBytes(known, publicKey)) return [];
  notice(`publishing this home's key, for the content key to be wrapped for ${account}`);
  return [packAny("tributary.datanet.v1.MsgSetEncryptionKey", { account, publicKey })];
}
