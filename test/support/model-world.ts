/** A chain with a datanet and a model, on which tests may also do what another module does: pay a model's backers, prove an offence. Owns test data only. */
import type { ApplicationModules } from "../../chain/app/application.ts";
import type { Write } from "../../chain/module/context.ts";
import type { ModuleWithKeeper } from "../../chain/module/define.ts";
import { moduleAddress } from "../../chain/types/address.ts";
import { createModules } from "../../modules/app.ts";
import type { BankKeeper } from "../../modules/bank/keeper.ts";
import { attributed, type Charge } from "../../modules/model/keeper/attributed.ts";
import type { ModelKeeper } from "../../modules/model/keeper.ts";
import { slash } from "../../modules/model/msgs.ts";
import { nodeHasher, nodeVerifier } from "../../node/crypto.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { accountOf, type HarnessOptions, type MessageToSend } from "./chain-harness.ts";
import { coin, FAR } from "./market-world.ts";
import { NativeWorld, sha256 } from "./native-world.ts";

const SECOND_NS = 1_000_000_000n;

/** What a block's beginning does besides, once. */
export interface Late {
  action: ((ctx: Write) => void) | undefined;
}

/** The application's modules, the first of which to begin a block also does what a test asks for. */
export function modulesWith(late: Late): ApplicationModules {
  const all = createModules({ verifier: nodeVerifier(), hasher: nodeHasher() });
  const modules = all.modules.map((module) =>
    module.name === "mint"
      ? {
          ...module,
          beginBlock: (ctx: Parameters<NonNullable<typeof module.beginBlock>>[0]) => {
            module.beginBlock?.(ctx);
            const { action } = late;
            late.action = undefined;
            action?.(ctx);
          },
        }
      : module,
  );
  return { ...all, modules };
}

export class ModelWorld extends NativeWorld {
  readonly #late: Late;
  readonly #modules: ApplicationModules;
  #weights = 0;

  constructor(options: HarnessOptions = {}) {
    const late: Late = { action: undefined };
    const modules = modulesWith(late);
    super([{ contributor: "ann", text: "contract A {}" }], { ...options, modules });
    this.#late = late;
    this.#modules = modules;
  }

  #keeper<Keeper>(name: string): Keeper {
    return (this.#modules.modules.find((module) => module.name === name) as ModuleWithKeeper<Keeper>).keeper;
  }

