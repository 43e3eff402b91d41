/**
 * Owns who serves a model and for how much. A host offers a base model with slots; adapters that run on it are mounted in
 * them, so one loaded base serves many models; a use of an adapter costs the host's price of the base and the adapter's
 * fee. A model's own host needs no offer. Hosts are listed by what they would lose, not by what they earned.
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import { type Coin, coinFromMessage, formatCoin } from "../../../chain/types/coin.ts";
import { utf8Length } from "../../../proto/bytes.ts";
import { Offence } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { errors } from "../errors.ts";
import type { ModelKeeper } from "../keeper.ts";
import { MAX_ENDPOINT_BYTES, MAX_HOSTS_ROUTED, MAX_HOSTS_VISITED, MAX_OFFERS_PER_HOST, MAX_SLOTS } from "../limits.ts";
import { penaltyOf } from "../params.ts";
import { type Model, type Offer, state } from "../state.ts";
import { heldStake } from "./backing.ts";
import { bondWeight, operatorOf, setOperator } from "./operators.ts";

/** What a use of a model costs at a host, and of what that is made. */
export interface Serving {
  readonly host: string;
  readonly price: Coin;
  /** The part of the price that is the adapter's fee; zero for a model that is none. */
  readonly adapterFee: Coin;
}

type ServingHost = Messages["tributary.model.v1.ServingHost"];

/** Offers a base model, or changes the offer. */
export function offerSlots(
  keeper: ModelKeeper,
  ctx: Write,
  host: Uint8Array,
  terms: Pick<Offer, "host" | "modelId" | "slots" | "price" | "endpoint">,
): void {
  const model = keeper.activeModel(ctx, terms.modelId);
  if (model.adapter) throw errors.invalidOffer.because(`model ${model.id} is an adapter: it is mounted, not offered`);
  if (!model.openHosting && terms.host !== model.owner && terms.host !== model.host) {
    throw errors.invalidOffer.because(`model ${model.id} is served by whom its owner names`);
  }
  if (terms.slots > MAX_SLOTS) throw errors.invalidOffer.because(`${terms.slots} slots, at most ${MAX_SLOTS}`);
  if (utf8Length(terms.endpoint) > MAX_ENDPOINT_BYTES) {
    throw errors.invalidOffer.because(`an endpoint over ${MAX_ENDPOINT_BYTES} bytes`);
  }
  const at = [host, model.id] as const;
  const before = state.offers.get(ctx, at);
  const operator = operatorOf(ctx, host);
  const used = before?.used ?? 0;
  if (terms.slots < used) throw errors.noFreeSlot.because(`${used} slots are in use`);
  if (before !== undefined && used > 0 && before.price.denom !== terms.price.denom) {
    throw errors.invalidOffer.because(`the mounted adapters' fees are in ${before.price.denom}`);
  }
  if (before === undefined) {
    if (operator.offers >= MAX_OFFERS_PER_HOST) throw errors.tooMany.because(`${operator.offers} offers`);
    setOperator(ctx, host, { ...operator, offers: operator.offers + 1 });
  }
  state.offers.set(ctx, at, { ...terms, used, weight: bondWeight(operator) });
  ctx.emit("slots_offered", [
    ["host", terms.host],
    ["model_id", model.id.toString()],
    ["slots", terms.slots.toString()],
    ["price", formatCoin(coinFromMessage(terms.price))],
  ]);
}

/** Ends an offer. Throws model/11, or model/12 while adapters are mounted. */
export function withdrawOffer(ctx: Write, host: Uint8Array, modelId: bigint): void {
  const offer = offerOf(ctx, host, modelId);
  if (offer.used > 0) throw errors.noFreeSlot.because(`${offer.used} adapters are mounted`);
  state.offers.delete(ctx, [host, modelId]);
  const operator = operatorOf(ctx, host);
  setOperator(ctx, host, { ...operator, offers: operator.offers - 1 });
  ctx.emit("offer_withdrawn", [
    ["host", offer.host],
    ["model_id", modelId.toString()],
  ]);
}

