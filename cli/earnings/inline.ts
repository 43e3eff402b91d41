// Owns what uses that were settled at once paid an account: their payouts stand on the chain.
import type { Messages } from "../../proto/types.gen.ts";
import type { RpcClient } from "../rpc-client.ts";
import type { Json } from "../yaml.ts";
import { eventsAbout } from "./events.ts";
import { placeIn, type Texts } from "./texts.ts";

type Payout = Messages["tributary.attribution.v1.Payout"];

/** The newest uses that paid the account, by the events of their settlements. */
export async function inlineUses(
  client: RpcClient,
  texts: Texts,
  address: string,
  limit: number,
): Promise<readonly Json[]> {
  const events = await eventsAbout(client, "record_paid", "contributor", address, limit);
  const useIds = [...new Set(events.map(({ attributes }) => attributes.get("use_id") ?? "0"))].map(BigInt);
  const uses: Json[] = [];
  for (const useId of useIds) uses.push(await useLine(client, texts, useId, address));
  return uses;
}

/** Who paid for a use, and of which model. */
export async function useOf(client: RpcClient, useId: bigint): Promise<Messages["tributary.attribution.v1.Use"]> {
  const { use } = await client.query(
    "/tributary.attribution.v1.Query/Use",
    "tributary.attribution.v1.QueryUseRequest",
    "tributary.attribution.v1.QueryUseResponse",
    { useId },
  );
  return use;
}

/** One use that paid the account: who used what, and for which lines it paid how much. */
async function useLine(client: RpcClient, texts: Texts, useId: bigint, address: string): Promise<Json> {
  const [{ payout }, use] = await Promise.all([
    client.query(
      "/tributary.attribution.v1.Query/Payout",
      "tributary.attribution.v1.QueryPayoutRequest",
      "tributary.attribution.v1.QueryPayoutResponse",
      { useId },
    ),
    useOf(client, useId),
  ]);
  const shares = payout.recordShares.filter(({ contributor }) => contributor === address);
  const denom = payout.fee.denom;
  const records: Json[] = [];
  for (const { record, tokens, amount } of shares) {
    const text = await texts.of(record);
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
