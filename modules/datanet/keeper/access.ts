/**
 * Owns access to a datanet's texts: keys that content keys are wrapped for, wrapped keys, and the datanet's token, of
 * which one unit is one licensed access. It does not own the wrapping, which happens off the chain
 * (docs/modules/datanet.md says how).
 *
 * A chain cannot make anybody forget. Revoking a grant and rotating the key keep later texts from an account; what it
 * could read before, it can read for ever.
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import { type Coin, coinFromMessage, newCoins } from "../../../chain/types/coin.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { errors } from "../errors.ts";
import { DATANET, type DatanetKeeper } from "../keeper.ts";
import { ENCRYPTION_KEY_BYTES, MAX_WRAPPED_KEY_BYTES } from "../limits.ts";
import { state } from "../state.ts";

export type TokenSupply = Messages["tributary.datanet.v1.TokenSupply"];
export type Access = Messages["tributary.datanet.v1.Access"];

/** The denomination of a datanet's token. */
export function tokenDenom(datanetId: bigint): string {
  return `data/${datanetId}`;
}

/** How many tokens of a datanet were ever made and spent. */
export function tokenSupply(ctx: Read, datanetId: bigint): TokenSupply {
  return state.tokenSupplies.get(ctx, datanetId) ?? { datanetId, minted: "0", burned: "0" };
}

/** What an account has accessed. */
export function accessOf(ctx: Read, datanetId: bigint, holder: Uint8Array): Access {
  const none = { datanetId, holder: ctx.addresses.account(holder), units: "0", lastHeight: 0n };
  return state.accesses.get(ctx, [datanetId, holder]) ?? none;
}

/** Says under which key content keys are wrapped for an account; an empty key takes it back. */
export function setEncryptionKey(ctx: Write, account: Uint8Array, publicKey: Uint8Array): void {
  if (publicKey.length !== 0 && publicKey.length !== ENCRYPTION_KEY_BYTES) {
    throw errors.invalidKey.because(`public_key has ${publicKey.length} bytes`);
  }
  if (publicKey.length === 0) state.encryptionKeys.delete(ctx, account);
  else state.encryptionKeys.set(ctx, account, publicKey);
  ctx.emit("encryption_key_set", [["account", ctx.addresses.account(account)]]);
}

/** Begins a new content key, on the owner's word. Gives its number. */
export function rotateKey(keeper: DatanetKeeper, ctx: Write, owner: string, datanetId: bigint): number {
  const datanet = keeper.owned(ctx, datanetId, owner);
  const keyVersion = datanet.keyVersion + 1;
  state.datanets.set(ctx, datanetId, { ...datanet, keyVersion });
  ctx.emit("key_rotated", [
    ["datanet_id", datanetId.toString()],
    ["key_version", keyVersion.toString()],
  ]);
  return keyVersion;
}

/** Keeps the current content key, wrapped for an account that has set a key. */
export function grantAccess(
  keeper: DatanetKeeper,
  ctx: Write,
  granter: string,
  datanetId: bigint,
  grantee: Uint8Array,
  wrappedKey: Uint8Array,
): void {
  const { keyVersion } = keeper.curated(ctx, datanetId, granter);
  const name = ctx.addresses.account(grantee);
  if (keyVersion === 0) throw errors.invalidGrant.because(`datanet ${datanetId} has no content key: rotate it first`);
  if (wrappedKey.length === 0 || wrappedKey.length > MAX_WRAPPED_KEY_BYTES) {
    throw errors.invalidGrant.because(`wrapped_key has ${wrappedKey.length} bytes, not 1 to ${MAX_WRAPPED_KEY_BYTES}`);
  }
  const recipientKey = state.encryptionKeys.get(ctx, grantee);
  if (recipientKey === undefined) throw errors.keyNotFound.because(name);
  const { height } = ctx;
  const grant = { datanetId, keyVersion, grantee: name, recipientKey, wrappedKey, granter, height, isRevoked: false };
  state.accessGrants.set(ctx, [datanetId, grantee, keyVersion], grant);
  emitGrant(ctx, "access_granted", datanetId, name, keyVersion);
}

