/**
 * What data earns beside models' answers: uses in the other coin, training and access, validators' scores, claims of a
 * version's records. Owns the choice; models' uses in the fee's coin are attribution.ts.
 */
import { UseKind } from "../../../proto/enums.gen.ts";
import { accountOf } from "../../support/chain-harness.ts";
import { sha256 } from "../../support/native-world.ts";
import type { Operation } from "../operation.ts";
import { type AppWorld, DENOM, OTHER_DENOM } from "../world.ts";
import { datanets } from "./native.ts";

const MOST_CLAIMS = 8;

/** Whether a pool that takes swaps holds both coins, so that a fee can be bought. */
function hasRoute(world: AppWorld): boolean {
  const { pools } = world.chain.query(
    "/tributary.tokenpool.v1.Query/Pools",
    ["tributary.tokenpool.v1.QueryPoolsRequest", {}],
    "tributary.tokenpool.v1.QueryPoolsResponse",
  );
  return pools.some(
    ({ denom0, denom1, batched, reserve0 }) =>
      denom0 === DENOM && denom1 === OTHER_DENOM && !batched && BigInt(reserve0) > 1_000_000n,
  );
}

/** A datanet with records that names a price, and who owns it. */
function pricedDatanet(world: AppWorld) {
  const priced = datanets(world).filter(
    ({ accessPrice, recordCount }) => accessPrice !== undefined && recordCount > 0n,
  );
  return priced.length === 0 ? undefined : world.random.pick(priced);
}

/** A version that has earned, of which some record is. */
function lineagePool(world: AppWorld) {
  const filled = datanets(world).filter(({ recordCount }) => recordCount > 0n);
  if (filled.length === 0) return undefined;
  const { id: datanetId } = world.random.pick(filled);
  const { earnings } = world.chain.query(
    "/tributary.attribution.v1.Query/LineagePools",
    ["tributary.attribution.v1.QueryLineagePoolsRequest", { datanetId, number: 1n }],
    "tributary.attribution.v1.QueryLineagePoolsResponse",
  );
  return earnings.length === 0 ? undefined : world.random.pick(earnings).pool;
}

export const economyOperations: readonly Operation[] = [
  {
    name: "attribution.OpenUse in another coin",
    weight: 2,
    plan: (world) => {
      const { models } = world.chain.query(
        "/tributary.model.v1.Query/Models",
        ["tributary.model.v1.QueryModelsRequest", {}],
        "tributary.model.v1.QueryModelsResponse",
      );
      const from = world.someone();
      const most = world.spendable(from, OTHER_DENOM) / 2n;
      if (models.length === 0 || most < 1_000_000n || !hasRoute(world)) return undefined;
      const value = {
        user: world.address(from),
        modelId: world.random.pick(models).id,
        promptHash: sha256(new TextEncoder().encode(`prompt ${world.chain.height}`)),
        maxFee: { denom: OTHER_DENOM, amount: most.toString() },
        receiptKey: accountOf(from).publicKey,
      };
      return { from, message: ["tributary.attribution.v1.MsgOpenUse", value] };
    },
  },
  {
    name: "attribution.OpenUse of a datanet",
    weight: 2,
    plan: (world) => {
      const datanet = pricedDatanet(world);
      const from = world.someone();
      if (datanet === undefined) return undefined;
      const maxUnits = BigInt(1 + world.random.below(3));
      const price = datanet.accessPrice!;
      const value = {
        user: world.address(from),
        kind: world.random.pick([UseKind.USE_KIND_TRAINING, UseKind.USE_KIND_ACCESS]),
        datanetId: datanet.id,
        maxUnits,
        maxFee: { denom: price.denom, amount: (BigInt(price.amount) * maxUnits).toString() },
      };
      return { from, message: ["tributary.attribution.v1.MsgOpenUse", value] };
    },
  },
  {
    name: "datanet.UpdateDatanet with validators",
    weight: 1,
    plan: (world) => {
      const all = datanets(world);
      const datanet = all.length === 0 ? undefined : world.random.pick(all);
      const from = datanet && world.nameOf(datanet.owner);
      if (datanet === undefined || from === undefined) return undefined;
      const [first, second] = [
        world.address(world.random.pick(world.people)),
        world.address(world.random.pick(world.people)),
      ];
      const validators = first === second ? [first] : [first, second];
      const value = { owner: datanet.owner, datanetId: datanet.id, validators, accessPrice: world.coin(5000n) };
      return { from, message: ["tributary.datanet.v1.MsgUpdateDatanet", value] };
    },
  },
  {
    name: "datanet.ScoreRecord",
    weight: 3,
    plan: (world) => {
      const scored = datanets(world).filter(({ validators, recordCount }) => validators.length > 0 && recordCount > 0n);
      const datanet = scored.length === 0 ? undefined : world.random.pick(scored);
      const validator = datanet && world.random.pick(datanet.validators);
      const from = validator === undefined ? undefined : world.nameOf(validator);
      if (datanet === undefined || validator === undefined || from === undefined) return undefined;
      const number = 1n + BigInt(world.random.below(Number(datanet.recordCount)));
      const counts = {
        requiredCells: 4,
        presentCells: world.random.below(5),
        auditedItems: 10,
        correctItems: world.random.below(11),
      };
      return {
        from,
        message: ["tributary.datanet.v1.MsgScoreRecord", { validator, datanetId: datanet.id, number, ...counts }],
      };
    },
  },
  {
    name: "attribution.ClaimLineage",
    weight: 3,
    plan: (world) => {
      const pool = lineagePool(world);
      const from = world.someone();
      if (pool === undefined) return undefined;
      const numbers = Array.from(
        { length: 1 + world.random.below(MOST_CLAIMS) },
        () => 1n + BigInt(world.random.below(Number(pool.recordCount))),
      );
      const { datanetId, recordCount } = pool;
      const value = { sender: world.address(from), datanetId, recordCount, numbers };
      return { from, message: ["tributary.attribution.v1.MsgClaimLineage", value] };
    },
  },
];
