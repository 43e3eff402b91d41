/**
 * Random sequences of everything that is done with models, several in a block, revenue and offences among them: the accounts hold what is owed, to
 * the unit, and every coin that is gone was burned. At least half of each kind of operation must succeed, or the sequences show little.
 */
import { expect, test } from "vitest";
import { defaultParams } from "../../../modules/model/params.ts";
import { decode } from "../../../proto/codec.ts";
import { MilestoneStatus, ModelStatus } from "../../../proto/enums.gen.ts";
import { type JsonValue, toJson } from "../../../proto/json.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { Random } from "../../sim/random.ts";
import { accountOf, type MessageToSend } from "../../support/chain-harness.ts";
import { burnedIn, supplyOf } from "../../support/coin-count.ts";
import { coin } from "../../support/market-world.ts";
import { ModelWorld } from "../../support/model-world.ts";
import { sha256 } from "../../support/native-world.ts";

const PEOPLE = ["owner", "host", "user", "other", "ann"] as const;
const BLOCKS = process.env.TRIBUTARY_FULL === "1" ? 3000 : 130;
/** Models of the beginning, which are never retired. */
const LASTING = 6n;
const MOST_MODELS = 12;
/** Tries from which half of each kind succeed whatever the seed. */
const ENOUGH = 4;
const PARAMS = { ...defaultParams, creatorLockSeconds: 200_000n };

type Model = Messages["tributary.model.v1.Model"];

class Life {
  readonly world = new ModelWorld({
    appState: { model: { params: toJson("tributary.model.v1.Params", PARAMS) as JsonValue } },
  });
  readonly random: Random;
  readonly tried = new Map<string, { tries: number; successes: number }>();
  /** Who offers slots for which model, and which adapters are mounted where. */
  readonly offers = new Set<string>();
  readonly mounts = new Set<string>();
  burned = 0n;

  constructor(seed: number) {
    this.random = new Random(seed);
    const { world } = this;
    for (const backersPpm of [250_000, 1_000_000]) world.ok("owner", world.model({ backersPpm }));
    // Model 4 is a base that all may host, 5 and 6 adapters on it.
    world.ok("owner", world.model({ openHosting: true, price: coin(900n, "uopen") }));
    const adapter = { baseModelId: 4n, adapter: true, openHosting: true, price: coin(30n, "uopen") };
    for (const name of ["ann", "owner"]) world.ok(name, world.model(adapter, name));
    const curves = [
      { kind: 1, base: "900000000000", slope: "30000000", blockBuyCap: "100000" },
      { kind: 2, virtualReserve: "300000", virtualShares: "1000000", saleShares: "900000", blockBuyCap: "400000" },
    ];
    for (const [i, curve] of curves.entries()) {
      const fields = { owner: world.address("owner"), modelId: BigInt(i + 1), ...curve };
      world.ok("owner", ["tributary.model.v1.MsgOpenCurve", fields] as MessageToSend);
    }
  }

  count(kind: string, success: boolean): void {
    const count = this.tried.get(kind) ?? { tries: 0, successes: 0 };
    count.tries += 1;
    if (success) count.successes += 1;
    this.tried.set(kind, count);
  }

  /** Models that are not retired. */
  models(fits: (model: Model) => boolean = () => true): readonly Model[] {
    const request = ["tributary.model.v1.QueryModelsRequest", { pagination: { limit: 100n } }] as const;
    const { models } = this.world.chain.query(
      "/tributary.model.v1.Query/Models",
      request,
      "tributary.model.v1.QueryModelsResponse",
    );
    return models.filter((model) => model.status === ModelStatus.MODEL_STATUS_ACTIVE && fits(model));
  }

  some<Item>(items: readonly Item[]): Item | undefined {
    return items.length === 0 ? undefined : this.random.pick(items);
  }

  /** A part of an amount; now and then more than there is. */
  part(most: bigint): bigint {
    if (this.random.chance(0.04)) return most + 1n;
    const part = (most * BigInt(1 + this.random.below(1_000_000))) / 1_000_000n;
    return part > 0n ? part : 1n;
  }

  curve(modelId: bigint): Messages["tributary.model.v1.Curve"] | undefined {
    try {
      return this.world.curve(modelId);
    } catch {
      return undefined;
    }
  }