/** Puts an adapter into a slot of its base model. Gives what a use of it costs there. */
export function mount(keeper: ModelKeeper, ctx: Write, host: Uint8Array, adapterId: bigint): Coin {
  const adapter = keeper.activeModel(ctx, adapterId);
  if (!adapter.adapter) throw errors.invalidOffer.because(`model ${adapterId} is no adapter`);
  const offer = offerOf(ctx, host, adapter.baseModelId);
  if (!adapter.openHosting && offer.host !== adapter.owner && offer.host !== adapter.host) {
    throw errors.invalidOffer.because(`model ${adapterId} is served by whom its owner names`);
  }
  if (state.mounts.has(ctx, [host, adapterId])) throw errors.invalidOffer.because(`model ${adapterId} is mounted`);
  if (offer.used >= offer.slots) throw errors.noFreeSlot.because(`${offer.slots} of ${offer.host}`);
  const { price } = adapterPrice(adapter, offer);
  state.mounts.set(ctx, [host, adapterId], { host: offer.host, adapterId, modelId: offer.modelId });
  state.offers.set(ctx, [host, offer.modelId], { ...offer, used: offer.used + 1 });
  ctx.emit("adapter_mounted", mountAttributes(offer.host, adapterId));
  return price;
}

/** Frees the slot. Throws model/13. */
export function unmount(ctx: Write, host: Uint8Array, adapterId: bigint): void {
  const mounted = state.mounts.get(ctx, [host, adapterId]);
  if (mounted === undefined) throw errors.notMounted.because(`model ${adapterId}`);
  state.mounts.delete(ctx, [host, adapterId]);
  const offer = offerOf(ctx, host, mounted.modelId);
  state.offers.set(ctx, [host, mounted.modelId], { ...offer, used: offer.used - 1 });
  ctx.emit("adapter_unmounted", mountAttributes(mounted.host, adapterId));
}

/**
 * What a use of a model costs at a host; undefined for the model's own host, which has its own price when it has made no
 * offer. Throws model/2, model/8, and model/11 or model/13 for a host that does not serve it.
 */
export function servingAt(keeper: ModelKeeper, ctx: Read, modelId: bigint, host: string | undefined): Serving {
  const model = keeper.activeModel(ctx, modelId);
  const name = host ?? model.host;
  const offered = offeredBy(ctx, model, ctx.addresses.parseAccount(name));
  if (offered !== undefined) return offered;
  if (name !== model.host) throw errors.offerNotFound.because(`${name}, model ${modelId}`);
  const price = coinFromMessage(model.price);
  const none = { denom: price.denom, amount: 0n };
  return { host: name, price, adapterFee: model.adapter ? price : none };
}

/**
 * Where a use goes that names no host: to whom a false batch would cost most, of those whose price `admits`. The bond
 * answers for every host, the model's backing and escrow for its owner and its own host as well; each counts at the rate it would
 * be taken at, halved for every offence. The model's own host has it of equals, and if nobody's price is admitted.
 */
export function routeOf(keeper: ModelKeeper, ctx: Read, modelId: bigint, admits: (price: Coin) => boolean): Serving {
  const model = keeper.activeModel(ctx, modelId);
  const own = servingAt(keeper, ctx, modelId, undefined);
  const penalty = penaltyOf(keeper.params(ctx), Offence.OFFENCE_FALSE_BATCH);
  const shared = heldStake(keeper, ctx, modelId) * penalty.backing;
  let best = own;
  let most = -1n;
  const consider = (serving: Serving | undefined, bond: bigint): void => {
    if (serving === undefined || !admits(serving.price)) return;
    const answersWithBacking = serving.host === model.owner || serving.host === model.host;
    const standing = bond * penalty.operator + (answersWithBacking ? shared : 0n);
    if (standing <= most) return;
    [best, most] = [serving, standing];
  };
  consider(own, bondWeight(operatorOf(ctx, ctx.addresses.parseAccount(own.host))));
  const owner = ctx.addresses.parseAccount(model.owner);
  consider(offeredBy(ctx, model, owner), bondWeight(operatorOf(ctx, owner)));
  for (const { address, weight } of offersByBond(ctx, model, MAX_HOSTS_ROUTED)) {
    // Whoever follows has no heavier a bond, and nothing beside it.
    if (weight * penalty.operator <= most) break;
    consider(offeredBy(ctx, model, address), weight);
  }
  return best;
}

