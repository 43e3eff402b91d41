/** Events as rows of a table name them, and the groups that x/bank of the SDK 0.53 emits whenever coins move. Owns test data only. */
import { moduleAddress } from "../../chain/types/address.ts";
import { addNanoseconds, type Timestamp } from "../../chain/types/time.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { ChainHarness } from "./chain-harness.ts";

/** An event as `[type, "key=value", …]`, its attributes in their order. */
export type Told = readonly [type: string, ...attributes: string[]];

/** One row of the table: what causes events, where the SDK emits them, and both lists. */
export interface EventRow {
  readonly when: string;
  /** The file of cosmos-sdk v0.53.4 that the expected events were read in. */
  readonly source: string;
  readonly run: () => { readonly told: readonly Told[]; readonly expected: readonly Told[] };
}

type AbciEvent = Messages["tendermint.abci.Event"];

export function toldOf(events: readonly AbciEvent[]): readonly Told[] {
  return events.map(({ type, attributes }) => [type, ...attributes.map(({ key, value }) => `${key}=${value}`)]);
}

/** What the messages of a transaction emitted, after what came before them. */
export function ofMessages({ events }: { readonly events: readonly AbciEvent[] }): readonly Told[] {
  return toldOf(events.filter(({ attributes }) => attributes.at(-1)?.key === "msg_index"));
}

/** What the beginning or the end of the last block emitted, without the mark that says so. */
export function ofPhase(chain: ChainHarness, phase: "BeginBlock" | "EndBlock"): readonly Told[] {
  return (chain.lastBlock?.events ?? []).flatMap(({ type, attributes }) => {
    const mark = attributes.at(-1);
    return mark?.key === "mode" && mark.value === phase ? toldOf([{ type, attributes: attributes.slice(0, -1) }]) : [];
  });
}

/** The events from the first of a type on. */
export function since(events: readonly Told[], type: string): readonly Told[] {
  const at = events.findIndex(([name]) => name === type);
  return at < 0 ? [] : events.slice(at);
}

/** A message's events: the one that baseapp puts first (baseapp.go, createEvents), then the handler's, each with the message's place. */
export function ofMessage(typeUrl: string, sender: string, module: string, own: readonly Told[], index = 0): Told[] {
  const first: Told = ["message", `action=${typeUrl}`, `sender=${sender}`, `module=${module}`];
  return marked([first, ...own], `msg_index=${index}`);
}

/** The same events with one attribute more. */
export function marked(events: readonly Told[], mark: string): Told[] {
  return events.map((event) => [...event, mark]);
}

/** A module account's address. */
export const moduleOf = (chain: ChainHarness, name: string): string => chain.addresses.account(moduleAddress(name));

/** Coins that move (x/bank/keeper/send.go, SendCoins). */
export const sent = (from: string, to: string, amount: string): Told[] => [
  ["coin_spent", `spender=${from}`, `amount=${amount}`],
  ["coin_received", `receiver=${to}`, `amount=${amount}`],
  ["transfer", `recipient=${to}`, `sender=${from}`, `amount=${amount}`],
  ["message", `sender=${from}`],
];

/** Coins that go into a pool of stake or come out of it (x/bank/keeper/keeper.go, DelegateCoins and UndelegateCoins). */
export const pooled = (from: string, to: string, amount: string): Told[] => sent(from, to, amount).slice(0, 2);

/** Coins that are destroyed (x/bank/keeper/keeper.go, BurnCoins). */
export const burnt = (burner: string, amount: string): Told[] => [
  ["coin_spent", `spender=${burner}`, `amount=${amount}`],
  ["burn", `burner=${burner}`, `amount=${amount}`],
];

/** Rewards that are paid when stake changes (x/distribution/keeper/delegation.go); nothing is told as zero of the staking coin. */
export const rewarded = (validator: string, delegator: string, amount = "0uopen"): Told => [
  "withdraw_rewards",
  `amount=${amount}`,
  `validator=${validator}`,
  `delegator=${delegator}`,
];

/** A moment so long after another as Go's time.RFC3339 prints it: in UTC, without the fraction of a second. */
export function secondsText(from: Timestamp, nanoseconds: bigint): string {
  const { seconds } = addNanoseconds(from, nanoseconds);
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}Z`;
}
