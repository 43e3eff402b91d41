/** Owns what all parts of the tour share: the session, who takes part, how to tell, and how a failed check looks. */
import type { Messages } from "../../proto/types.gen.ts";
import type { ChainSession, Party, Refusal, SessionOptions, Signer } from "../chain-session.ts";

/** Who takes part. All but the vault need coins for fees, the user for the uses' fees too. */
export interface TourAccounts {
  /** Creates the datanet and owns the model. */
  readonly owner: Signer;
  /** Serves the model. */
  readonly host: Signer;
  /** Pays for the answers. */
  readonly user: Signer;
  /** One for each package, in the order of SOLIDITY_PACKAGES. */
  readonly contributors: readonly Signer[];
  /** Receives what the last contributor earns. */
  readonly vault: Signer;
  /** Checks batches and challenges false ones. */
  readonly watcher: Signer;
}

/** What a tour needs. */
export interface TourOptions extends SessionOptions {
  readonly accounts: TourAccounts;
  /** Where indexes and bodies of batches stay; a temporary folder by default. */
  readonly batchFolder?: string | undefined;
  /** Called with a line whenever something was done. */
  readonly report: (line: string) => void;
}

/** The fee of one use: prime, so that nothing divides evenly and every rounding is seen. */
export const PRICE = { denom: "uopen", amount: "1000003" } as const;

/** Gas for what is sent to be refused, which cannot be simulated. */
export const REFUSED_GAS = 2_000_000;

/** A failed check: something on the chain is not as it must be. */
export class TourError extends Error {
  override readonly name = "TourError";
}

/** The shared state of a running tour. */
export interface TourContext {
  readonly session: ChainSession;
  readonly owner: Party;
  readonly host: Party;
  readonly user: Party;
  readonly contributors: readonly Party[];
  readonly vault: Party;
  readonly watcher: Party;
  readonly batchFolder: string | undefined;
  readonly say: (line: string) => void;
}

export async function tourContext(
  session: ChainSession,
  { accounts, report, batchFolder }: TourOptions,
): Promise<TourContext> {
  const { owner, host, user, contributors, vault, watcher } = accounts;
  return {
    session,
    owner: await session.party(owner),
    host: await session.party(host),
    user: await session.party(user),
    contributors: await Promise.all(contributors.map((account) => session.party(account))),
    vault: await session.party(vault),
    watcher: await session.party(watcher),
    batchFolder,
    say: report,
  };
}

/** Everybody who takes part. */
export function partiesOf({ owner, host, user, contributors, vault }: TourContext): readonly Party[] {
  return [owner, host, user, ...contributors, vault];
}

/** Throws TourError unless the claim holds. */
export function check(holds: boolean, claim: string): void {
  if (!holds) throw new TourError(`check failed: ${claim}`);
}

/** Throws TourError unless the refusal is the expected one. */
export function checkRefusal(refusal: Refusal, codespace: string, code: number): void {
  const isExpected = refusal.codespace === codespace && refusal.code === code;
  check(isExpected, `refused with ${codespace}/${code}, not ${refusal.codespace}/${refusal.code}: ${refusal.log}`);
}

/** Whether an amount of a list of coins is in the fees' denomination. */
export function feeAmountOf(coins: readonly Messages["cosmos.base.v1beta1.Coin"][]): string {
  return coins.find(({ denom }) => denom === PRICE.denom)?.amount ?? "0";
}
