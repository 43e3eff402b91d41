// Owns the commands of `data` that carry content keys over the chain: `grant` wraps this home's key for accounts and publishes it in one
// transaction, `accept` keeps what was granted. Keys and their wrapping are keys.ts; whoever pays for an access is access.ts.
import type { Command } from "commander";
import type { ContentKeyPlace } from "../../node/data/content-key.ts";
import { type Any, packAny } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { type Datanet, findDatanet, publishedKeyOf } from "../contribute/chain.ts";
import { addressOf } from "../earnings/command.ts";
import { CliError, usageError } from "../errors.ts";
import { keyringOptions, nodeOption, txOptions, withOptions } from "../options.ts";
import { RpcClient } from "../rpc-client.ts";
import { Settings } from "../settings.ts";
import { runMessages, senderAddress } from "../tx/build.ts";
import { acceptKey, wrapFor } from "./keys.ts";

/** Accounts that one transaction grants to. */
const MAX_GRANTEES = 64;

/** Adds the commands of grants to `data`. */
export function addGrantCommands(data: Command): void {
  withOptions(
    data
      .command("grant")
      .description("Wrap this home's content key for accounts, and grant it to them, in one transaction")
      .argument("<datanet>", "The datanet, by name or number")
      .argument("<account...>", "Accounts that have published a key, as `tributaryd access` does"),
    txOptions(),
  ).action((datanet: string, accounts: string[], _options: unknown, made: Command) =>
    grant(new Settings(made), datanet, accounts),
  );
  withOptions(
    data
      .command("accept")
      .description("Keep the content keys of a datanet that were granted to an account")
      .argument("<datanet>", "The datanet, by name or number")
      .argument("<account>", "An address, or a key of this home"),
    [nodeOption(), ...keyringOptions()],
  ).action((datanet: string, account: string, _options: unknown, made: Command) =>
    accept(new Settings(made), datanet, account),
  );
}

async function grant(settings: Settings, name: string, grantees: readonly string[]): Promise<void> {
  if (settings.isSet("offline")) throw usageError("--offline is not for grant", "it asks for the accounts' keys");
  if (grantees.length > MAX_GRANTEES) {
    throw usageError(`${grantees.length} accounts, a transaction grants to ${MAX_GRANTEES}`, "nothing was sent");
  }
  const client = new RpcClient(settings.nodeUrl());
  const datanet = await findDatanet(client, name);
  const place = await placeOf(client, datanet, datanet.keyVersion);
  if (datanet.keyVersion === 0) {
    throw new CliError(
      `datanet ${datanet.name} has no content key`,
      "its owner begins one with `tributaryd tx datanet rotate-key`; nothing was sent",
    );
  }
  const granter = await senderAddress(settings);
  const messages: Any[] = [];
  for (const grantee of grantees) {
    const wrappedKey = wrapFor(settings, place, grantee, await publishedKey(client, grantee));
    messages.push(
      packAny("tributary.datanet.v1.MsgGrantAccess", { granter, datanetId: datanet.id, grantee, wrappedKey }),
    );
  }
  await runMessages(settings, messages);
}

/** The key content keys are wrapped for. Throws CliError for an account without one. */
async function publishedKey(client: RpcClient, account: string): Promise<Uint8Array> {
  const known = await publishedKeyOf(client, account);
  if (known !== undefined) return known;
  throw new CliError(
    `${account} has published no key`,
    "it does with `tributaryd access` or `tributaryd tx datanet set-encryption-key`; nothing was sent",
  );
}

async function accept(settings: Settings, name: string, who: string): Promise<void> {
  const client = new RpcClient(settings.nodeUrl());
  const account = await addressOf(settings, who);
  const datanet = await findDatanet(client, name);
  const { accessGrants } = await client.query(
    "/tributary.datanet.v1.Query/AccessGrantsOf",
    "tributary.datanet.v1.QueryAccessGrantsOfRequest",
    "tributary.datanet.v1.QueryAccessGrantsOfResponse",
    { datanetId: datanet.id, grantee: account },
  );
  if (accessGrants.length === 0) {
    throw new CliError(
      `nothing of ${datanet.name} was granted to ${account}`,
      "its owner or a curator grants with `tributaryd data grant`; nothing was changed",
    );
  }
  for (const granted of accessGrants) await keep(settings, client, datanet, granted);
}

async function keep(
  settings: Settings,
  client: RpcClient,
  datanet: Datanet,
  { keyVersion, grantee, wrappedKey }: Messages["tributary.datanet.v1.AccessGrant"],
): Promise<void> {
  acceptKey(settings, await placeOf(client, datanet, keyVersion), grantee, wrappedKey);
}

/** Where a content key belongs: on the chain the node is of. */
async function placeOf(client: RpcClient, { id: datanetId }: Datanet, keyVersion: number): Promise<ContentKeyPlace> {
  const { node_info } = await client.call<{ node_info: { network: string } }>("status");
  return { chainId: node_info.network, datanetId, keyVersion };
}