  block(): void {
    const { world, random } = this;
    if (random.chance(0.1)) this.earn();
    if (random.chance(0.1)) this.offend();
    const kinds = Object.keys(plans);
    const made = PEOPLE.flatMap((name) => {
      const kind = random.pick(kinds);
      const plan = random.chance(0.7) ? plans[kind]!(this, name) : undefined;
      return plan === undefined
        ? []
        : [{ kind, ...plan, tx: world.chain.sign(name, plan.message, { gas: 2_000_000n }) }];
    });
    const seconds = random.chance(0.1) ? 300_000n : random.chance(0.4) ? 3600n : 5n;
    const txs = made.map(({ tx }) => tx);
    const results = world.chain.block(txs, { nanoseconds: seconds * 1_000_000_000n });
    for (const [i, { kind, done }] of made.entries()) {
      const isSuccess = results[i]!.code === 0;
      this.count(kind, isSuccess);
      if (isSuccess) done?.();
    }
    this.burned += burnedIn(world.chain);
    this.check();
  }

  earn(): void {
    this.world.earn(this.random.pick([1n, 2n, 3n]), BigInt(1 + this.random.below(1_000_000)));
    this.count("earn", true);
  }

  /** An offence that attribution proves, or one that governance punishes. */
  offend(): void {
    const before = supplyOf(this.world.chain);
    const operator = this.random.pick(["owner", "host", "ann"]);
    const modelId = this.random.pick([0n, ...this.models().map(({ id }) => id)]);
    const offence = 1 + this.random.below(4);
    const informer = this.random.chance(0.5) ? this.world.address("other") : "";
    if (this.random.chance(0.5)) this.world.slashed(operator, modelId, offence, informer);
    else {
      const bytes = informer === "" ? undefined : this.world.chain.addresses.parseAccount(informer);
      this.world.punish(operator, { modelId, offence, informer: bytes });
    }
    this.burned += before - supplyOf(this.world.chain);
    this.count("slash", true);
  }

  /** The two accounts hold what is owed, and not a unit more: nothing is given to them here. */
  check(): void {
    const { world } = this;
    world.chain.checkInvariants();
    const exported = world.chain.application.exportGenesis() as unknown as {
      model: {
        operators: { bond: string; leaving: string }[];
        backings: { tokens: string; leaving_tokens: string; to_backers: string; claimed: string }[];
        curves: { reserve: string; escrow: string }[];
      };
    };
    const { operators, backings, curves } = exported.model;
    const sum = (amounts: readonly string[]): bigint => amounts.reduce((total, one) => total + BigInt(one), 0n);
    const bonds = sum(operators.flatMap(({ bond, leaving }) => [bond, leaving]));
    const backing = sum(
      backings.flatMap(({ tokens, leaving_tokens, to_backers }) => [tokens, leaving_tokens, to_backers]),
    );
    const owed = bonds + backing - sum(backings.map(({ claimed }) => claimed));
    expect(this.held("model")).toBe(owed);
    expect(this.held("model_curves")).toBe(sum(curves.flatMap(({ reserve, escrow }) => [reserve, escrow])));
    expect(supplyOf(world.chain)).toBe(5n * 10n ** 12n - this.burned);
  }

  held(name: string): bigint {
    const { account } = this.world.chain.query(
      "/cosmos.auth.v1beta1.Query/ModuleAccountByName",
      ["cosmos.auth.v1beta1.QueryModuleAccountByNameRequest", { name }],
      "cosmos.auth.v1beta1.QueryModuleAccountByNameResponse",
    );
    if (account === undefined) return 0n;
    const { baseAccount } = decode("cosmos.auth.v1beta1.ModuleAccount", account.value);
    return this.world.chain.balance(baseAccount!.address, "uopen");
  }
}

interface Plan {
  readonly message: MessageToSend;
  readonly done?: () => void;
}

type Planner = (life: Life, name: string) => Plan | undefined;