  /** Runs an action at the beginning of an empty block. */
  inBlock<Result>(action: (ctx: Write, models: ReturnType<typeof attributed>) => Result): Result {
    let result: { readonly value: Result } | undefined;
    this.#late.action = (ctx) => {
      result = { value: action(ctx, attributed(this.#keeper<ModelKeeper>("model"))) };
    };
    this.chain.block([]);
    this.chain.checkInvariants();
    if (result === undefined) throw new Error("the block did not do it");
    return result.value;
  }

  /** A model earns an amount, which the account "user" pays; gives the backers' part. The rest lies with the pools. */
  earn(modelId: bigint, amount: bigint): bigint {
    return this.inBlock((ctx, models) => {
      const coins = [{ denom: "uopen", amount }];
      this.#keeper<BankKeeper>("bank").sendToModule(ctx, accountOf("user").bytes, "tokenpool", coins);
      return models.payBackers(ctx, "tokenpool", modelId, { denom: "uopen", amount });
    });
  }

  /** Proves an offence. */
  punish(operator: string, charge: Partial<Charge> = {}): bigint {
    const defaults = { modelId: 0n, offence: 1, informer: undefined };
    return this.inBlock(
      (ctx, models) =>
        models.slashOperator(ctx, { ...defaults, ...charge, operator: accountOf(operator).bytes }).taken.amount,
    );
  }

  /** Governance punishes an operator (MsgSlash). Gives what was taken. */
  slashed(operator: string, modelId: bigint, offence: number, informer = ""): bigint {
    const authority = this.chain.addresses.account(moduleAddress("gov"));
    const message = { authority, operator: this.address(operator), modelId, offence, informer };
    return this.inBlock((ctx) => BigInt(slash(this.#keeper<ModelKeeper>("model"), ctx, message).taken.amount));
  }

  /** An empty block so many seconds after the last. */
  wait(seconds: bigint): void {
    this.chain.block([], { nanoseconds: seconds * SECOND_NS });
    this.chain.checkInvariants();
  }

  /** Runs a message that must be refused with this code of the module's. */
  refused(from: string, message: MessageToSend, code: number, codespace = "model"): string {
    const result = this.run(from, message);
    if (result.codespace !== codespace || result.code !== code) {
      throw new Error(`expected ${codespace}/${code}, got ${result.codespace}/${result.code}: ${result.log}`);
    }
    return result.log;
  }

  /** New weights of a model "m{n}" of an account's. */
  model(changes: Partial<Messages["tributary.model.v1.MsgRegisterModel"]> = {}, owner = "owner"): MessageToSend {
    this.#weights += 1;
    const weightsHash = sha256(new TextEncoder().encode(`weights ${this.#weights}`));
    const name = `m${this.#weights}`;
    const own = { owner: this.address(owner), host: this.address(owner), pubKey: accountOf(owner).publicKey };
    return this.registerModel({
      ...own,
      name,
      weightsHash,
      signature: this.signWeights(owner, name, weightsHash),
      ...changes,
    });
  }

  signWeights(owner: string, name: string, weightsHash: Uint8Array): Uint8Array {
    const hash = Buffer.from(weightsHash).toString("hex");
    const text = `tributary model registration\nchain: ${this.chain.chainId}\nname: ${name}\nweights sha256: ${hash}`;
    return this.signText(owner, text);
  }

  back(backer: string, modelId: bigint, amount: bigint): MessageToSend {
    return ["tributary.model.v1.MsgBack", { backer: this.address(backer), modelId, amount: coin(amount, "uopen") }];
  }

  unback(backer: string, modelId: bigint, shares: bigint): MessageToSend {
    return ["tributary.model.v1.MsgUnback", { backer: this.address(backer), modelId, shares: shares.toString() }];
  }

  claim(backer: string, modelId: bigint): MessageToSend {
    return ["tributary.model.v1.MsgClaimBacking", { backer: this.address(backer), modelId }];
  }

  bond(operator: string, amount: bigint): MessageToSend {
    return ["tributary.model.v1.MsgBondOperator", { operator: this.address(operator), amount: coin(amount, "uopen") }];
  }

  buy(buyer: string, modelId: bigint, shares: bigint, maxCost = 10n ** 12n): MessageToSend {
    const terms = { shares: shares.toString(), maxCost: coin(maxCost, "uopen"), deadline: FAR };
    return ["tributary.model.v1.MsgBuyShares", { buyer: this.address(buyer), modelId, ...terms }];
  }

  sell(seller: string, modelId: bigint, shares: bigint, minPayout = 1n): MessageToSend {
    const terms = { shares: shares.toString(), minPayout: coin(minPayout, "uopen"), deadline: FAR };
    return ["tributary.model.v1.MsgSellShares", { seller: this.address(seller), modelId, ...terms }];
  }

  position(modelId: bigint, backer: string): Messages["tributary.model.v1.QueryPositionResponse"] {
    return this.chain.query(
      "/tributary.model.v1.Query/Position",
      ["tributary.model.v1.QueryPositionRequest", { modelId, backer: this.address(backer) }],
      "tributary.model.v1.QueryPositionResponse",
    );
  }

  backing(modelId: bigint): Messages["tributary.model.v1.Backing"] {
    return this.chain.query(
      "/tributary.model.v1.Query/Backing",
      ["tributary.model.v1.QueryBackingRequest", { modelId }],
      "tributary.model.v1.QueryBackingResponse",
    ).backing;
  }

  curve(modelId: bigint): Messages["tributary.model.v1.Curve"] {
    return this.chain.query(
      "/tributary.model.v1.Query/Curve",
      ["tributary.model.v1.QueryCurveRequest", { modelId }],
      "tributary.model.v1.QueryCurveResponse",
    ).curve;
  }

  lineage(modelId: bigint, version = 0): Messages["tributary.model.v1.QueryLineageResponse"] {
    return this.chain.query(
      "/tributary.model.v1.Query/Lineage",
      ["tributary.model.v1.QueryLineageRequest", { modelId, version }],
      "tributary.model.v1.QueryLineageResponse",
    );
  }

  ranking(): readonly bigint[] {
    return this.chain
      .query(
        "/tributary.model.v1.Query/Ranking",
        ["tributary.model.v1.QueryRankingRequest", {}],
        "tributary.model.v1.QueryRankingResponse",
      )
      .models.map(({ model }) => model.id);
  }

  hosts(modelId: bigint): readonly Messages["tributary.model.v1.ServingHost"][] {
    return this.chain.query(
      "/tributary.model.v1.Query/Hosts",
      ["tributary.model.v1.QueryHostsRequest", { modelId }],
      "tributary.model.v1.QueryHostsResponse",
    ).hosts;
  }

  operator(name: string): Messages["tributary.model.v1.QueryOperatorResponse"] {
    return this.chain.query(
      "/tributary.model.v1.Query/Operator",
      ["tributary.model.v1.QueryOperatorRequest", { operator: this.address(name) }],
      "tributary.model.v1.QueryOperatorResponse",
    );
  }

  /** How much uopen an account holds. */
  money(name: string): bigint {
    return this.chain.balance(name, "uopen");
  }
}