/** Marks the grants of an account, so that later keys are not wrapped for it by habit. */
export function revokeAccess(
  keeper: DatanetKeeper,
  ctx: Write,
  granter: string,
  datanetId: bigint,
  grantee: Uint8Array,
): void {
  const { keyVersion } = keeper.curated(ctx, datanetId, granter);
  const grants = [...state.accessGrants.iterate(ctx, { prefix: [datanetId, grantee] })].filter(
    ([, grant]) => !grant.isRevoked,
  );
  const name = ctx.addresses.account(grantee);
  if (grants.length === 0) throw errors.grantNotFound.because(`${name} in datanet ${datanetId}`);
  for (const [at, grant] of grants) state.accessGrants.set(ctx, at, { ...grant, isRevoked: true });
  emitGrant(ctx, "access_revoked", datanetId, name, keyVersion);
}

/** Sells units at the datanet's price, which goes to its treasury. Gives what was paid. */
export function buyTokens(
  keeper: DatanetKeeper,
  ctx: Write,
  buyer: Uint8Array,
  datanetId: bigint,
  units: bigint,
  most: Coin,
): Coin {
  const { accessPrice, treasury } = keeper.datanet(ctx, datanetId);
  if (accessPrice === undefined) throw errors.notForSale.because(`datanet ${datanetId}`);
  const price = coinFromMessage(accessPrice);
  const paid = { denom: price.denom, amount: price.amount * units };
  if (most.denom !== paid.denom || most.amount < paid.amount) {
    throw errors.priceTooHigh.because(`${paid.amount}${paid.denom} for at most ${most.amount}${most.denom}`);
  }
  keeper.uses.bank.send(ctx, buyer, ctx.addresses.parseAccount(treasury), newCoins(paid));
  const tokens = newCoins({ denom: tokenDenom(datanetId), amount: units });
  keeper.uses.bank.mint(ctx, DATANET, tokens);
  keeper.uses.bank.sendFromModule(ctx, DATANET, buyer, tokens);
  const supply = tokenSupply(ctx, datanetId);
  state.tokenSupplies.set(ctx, datanetId, { ...supply, minted: (BigInt(supply.minted) + units).toString() });
  ctx.emit("data_tokens_bought", [
    ["datanet_id", datanetId.toString()],
    ["buyer", ctx.addresses.account(buyer)],
    ["units", units.toString()],
    ["paid", `${paid.amount}${paid.denom}`],
  ]);
  return paid;
}

/** Spends units, each for one licensed access. Gives what the holder has accessed in all. */
export function spendTokens(
  keeper: DatanetKeeper,
  ctx: Write,
  holder: Uint8Array,
  datanetId: bigint,
  units: bigint,
): Access {
  keeper.datanet(ctx, datanetId);
  const tokens = newCoins({ denom: tokenDenom(datanetId), amount: units });
  keeper.uses.bank.sendToModule(ctx, holder, DATANET, tokens);
  keeper.uses.bank.burn(ctx, DATANET, tokens);
  return noteAccess(ctx, holder, datanetId, units, 0n);
}

/** Makes and spends units at once, for accesses that were paid to the contributors as a use. Gives what the holder has accessed in all. */
export function accessAtOnce(ctx: Write, holder: Uint8Array, datanetId: bigint, units: bigint): Access {
  return noteAccess(ctx, holder, datanetId, units, units);
}

/** Counts units that were spent, `made` of them in the same moment. */
function noteAccess(ctx: Write, holder: Uint8Array, datanetId: bigint, units: bigint, made: bigint): Access {
  const { minted, burned } = tokenSupply(ctx, datanetId);
  const supply = { minted: (BigInt(minted) + made).toString(), burned: (BigInt(burned) + units).toString() };
  state.tokenSupplies.set(ctx, datanetId, { datanetId, ...supply });
  const before = accessOf(ctx, datanetId, holder);
  const access = { ...before, units: (BigInt(before.units) + units).toString(), lastHeight: ctx.height };
  state.accesses.set(ctx, [datanetId, holder], access);
  ctx.emit("data_accessed", [
    ["datanet_id", datanetId.toString()],
    ["holder", access.holder],
    ["units", units.toString()],
    ["total", access.units],
  ]);
  return access;
}

function emitGrant(ctx: Write, event: string, datanetId: bigint, grantee: string, keyVersion: number): void {
  ctx.emit(event, [
    ["datanet_id", datanetId.toString()],
    ["grantee", grantee],
    ["key_version", keyVersion.toString()],
  ]);
}