const money: Readonly<Record<string, Planner>> = {
  back: (life, name) => {
    const model = life.some(life.models());
    return model && { message: life.world.back(name, model.id, life.part(1_000_000n)) };
  },
  unback: (life, name) => {
    const model = life.some(life.models());
    if (model === undefined) return undefined;
    const { activeShares, pendingShares } = life.world.position(model.id, name).position;
    const shares = BigInt(activeShares) + BigInt(pendingShares);
    return shares < 10n ? undefined : { message: life.world.unback(name, model.id, life.part(shares)) };
  },
  claim: (life, name) => {
    const owed = [1n, 2n, 3n].filter((id) => life.world.position(id, name).claimable.amount !== "0");
    const modelId = life.some(owed);
    return modelId === undefined ? undefined : { message: life.world.claim(name, modelId) };
  },
  bond: (life, name) => ({ message: life.world.bond(name, life.part(1_000_000n)) }),
  unbond: (life, name) => {
    const { operator, withdrawals } = life.world.operator(name);
    if (operator.bond === "0" || withdrawals.length >= 8) return undefined;
    const value = { operator: operator.operator, amount: coin(life.part(BigInt(operator.bond)), "uopen") };
    return { message: ["tributary.model.v1.MsgUnbondOperator", value] };
  },
};

const shares: Readonly<Record<string, Planner>> = {
  openCurve: (life, name) => {
    const owner = life.world.address(name);
    const model = life.some(life.models(({ id, owner: of }) => of === owner && life.curve(id) === undefined));
    if (model === undefined) return undefined;
    const curve = { kind: 1 as const, base: "900000000000", slope: "30000000", blockBuyCap: "100000" };
    return { message: ["tributary.model.v1.MsgOpenCurve", { owner, modelId: model.id, ...curve }] };
  },
  buy: (life, name) => {
    const model = life.some(life.models(({ id }) => life.curve(id)?.poolId === 0n));
    return model && { message: life.world.buy(name, model.id, life.part(20_000n)) };
  },
  sell: (life, name) => {
    const held = (id: bigint) => life.world.chain.balance(name, `model/${id}`);
    const model = life.some(life.models(({ id }) => held(id) >= 10n && life.curve(id)?.poolId === 0n));
    return model && { message: life.world.sell(name, model.id, life.part(held(model.id))) };
  },
  unlock: (life, name) => {
    const [owner, now] = [life.world.address(name), life.world.chain.time.seconds];
    const model = life.some(
      life.models(({ id, owner: of }) => {
        const curve = of === owner ? life.curve(id) : undefined;
        return curve !== undefined && curve.creatorLocked !== "0" && curve.creatorUnlocksAt <= now;
      }),
    );
    return model && { message: ["tributary.model.v1.MsgUnlockShares", { owner, modelId: model.id }] };
  },
  propose: (life, name) => {
    const owner = life.world.address(name);
    const fits = ({ id, owner: of }: Model) =>
      of === owner && (life.curve(id)?.escrow ?? "0") !== "0" && openMilestone(life, id) === undefined;
    const model = life.some(life.models(fits));
    if (model === undefined) return undefined;
    const amount = coin(life.part(BigInt(life.curve(model.id)!.escrow)), "uopen");
    const claim = { modelId: model.id, amount, evidenceHash: new Uint8Array(32), note: "" };
    return { message: ["tributary.model.v1.MsgProposeMilestone", { owner, ...claim }] };
  },
  veto: (life, name) => {
    const model = life.some(life.models(({ id }) => openMilestone(life, id) !== undefined));
    const open = model && openMilestone(life, model.id);
    if (model === undefined || open === undefined) return undefined;
    const { activeShares, vetoed } = life.world.position(model.id, name).position;
    if (activeShares === "0" || vetoed >= open.number) return undefined;
    const value = { backer: life.world.address(name), modelId: model.id, number: open.number };
    return { message: ["tributary.model.v1.MsgVetoMilestone", value] };
  },
};

function openMilestone({ world }: Life, modelId: bigint): Messages["tributary.model.v1.Milestone"] | undefined {
  const { milestones } = world.chain.query(
    "/tributary.model.v1.Query/Milestones",
    ["tributary.model.v1.QueryMilestonesRequest", { modelId, pagination: { limit: 1n, reverse: true } }],
    "tributary.model.v1.QueryMilestonesResponse",
  );
  const [last] = milestones;
  return last?.status === MilestoneStatus.MILESTONE_STATUS_OPEN ? last : undefined;
}

