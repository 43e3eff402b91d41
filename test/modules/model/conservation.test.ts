/**
 * Random sequences of everything that moves money on models, several in a block, revenue and offences among them: the accounts hold what is owed, to
 * the unit, and every coin that is gone was burned for an offence. At least half of each kind of operation must succeed, or the sequences show little.
 */
import { expect, test } from "vitest";
import { decode } from "../../../proto/codec.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { Random } from "../../sim/random.ts";
import type { MessageToSend } from "../../support/chain-harness.ts";
import { coin } from "../../support/market-world.ts";
import { ModelWorld } from "../../support/model-world.ts";

const PEOPLE = ["owner", "host", "user", "other", "ann"] as const;
const MODELS = [1n, 2n, 3n] as const;
const BLOCKS = process.env.TRIBUTARY_FULL === "1" ? 3000 : 70;

type Kind = "back" | "unback" | "claim" | "bond" | "unbond" | "buy" | "sell" | "propose" | "veto" | "earn" | "punish";

class Life {
  readonly world = new ModelWorld();
  readonly random: Random;
  readonly tried = new Map<string, { tries: number; successes: number }>();
  burned = 0n;

  constructor(seed: number) {
    this.random = new Random(seed);
    const { world } = this;
    for (const backersPpm of [250_000, 1_000_000]) world.ok("owner", world.model({ backersPpm }));
    const curves = [
      { kind: 1, base: "900000000000", slope: "30000000", blockBuyCap: "100000" },
      { kind: 2, virtualReserve: "300000", virtualShares: "1000000", saleShares: "900000", blockBuyCap: "400000" },
    ];
    for (const [i, curve] of curves.entries()) {
      const fields = { owner: world.address("owner"), modelId: BigInt(i + 1), ...curve };
      world.ok("owner", ["tributary.model.v1.MsgOpenCurve", fields] as MessageToSend);
    }
  }

  supply(): bigint {
    const request = ["cosmos.bank.v1beta1.QuerySupplyOfRequest", { denom: "uopen" }] as const;
    const answer = this.world.chain.query(
      "/cosmos.bank.v1beta1.Query/SupplyOf",
      request,
      "cosmos.bank.v1beta1.QuerySupplyOfResponse",
    );
    return BigInt(answer.amount.amount);
  }

  count(kind: Kind, success: boolean): void {
    const count = this.tried.get(kind) ?? { tries: 0, successes: 0 };
    count.tries += 1;
    if (success) count.successes += 1;
    this.tried.set(kind, count);
  }

  block(): void {
    const { world, random } = this;
    if (random.chance(0.1)) this.earn();
    if (random.chance(0.05)) this.punish();
    const plans = PEOPLE.flatMap((name) => {
      const kind = random.pick([
        "back",
        "unback",
        "claim",
        "bond",
        "unbond",
        "buy",
        "sell",
        "propose",
        "veto",
      ] as const);
      const message = random.chance(0.6) ? this.message(kind, name) : undefined;
      return message === undefined ? [] : [{ kind, tx: world.chain.sign(name, message, { gas: 1_000_000n }) }];
    });
    const seconds = random.chance(0.1) ? 300_000n : random.chance(0.4) ? 3600n : 5n;
    const results = world.chain.block(
      plans.map(({ tx }) => tx),
      { nanoseconds: seconds * 1_000_000_000n },
    );
    for (const [i, { kind }] of plans.entries()) this.count(kind, results[i]!.code === 0);
    this.check();
  }

  earn(): void {
    this.world.earn(this.random.pick([...MODELS]), BigInt(1 + this.random.below(1_000_000)));
    this.count("earn", true);
  }

  punish(): void {
    const before = this.supply();
    this.world.punish(this.random.pick(["owner", "host"]), {
      modelId: this.random.pick([0n, ...MODELS]),
      offence: 1 + this.random.below(4),
      informer: this.random.chance(0.5)
        ? this.world.chain.addresses.parseAccount(this.world.address("other"))
        : undefined,
    });
    this.burned += before - this.supply();
    this.count("punish", true);
  }

  message(kind: Kind, name: string): MessageToSend | undefined {
    const { world, random } = this;
    const modelId = random.pick([...MODELS]);
    const some = (most: bigint): bigint => {
      if (random.chance(0.04)) return most + 1n;
      const part = (most * BigInt(1 + random.below(1_000_000))) / 1_000_000n;
      return part > 0n ? part : 1n;
    };
    switch (kind) {
      case "back":
        return world.back(name, modelId, some(1_000_000n));
      case "unback": {
        const { activeShares, pendingShares } = world.position(modelId, name).position;
        const shares = BigInt(activeShares) + BigInt(pendingShares);
        return shares < 10n ? undefined : world.unback(name, modelId, some(shares));
      }
      case "claim":
        return world.position(modelId, name).claimable.amount === "0" ? undefined : world.claim(name, modelId);
      case "bond":
        return world.bond(name, some(1_000_000n));
      case "unbond": {
        const bond = BigInt(world.operator(name).operator.bond);
        const amount = coin(some(bond), "uopen");
        return bond === 0n
          ? undefined
          : ["tributary.model.v1.MsgUnbondOperator", { operator: world.address(name), amount }];
      }
      case "buy": {
        const on = random.pick([1n, 2n]);
        if (world.curve(on).poolId !== 0n && random.chance(0.9)) return undefined;
        return world.buy(name, on, some(20_000n));
      }
      case "sell": {
        const on = random.pick([1n, 2n]);
        const held = world.chain.balance(name, `model/${on}`);
        if (held < 10n || world.curve(on).poolId !== 0n) return undefined;
        return world.sell(name, on, some(held));
      }
      default:
        return this.milestoneMessage(kind, name);
    }
  }

  milestoneMessage(kind: Kind, name: string): MessageToSend | undefined {
    const { world } = this;
    const { milestones } = world.chain.query(
      "/tributary.model.v1.Query/Milestones",
      ["tributary.model.v1.QueryMilestonesRequest", { modelId: 1n, pagination: { limit: 1n, reverse: true } }],
      "tributary.model.v1.QueryMilestonesResponse",
    );
    const open = milestones.find(({ status }: Messages["tributary.model.v1.Milestone"]) => status === 0);
    const escrow = BigInt(world.curve(1n).escrow);
    if (kind === "propose") {
      if (open !== undefined || escrow === 0n) return undefined;
      const claim = { amount: coin(escrow, "uopen"), evidenceHash: new Uint8Array(32), note: "" };
      const owner = world.address("owner");
      return name === "owner"
        ? ["tributary.model.v1.MsgProposeMilestone", { owner, modelId: 1n, ...claim }]
        : undefined;
    }
    if (open === undefined || world.position(1n, name).position.activeShares === "0") return undefined;
    const backer = world.address(name);
    return ["tributary.model.v1.MsgVetoMilestone", { backer, modelId: 1n, number: open.number }];
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
    expect(this.supply()).toBe(5n * 10n ** 12n - this.burned);
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

test("no sequence of operations makes or loses a coin but by a penalty", { timeout: 3_600_000 }, () => {
  const life = new Life(1);
  for (let block = 0; block < BLOCKS; block++) life.block();
  expect(life.tried.size).toBe(11);
  for (const [kind, { tries, successes }] of life.tried) {
    expect({ kind, isHalf: successes * 2 >= tries, tries, successes }).toEqual({
      kind,
      isHalf: true,
      tries,
      successes,
    });
  }
});
