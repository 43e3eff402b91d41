// Owns looking events up by the account they name: the newest first, from the node's index of transactions.
import type { RpcClient } from "../rpc-client.ts";
import type { IndexedTx } from "../tx/send.ts";

/** One event with the transaction it came from. */
export interface FoundEvent {
  readonly tx: IndexedTx;
  readonly attributes: ReadonlyMap<string, string>;
}

/** Events of the newest transactions that have one of this kind about the account. */
export async function eventsAbout(
  client: RpcClient,
  kind: string,
  attribute: string,
  address: string,
  limit: number,
): Promise<readonly FoundEvent[]> {
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
