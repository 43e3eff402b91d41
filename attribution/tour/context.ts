/** Owns what all parts of the tour share: the session, who takes part, how to tell, and how a failed check looks. */
import { sha256 } from "../../chain/types/hash.ts";
import { nativeMessage } from "../../client/registry.ts";
import { concat, utf8 } from "../../proto/bytes.ts";
import { decode } from "../../proto/codec.ts";
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

/** The content key that a text is sealed under. */
interface SealingPlace {
  readonly chainId: string;
  readonly datanetId: bigint;
  readonly keyVersion: number;
}

/** Sealing of private texts, which is the node's (node/data/content-key.ts) and handed in: the engine lies below it. */
export interface TextSealing {
  readonly sealText: (text: Uint8Array, contentKey: Uint8Array, place: SealingPlace) => Uint8Array;
  readonly openText: (sealed: Uint8Array, contentKey: Uint8Array, place: SealingPlace) => Uint8Array;
  readonly encryptionPublicKey: (secretKey: Uint8Array) => Uint8Array;
  readonly wrapContentKey: (
    contentKey: Uint8Array,
    recipientKey: Uint8Array,
    grantee: string,
    place: SealingPlace,
  ) => Uint8Array;
  readonly unwrapContentKey: (
    wrapped: Uint8Array,
    secretKey: Uint8Array,
    grantee: string,
    place: SealingPlace,
  ) => Uint8Array;
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
  /** The content key of the tour's private datanet: the same whenever the same owner takes the tour. */
  readonly contentKey: Uint8Array;
  /** The user's secret key, which content keys are wrapped for. */
  readonly encryptionKey: Uint8Array;
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
    contentKey: sha256(concat(utf8("content key of the tour"), owner.privateKey)),
    encryptionKey: sha256(concat(utf8("encryption key of the tour"), user.privateKey)),
    say: report,
  };
}

/** Everybody who takes part. */
export function partiesOf({ owner, host, user, contributors, vault }: TourContext): readonly Party[] {
  return [owner, host, user, ...contributors, vault];
}

/** Sends one message and gives its response. */
export async function sent<
  Request extends Parameters<typeof nativeMessage>[0],
  Response extends Parameters<typeof decode>[0],
>(
  { session }: TourContext,
  party: Party,
  request: Request,
  response: Response,
  value: Parameters<typeof nativeMessage<Request>>[1],
): Promise<ReturnType<typeof decode<Response>>> {
  const { responses } = await session.send(party, [nativeMessage(request, value)]);
  return decode(response, responses[0]!.value);
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
