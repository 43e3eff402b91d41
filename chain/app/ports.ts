// Owns: what the application asks of its modules and of the node, as interfaces; modules/app.ts and node/main.ts give
// the implementations. Does not own: any implementation.

import type { Messages } from "../../proto/types.gen.ts";
import type { Read, Timestamp, Write } from "../module/context.ts";
import type { AccountPermission } from "../module/define.ts";
import type { Coin } from "../types/coin.ts";
import type { TxMessage } from "./tx.ts";

/** What the ante must know of an account. */
export interface SigningAccount {
  readonly address: Uint8Array;
  /** Unset until the account's first transaction names it. */
  readonly pubKey: Messages["google.protobuf.Any"] | undefined;
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

/** The limits and prices the ante applies (cosmos.auth.v1beta1.Params). */
export type AnteParams = Messages["cosmos.auth.v1beta1.Params"];

/** Accounts, as the ante reads and changes them. */
export interface AccountsPort {
  anteParams(ctx: Read): AnteParams;
  /** The account, or `undefined` when there is none. */
  signingAccount(ctx: Read, address: Uint8Array): SigningAccount | undefined;
  /** Stores a new sequence, and the key if one is given. The account must exist. */
  updateSigner(ctx: Write, account: SigningAccount, sequence: bigint, pubKey: SigningAccount["pubKey"]): void;
  /** Remembers that an unordered transaction of this signer ends at this time. False when one that does was there already. */
  useNonce(ctx: Write, address: Uint8Array, timeout: Timestamp): boolean;
}

/** Where fees go. */
export interface FeesPort {
  /** Moves the fee to the fee collector. Throws TxError sdk/5 (insufficient funds). */
  deductFee(ctx: Write, payer: Uint8Array, fee: readonly Coin[]): void;
}

/** Allowances to pay another account's fees; absent while no such module exists. */
export interface FeeGrantsPort {
  /** Uses the granter's allowance. Throws TxError when there is none or it does not reach. */
  useGrant(
    ctx: Write,
    granter: Uint8Array,
    grantee: Uint8Array,
    fee: readonly Coin[],
    messages: readonly TxMessage[],
  ): void;
}

/** A gRPC service answered by the node, not by a module: block and transaction look-ups, node information. */
export interface NodeQuery {
  /** The gRPC path, `/cosmos.tx.v1beta1.Service/GetTx`. */
  readonly path: string;
  /** Answers an encoded request. `height` is the one asked for, 0 for the latest. Throws GrpcError. */
  readonly handle: (request: Uint8Array, height: bigint) => Uint8Array;
}

/** Module accounts with their permissions, over all modules. */
export type ModuleAccounts = ReadonlyMap<string, readonly AccountPermission[]>;

/** The snapshots the node keeps on its disk. Calls are synchronous: a list in memory, and one file read. */
export interface SnapshotArchive {
  /** Those that are whole, in ascending order of height. */
  list(): readonly Messages["tendermint.abci.Snapshot"][];
  /** The bytes of one chunk; undefined when it is not there. */
  chunk(height: bigint, format: number, index: number): Uint8Array | undefined;
}
