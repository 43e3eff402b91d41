// Owns `tributaryd earnings`: what an account earned as a contributor, put together from queries and the events of settled uses: who used which
// lines of which text, what each paid, what was claimed and to which address. It sends nothing.
import type { Command } from "commander";
import type { Messages } from "../proto/types.gen.ts";
import { openStore } from "./data/store.ts";
import { CliError } from "./errors.ts";
import { findKey } from "./keys/commands.ts";
import { keyringOptions, nodeOption, option, outputOption, wholeNumber, withOptions } from "./options.ts";
import { printData } from "./output.ts";
import { RpcClient } from "./rpc-client.ts";
import { Settings } from "./settings.ts";
import type { IndexedTx } from "./tx/send.ts";
import type { Json } from "./yaml.ts";

type Payout = Messages["tributary.attribution.v1.Payout"];
type Record = Messages["tributary.datanet.v1.Record"];

/** Most transactions a node gives at once. */
const PAGE = 100;

/** Fills in the `earnings` command. */
export function addEarningsCommand(command: Command): void {
  withOptions(command, [
    option("--limit <count>", "The newest settlements and claims to look at").argParser(wholeNumber).default(PAGE),
    nodeOption(),
    outputOption(),
    ...keyringOptions(),
  ]).action(async (account: string, options: { limit: number }, made: Command) => {
    const settings = new Settings(made);
    const address = await addressOf(settings, account);
    const limit = Math.min(Math.max(options.limit, 1), PAGE);
    printData(await earningsOf(settings, new RpcClient(settings.nodeUrl()), address, limit), settings.output());
  });
}

/** An address, or that of a key of this home. */
async function addressOf(settings: Settings, text: string): Promise<string> {
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
  const texts = new Texts(settings, client);
  const uses: Json[] = [];
  for (const useId of await paidUses(client, address, limit)) uses.push(await useLine(client, texts, useId, address));
  return {
    address,
    payout_address: payoutAddress,
    totals: earnings.map(({ denom, unclaimed, claimed }) => ({ denom, unclaimed, claimed })),
    uses,
    claims: await claims(client, address, limit),
  };
}

/** Events of the newest transactions that have one of this kind about the account. */
async function eventsAbout(
  client: RpcClient,
  kind: string,
  attribute: string,
  address: string,
  limit: number,
): Promise<readonly { readonly tx: IndexedTx; readonly attributes: ReadonlyMap<string, string> }[]> {
  const { txs } = await client.call<{ txs: readonly IndexedTx[] }>("tx_search", {
    query: `${kind}.${attribute}='${address}'`,
    prove: false,
    page: "1",
    per_page: String(limit),
    order_by: "desc",
  });
  return txs.flatMap((tx) =>
    (tx.tx_result.events ?? [])
      .map((event) => event as unknown as { type: string; attributes: readonly { key: string; value: string }[] })
      .filter(({ type }) => type === kind)
      .map(({ attributes }) => ({ tx, attributes: new Map(attributes.map(({ key, value }) => [key, value])) }))
      .filter(({ attributes }) => attributes.get(attribute) === address),
  );
}

async function paidUses(client: RpcClient, address: string, limit: number): Promise<readonly bigint[]> {
  const events = await eventsAbout(client, "record_paid", "contributor", address, limit);
  return [...new Set(events.map(({ attributes }) => attributes.get("use_id") ?? "0"))].map(BigInt);
}

async function claims(client: RpcClient, address: string, limit: number): Promise<Json[]> {
  const events = await eventsAbout(client, "earnings_claimed", "beneficiary", address, limit);
  return events.map(({ tx, attributes }) => ({
    height: tx.height,
    tx_hash: tx.hash,
    payout_address: attributes.get("payout_address") ?? "",
    amount: attributes.get("amount") ?? "",
  }));
}

/** One use that paid the account: who used what, and for which lines it paid how much. */
async function useLine(client: RpcClient, texts: Texts, useId: bigint, address: string): Promise<Json> {
  const [{ payout }, { use }] = await Promise.all([
    client.query(
      "/tributary.attribution.v1.Query/Payout",
      "tributary.attribution.v1.QueryPayoutRequest",
      "tributary.attribution.v1.QueryPayoutResponse",
      { useId },
    ),
    client.query(
      "/tributary.attribution.v1.Query/Use",
      "tributary.attribution.v1.QueryUseRequest",
      "tributary.attribution.v1.QueryUseResponse",
      { useId },
    ),
  ]);
  const shares = payout.recordShares.filter(({ contributor }) => contributor === address);
  const denom = payout.fee.denom;
  const records: Json[] = [];
  for (const { record, tokens, amount } of shares) {
    const text = await texts.of(record.datanetId, record.number);
    records.push({
      datanet_id: record.datanetId.toString(),
      number: record.number.toString(),
      name: text.record.name,
      tokens: tokens.toString(),
      earned: `${amount}${denom}`,
      used: spansOf(payout, record).map(({ recordStart, length }) => placeIn(text.bytes, Number(recordStart), length)),
    });
  }
  return {
    use_id: useId.toString(),
    height: payout.height.toString(),
    user: use.user,
    model_id: use.modelId.toString(),
    fee: `${payout.fee.amount}${denom}`,
    earned: `${shares.reduce((sum, { amount }) => sum + BigInt(amount), 0n)}${denom}`,
    records,
  };
}

function spansOf({ spans }: Payout, { datanetId, number }: { datanetId: bigint; number: bigint }): Payout["spans"] {
  return spans.filter(({ record }) => record.datanetId === datanetId && record.number === number);
}

/** Lines as an editor counts them, where the text is at hand; bytes otherwise. */
function placeIn(text: Uint8Array | undefined, start: number, length: number): string {
  const bytes = `bytes ${start} to ${start + length - 1}`;
  if (text === undefined || text.length < start + length) return bytes;
  const lineOf = (end: number): number => text.subarray(0, end).filter((byte) => byte === 0x0a).length + 1;
  const [first, last] = [lineOf(start), lineOf(start + length - 1)];
  return `${first === last ? `line ${first}` : `lines ${first} to ${last}`} (${bytes})`;
}

/** Records that uses paid for, with their texts where this home keeps them. Each is asked for once. */
class Texts {
  readonly #settings: Settings;
  readonly #client: RpcClient;
  readonly #known = new Map<string, { readonly record: Record; readonly bytes: Uint8Array | undefined }>();

  constructor(settings: Settings, client: RpcClient) {
    this.#settings = settings;
    this.#client = client;
  }

  async of(datanetId: bigint, number: bigint) {
    const name = `${datanetId}/${number}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const { record } = await this.#client.query(
      "/tributary.datanet.v1.Query/Record",
      "tributary.datanet.v1.QueryRecordRequest",
      "tributary.datanet.v1.QueryRecordResponse",
      { datanetId, number },
    );
    const found = { record, bytes: await this.#text(record) };
    this.#known.set(name, found);
    return found;
  }

  async #text({ contentHash, length }: Record): Promise<Uint8Array | undefined> {
    try {
      const bytes = await (await openStore(this.#settings)).get(contentHash);
      // A sealed text is longer than what it seals.
      return bytes?.length === Number(length) ? bytes : undefined;
    } catch (error) {
      if (error instanceof CliError) return undefined;
      throw error;
    }
  }
}
