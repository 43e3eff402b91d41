/** Counts coins of a chain in memory: how many there are, and how many the last block says it burned. */
import type { Messages } from "../../proto/types.gen.ts";
import type { ChainHarness } from "./chain-harness.ts";

const DENOM = "uopen";

export function supplyOf(chain: ChainHarness): bigint {
  const request = ["cosmos.bank.v1beta1.QuerySupplyOfRequest", { denom: DENOM }] as const;
  const path = "/cosmos.bank.v1beta1.Query/SupplyOf";
  return BigInt(chain.query(path, request, "cosmos.bank.v1beta1.QuerySupplyOfResponse").amount.amount);
}

/** All events of the last block: its own, and those of transactions that succeeded. */
export function blockEventsOf({ lastBlock }: ChainHarness): readonly Messages["tendermint.abci.Event"][] {
  const results = lastBlock?.txResults ?? [];
  const sent = results.filter(({ code }) => code === 0).flatMap(({ events }) => events);
  return [...(lastBlock?.events ?? []), ...sent];
}

export function burnedIn(chain: ChainHarness): bigint {
  return blockEventsOf(chain)
    .filter(({ type }) => type === "burn")
    .flatMap(({ attributes }) => attributes.filter(({ key }) => key === "amount"))
    .flatMap(({ value }) => value.split(","))
    .reduce((sum, coin) => sum + (coin.endsWith(DENOM) ? BigInt(coin.slice(0, -DENOM.length)) : 0n), 0n);
}
