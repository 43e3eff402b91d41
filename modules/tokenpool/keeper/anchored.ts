/**
 * Owns creator tokens: denominations that anyone can make and give back at a rate in the anchor's denomination, with the
 * whole of what is out in the vault. Who makes units pays the rate rounded up, who gives them back gets it rounded down. A
 * rate is fixed, or can only rise when its creator pays the difference for all units that are out.
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import { type Coin, formatCoin } from "../../../chain/types/coin.ts";
import { errors } from "../errors.ts";
import { type TokenpoolKeeper, VAULT } from "../keeper.ts";
import { MAX_RATE, MAX_TOKEN_SUPPLY, RATE_UNITS, TOKEN_NAME } from "../limits.ts";
import { type CreatorToken, state } from "../state.ts";

/** What units cost, rounded up. */
export function costOf(units: bigint, rate: bigint): bigint {
  return (units * rate + RATE_UNITS - 1n) / RATE_UNITS;
}

/** What units are worth, rounded down. */
export function worthOf(units: bigint, rate: bigint): bigint {
  return (units * rate) / RATE_UNITS;
}

/** Throws tokenpool/18 when there is no such token. */
export function tokenOf(ctx: Read, denom: string): CreatorToken {
  const token = state.tokens.get(ctx, denom);
  if (token === undefined) throw errors.tokenNotFound.because(JSON.stringify(denom));
  return token;
}

/** Makes a token of which there is nothing yet. Gives its denomination. */
export function createToken(
  ctx: Write,
  creator: string,
  { name, rate, rateFixed }: { readonly name: string; readonly rate: bigint; readonly rateFixed: boolean },
): string {
  if (!TOKEN_NAME.test(name)) throw errors.invalidToken.because(`the name ${JSON.stringify(name)}`);
  if (rate > MAX_RATE) throw errors.invalidToken.because(`a rate above ${MAX_RATE}`);
  const denom = `creator/${creator}/${name}`;
  if (state.tokens.has(ctx, denom)) throw errors.tokenTaken.because(denom);
  state.tokens.set(ctx, denom, { denom, creator, rate: rate.toString(), rateFixed, supply: "0", reserve: "0" });
  ctx.emit("token_created", [
    ["denom", denom],
    ["creator", creator],
    ["rate", rate.toString()],
    ["rate_fixed", rateFixed.toString()],
  ]);
  return denom;
}

/** Makes units for what they cost, at most `maxCost`. Gives what was paid. */
export function mintAnchored(
  keeper: TokenpoolKeeper,
  ctx: Write,
  buyer: Uint8Array,
  amount: Coin,
  maxCost: Coin,
): Coin {
  const token = tokenOf(ctx, amount.denom);
  const supply = BigInt(token.supply) + amount.amount;
  if (supply > MAX_TOKEN_SUPPLY) throw errors.invalidToken.because(`more than ${MAX_TOKEN_SUPPLY} units`);
  const cost = { denom: anchorOf(keeper, ctx, maxCost), amount: costOf(amount.amount, BigInt(token.rate)) };
  if (cost.amount > maxCost.amount) {
    throw errors.priceMoved.because(`${formatCoin(cost)}, at most ${formatCoin(maxCost)} wanted`);
  }
  const reserve = (BigInt(token.reserve) + cost.amount).toString();
  state.tokens.set(ctx, token.denom, { ...token, supply: supply.toString(), reserve });
  keeper.uses.bank.sendToModule(ctx, buyer, VAULT, [cost]);
  keeper.uses.bank.mint(ctx, VAULT, [amount]);
  keeper.uses.bank.sendFromModule(ctx, VAULT, buyer, [amount]);
  tell(ctx, "anchored_mint", buyer, amount, cost);
  return cost;
}

/** Takes units back for what they are worth. Gives what was paid. Throws tokenpool/6 when that is nothing. */
export function redeem(keeper: TokenpoolKeeper, ctx: Write, holder: Uint8Array, amount: Coin): Coin {
  const token = tokenOf(ctx, amount.denom);
  const received = { denom: keeper.params(ctx).anchorDenom, amount: worthOf(amount.amount, BigInt(token.rate)) };
  if (received.amount === 0n) throw errors.tooLittleLiquidity.because(`${formatCoin(amount)} is worth nothing`);
  // Moved first: more than the holder has is refused there, before a supply could fall below zero.
  keeper.uses.bank.sendToModule(ctx, holder, VAULT, [amount]);
  keeper.uses.bank.burn(ctx, VAULT, [amount]);
  const supply = (BigInt(token.supply) - amount.amount).toString();
  const reserve = (BigInt(token.reserve) - received.amount).toString();
  state.tokens.set(ctx, token.denom, { ...token, supply, reserve });
  keeper.uses.bank.sendFromModule(ctx, VAULT, holder, [received]);
  tell(ctx, "anchored_redeem", holder, amount, received);
  return received;
}

/** Raises a rate; the creator pays what the reserve needs then, at most `maxAdded`. Gives what was paid. */
export function raiseRate(
  keeper: TokenpoolKeeper,
  ctx: Write,
  creator: Uint8Array,
  { denom, rate, maxAdded }: { readonly denom: string; readonly rate: bigint; readonly maxAdded: Coin },
): Coin {
  const token = tokenOf(ctx, denom);
  if (token.creator !== ctx.addresses.account(creator)) throw errors.notCreator.because(denom);
  if (token.rateFixed) throw errors.rateFixed.because(`the rate of ${denom} is fixed`);
  if (rate <= BigInt(token.rate) || rate > MAX_RATE) {
    throw errors.rateFixed.because(`from ${token.rate} to ${rate}: it only rises, to ${MAX_RATE} at most`);
  }
  const missing = costOf(BigInt(token.supply), rate) - BigInt(token.reserve);
  const added = { denom: anchorOf(keeper, ctx, maxAdded), amount: missing > 0n ? missing : 0n };
  if (added.amount > maxAdded.amount) {
    throw errors.priceMoved.because(`${formatCoin(added)}, at most ${formatCoin(maxAdded)} wanted`);
  }
  const reserve = (BigInt(token.reserve) + added.amount).toString();
  state.tokens.set(ctx, denom, { ...token, rate: rate.toString(), reserve });
  if (added.amount > 0n) keeper.uses.bank.sendToModule(ctx, creator, VAULT, [added]);
  ctx.emit("rate_raised", [
    ["denom", denom],
    ["rate", rate.toString()],
    ["added", formatCoin(added)],
  ]);
  return added;
}

/** The anchor's denomination, if the limit is in it. Throws tokenpool/5. */
function anchorOf(keeper: TokenpoolKeeper, ctx: Read, limit: Coin): string {
  const { anchorDenom } = keeper.params(ctx);
  if (limit.denom !== anchorDenom)
    throw errors.wrongDenom.because(`the limit is in ${limit.denom}, not ${anchorDenom}`);
  return anchorDenom;
}

function tell(ctx: Write, type: string, account: Uint8Array, amount: Coin, anchor: Coin): void {
  ctx.emit(type, [
    ["account", ctx.addresses.account(account)],
    ["amount", formatCoin(amount)],
    ["anchor", formatCoin(anchor)],
  ]);
}