const registry: Readonly<Record<string, Planner>> = {
  register: (life, name) => {
    if (life.models().length >= MOST_MODELS) return undefined;
    return { message: life.world.model({ backersPpm: 500_000 }, name) };
  },
  addVersion: (life, name) => {
    const owner = life.world.address(name);
    const model = life.some(life.models((one) => one.owner === owner));
    if (model === undefined) return undefined;
    const weightsHash = sha256(new TextEncoder().encode(`version ${life.world.chain.height} of ${model.id}`));
    const signed = {
      pubKey: accountOf(name).publicKey,
      signature: life.world.signWeights(name, model.name, weightsHash),
    };
    const value = { owner, modelId: model.id, weightsHash, lineage: model.lineage, parents: model.parents, ...signed };
    return { message: ["tributary.model.v1.MsgAddVersion", value] };
  },
  updateHosting: (life, name) => {
    const owner = life.world.address(name);
    const model = life.some(life.models((one) => one.owner === owner));
    const price = coin(BigInt(1 + life.random.below(1000)), "uopen");
    const host = life.world.address(life.random.pick([...PEOPLE]));
    return model && { message: ["tributary.model.v1.MsgUpdateHosting", { owner, modelId: model.id, host, price }] };
  },
  updateTerms: (life, name) => {
    const owner = life.world.address(name);
    const model = life.some(life.models((one) => one.owner === owner));
    if (model === undefined) return undefined;
    const terms = { royaltyPpm: 10, backersPpm: model.backersPpm, openHosting: true };
    return { message: ["tributary.model.v1.MsgUpdateTerms", { owner, modelId: model.id, ...terms }] };
  },
  retire: (life, name) => {
    const owner = life.world.address(name);
    const model = life.some(life.models((one) => one.owner === owner && one.id > LASTING));
    return model && { message: ["tributary.model.v1.MsgRetire", { owner, modelId: model.id }] };
  },
};

const serving: Readonly<Record<string, Planner>> = {
  offer: (life, name) => {
    const terms = { modelId: 4n, slots: 2, price: coin(500n, "uopen"), endpoint: "" };
    const message: MessageToSend = ["tributary.model.v1.MsgOfferSlots", { host: life.world.address(name), ...terms }];
    return { message, done: () => void life.offers.add(name) };
  },
  withdrawOffer: (life, name) => {
    const isUsed = [...life.mounts].some((at) => at.startsWith(`${name} `));
    if (!life.offers.has(name) || isUsed) return undefined;
    const value = { host: life.world.address(name), modelId: 4n };
    const done = () => void life.offers.delete(name);
    return { message: ["tributary.model.v1.MsgWithdrawOffer", value], done };
  },
  mount: (life, name) => {
    const free = life.offers.has(name) ? [5n, 6n].filter((id) => !life.mounts.has(`${name} ${id}`)) : [];
    const adapterId = life.some(free);
    if (adapterId === undefined) return undefined;
    const value = { host: life.world.address(name), adapterId };
    const done = () => void life.mounts.add(`${name} ${adapterId}`);
    return { message: ["tributary.model.v1.MsgMountAdapter", value], done };
  },
  unmount: (life, name) => {
    const adapterId = life.some([5n, 6n].filter((id) => life.mounts.has(`${name} ${id}`)));
    if (adapterId === undefined) return undefined;
    const value = { host: life.world.address(name), adapterId };
    const done = () => void life.mounts.delete(`${name} ${adapterId}`);
    return { message: ["tributary.model.v1.MsgUnmountAdapter", value], done };
  },
};

const plans: Readonly<Record<string, Planner>> = { ...money, ...shares, ...registry, ...serving };

test("no sequence of operations makes or loses a coin but by a penalty", { timeout: 3_600_000 }, () => {
  const life = new Life(1);
  for (let block = 0; block < BLOCKS; block++) life.block();
  expect([...life.tried.keys()].sort()).toEqual(["earn", "slash", ...Object.keys(plans)].sort());
  for (const [kind, { tries, successes }] of life.tried) {
    const isHalf = tries < ENOUGH || successes * 2 >= tries;
    expect({ kind, isHalf, tries, successes }).toEqual({ kind, isHalf: true, tries, successes });
  }
});