/** Who offers a model, or an adapter's base, the heaviest bond first. */
function* offersByBond(
  ctx: Read,
  model: Model,
  limit: number,
): Generator<{ readonly address: Uint8Array; readonly weight: bigint }> {
  const base = model.adapter ? model.baseModelId : model.id;
  const range = { start: [base, 0n] as const, end: [base + 1n, 0n] as const, limit };
  for (const [, [address]] of state.offers.by.rank.iterate(ctx, range)) {
    yield { address, weight: offerOf(ctx, address, base).weight };
  }
}

/** Who serves a model now, the heaviest bond first; the model's own host with its own price behind them if it made no offer. */
export function hostsOf(keeper: ModelKeeper, ctx: Read, modelId: bigint, limit: number): ServingHost[] {
  const model = keeper.model(ctx, modelId);
  const base = model.adapter ? model.baseModelId : model.id;
  const hosts: ServingHost[] = [];
  for (const { address } of offersByBond(ctx, model, MAX_HOSTS_VISITED)) {
    if (hosts.length >= limit) return hosts;
    const serving = offeredBy(ctx, model, address);
    if (serving === undefined) continue;
    const { weight, slots, used, endpoint } = offerOf(ctx, address, base);
    const price = { denom: serving.price.denom, amount: serving.price.amount.toString() };
    hosts.push({ host: serving.host, price, weight, freeSlots: slots - used, endpoint });
  }
  if (hosts.length < limit && !hosts.some(({ host }) => host === model.host)) {
    const weight = bondWeight(operatorOf(ctx, ctx.addresses.parseAccount(model.host)));
    hosts.push({ host: model.host, price: model.price, weight, freeSlots: 0, endpoint: "" });
  }
  return hosts;
}

/** What a host's offer makes of a use of the model; undefined when it made none. */
function offeredBy(ctx: Read, model: Model, host: Uint8Array): Serving | undefined {
  const offer = state.offers.get(ctx, [host, model.adapter ? model.baseModelId : model.id]);
  if (offer === undefined) return undefined;
  if (model.adapter) return state.mounts.has(ctx, [host, model.id]) ? adapterPrice(model, offer) : undefined;
  const price = coinFromMessage(offer.price);
  return { host: offer.host, price, adapterFee: { denom: price.denom, amount: 0n } };
}

/** The host's price of the base and the adapter's fee. Throws model/10 when they are in two denominations. */
function adapterPrice(adapter: Model, offer: Offer): Serving {
  const [base, fee] = [coinFromMessage(offer.price), coinFromMessage(adapter.price)];
  if (base.denom !== fee.denom) throw errors.invalidOffer.because(`prices in ${base.denom} and in ${fee.denom}`);
  return { host: offer.host, price: { denom: base.denom, amount: base.amount + fee.amount }, adapterFee: fee };
}

function offerOf(ctx: Read, host: Uint8Array, modelId: bigint): Offer {
  const offer = state.offers.get(ctx, [host, modelId]);
  if (offer === undefined) throw errors.offerNotFound.because(`${ctx.addresses.account(host)}, model ${modelId}`);
  return offer;
}

function mountAttributes(host: string, adapterId: bigint): readonly (readonly [string, string])[] {
  return [
    ["host", host],
    ["adapter_id", adapterId.toString()],
  ];
}
