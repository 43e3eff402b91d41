/**
 * Owns what attribution asks of models and their datanets: which records a model's uses may pay, whom its lineage's part goes to,
 * and who is paid the model's own. It does not own models, datanets, what each of them is owed (modules/model) or the money
 * (ledger.ts).
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import { TxError } from "../../../chain/module/errors.ts";
import { Offence, RecordStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import type { DatanetKeeper, Record } from "../../datanet/keeper.ts";
import type { attributed, Penalty } from "../../model/keeper/attributed.ts";
import { PARTS_PER_MILLION } from "../limits.ts";
import type { RecordFacts } from "../proof/match.ts";
import type { Use } from "./acknowledgements.ts";
import { ATTRIBUTION, type Ledger } from "./ledger.ts";
import type { DatanetVersion, VersionPools, WeighedVersion } from "./version-pools.ts";

type RecordId = Messages["tributary.datanet.v1.RecordId"];

/** Models as attribution sees them (modules/model/keeper/attributed.ts). */
export type Models = Pick<
  ReturnType<typeof attributed>,
  "bond" | "model" | "owedRevenue" | "route" | "serving" | "payBackers" | "slashOperator"
>;

/** What lineages need of their neighbours. */
export interface LineageUses {
  readonly models: Models;
  readonly datanets: Pick<DatanetKeeper, "datanet" | "findRecord" | "isEarning" | "isInVersion">;
}

/** A model at one of its versions, whose lineage never changes. */
export interface ModelVersion {
  readonly modelId: bigint;
  readonly modelVersion: number;
}

export class Lineages {
  readonly #uses: LineageUses;
  readonly #ledger: Ledger;
  readonly #pools: VersionPools;

  constructor(uses: LineageUses, ledger: Ledger, pools: VersionPools) {
    this.#uses = uses;
    this.#ledger = ledger;
    this.#pools = pools;
  }

  /** What divides what a model's uses pay by lineage: its datanet versions', with their weights. */
  weights(ctx: Read, { modelId, modelVersion }: ModelVersion): readonly WeighedVersion[] {
    return this.#uses.models.owedRevenue(ctx, modelId, modelVersion).lineageWeights;
  }

  /** The first private datanet that the model, or one it was derived from, was trained on; undefined when all are public. */
  privateDatanet(ctx: Read, model: ModelVersion): bigint | undefined {
    const isPrivate = ({ datanetId }: DatanetVersion) => this.#uses.datanets.datanet(ctx, datanetId).isPrivate;
    return this.#datanets(ctx, model).find(isPrivate)?.datanetId;
  }

  /** Whether the model, and all it was derived from, were trained on private datanets alone. */
  isPrivate(ctx: Read, model: ModelVersion): boolean {
    return this.#datanets(ctx, model).every(({ datanetId }) => this.#uses.datanets.datanet(ctx, datanetId).isPrivate);
  }

  /** Whether the model's version, or one that it was derived from, declares the record: uses may cite it, and then pay it. */
  isTrainedOn(ctx: Read, model: ModelVersion, { datanetId, number }: RecordId): boolean {
    const declared = this.#datanets(ctx, model).find((version) => version.datanetId === datanetId);
    if (declared === undefined || number > declared.recordCount) return false;
    const { version } = declared;
    return version === 0n || this.#uses.datanets.isInVersion(ctx, datanetId, version, number);
  }

  /** Gives an amount to the contributors of a model's datanet versions. */
  credit(ctx: Write, model: ModelVersion, amount: bigint): void {
    this.#pools.creditLineage(ctx, this.weights(ctx, model), amount);
  }

  /** Gives an amount to the records of a model's datanet versions that validators vouch for. */
  creditAttested(ctx: Write, model: ModelVersion, amount: bigint): void {
    this.#pools.creditAttested(ctx, this.weights(ctx, model), amount);
  }

  /** Gives the model's own part: what it owes to the models above it, to backers, and the rest to owners. */
  payModel(ctx: Write, { modelId, modelVersion }: ModelVersion, amount: bigint): void {
    const { stack } = this.#uses.models.owedRevenue(ctx, modelId, modelVersion);
    let rest = amount;
    for (const { modelId: ancestor, sharePpm } of stack) {
      // The datanets of the stack are paid by proof and by lineage (`credit`).
      if (ancestor === 0n) continue;
      const part = (amount * BigInt(sharePpm)) / BigInt(PARTS_PER_MILLION);
      rest -= part;
      this.#payOwnPart(ctx, ancestor, part);
    }
    this.#payOwnPart(ctx, modelId, rest);
  }

  /**
   * Punishes a host or an owner and, when it owns it or was its own host as the use was opened, its model. What it lost is not
   * attribution's money. Gives what that was; undefined when the model's module refused.
   */
  punish(
    ctx: Write,
    { host, modelId, isOwnHost }: Pick<Use, "host" | "modelId" | "isOwnHost">,
    offence: keyof typeof Offence,
    informer: string,
  ): Penalty | undefined {
    const charge = {
      operator: ctx.addresses.parseAccount(host),
      modelId,
      wasOwnHost: isOwnHost,
      offence: Offence[offence],
      informer: ctx.addresses.parseAccount(informer),
    };
    return withoutFail(ctx, (branch) => this.#uses.models.slashOperator(branch, charge));
  }

  /**
   * Looks records up that a batch may cite: those of the model's versions whose challenge window had ended by `asOf` and
   * that were not struck in it. What became of one since does not count: a batch must not turn false while it can be
   * challenged, and neither the contributor nor the place in the order of such a record changes any more.
   *
   * Of a model that declares public datanets, too, private records cannot be cited: every share of such a batch must be shown with its
   * texts when it is asked for, or one private datanet of the host's own would spare it that for the public ones.
   */
  records(ctx: Read, model: ModelVersion, asOf: bigint): (id: RecordId) => RecordFacts | undefined {
    const isPrivateModel = this.isPrivate(ctx, model);
    return ({ datanetId, number }) => {
      if (!this.isTrainedOn(ctx, model, { datanetId, number })) return undefined;
      const { isPrivate } = this.#uses.datanets.datanet(ctx, datanetId);
      if (isPrivate !== isPrivateModel) return undefined;
      const record = this.#uses.datanets.findRecord(ctx, datanetId, number);
      if (record === undefined || record.finalAt > asOf || isStruck(record)) return undefined;
      return { ...factsOf(record), isPrivate };
    };
  }

  /**
   * Looks records up that an inline settlement must not leave out: as `records`, and of those the ones that have earned
   * without a break since `asOf`, as the host can only cite what earns when it settles.
   */
  earningRecords(ctx: Read, model: ModelVersion, asOf: bigint): (id: RecordId) => RecordFacts | undefined {
    const citable = this.records(ctx, model, asOf);
    return (id) => {
      const record = this.anyRecord(ctx, id);
      const hasEarned = record !== undefined && this.#uses.datanets.isEarning(record) && record.restoredAt <= asOf;
      return hasEarned ? citable(id) : undefined;
    };
  }

  /** A record, whatever became of it; undefined when there is none. */
  anyRecord(ctx: Read, { datanetId, number }: RecordId): Record | undefined {
    return this.#uses.datanets.findRecord(ctx, datanetId, number);
  }

  /** What the model's version, and all that it was derived from, were trained on. */
  #datanets(ctx: Read, { modelId, modelVersion }: ModelVersion) {
    const { stack } = this.#uses.models.owedRevenue(ctx, modelId, modelVersion);
    return stack.filter(({ datanetId }) => datanetId !== 0n);
  }

  #payOwnPart(ctx: Write, modelId: bigint, amount: bigint): void {
    if (amount === 0n) return;
    const coin = { denom: this.#ledger.denom(ctx), amount };
    const toBackers =
      withoutFail(ctx, (branch) => this.#uses.models.payBackers(branch, ATTRIBUTION, modelId, coin)) ?? 0n;
    this.#ledger.noteBacked(ctx, toBackers);
    this.#ledger.credit(ctx, this.#uses.models.model(ctx, modelId).owner, amount - toBackers);
  }
}

/** What checks need of a record. It is at most 2^24 bytes long, so its length is exact as a number. */
export function factsOf({ datanetId, number, contributor, textRoot, length, claimHeight }: Record): RecordFacts {
  const text = { root: textRoot, length: Number(length) };
  return { id: { datanetId, number }, contributor, text, height: claimHeight };
}

/**
 * Whether the record was struck in its challenge window: then it owns nothing. What happens from the window's last second on
 * does not count, as batches may rest on it by then: who could have a record struck could turn batches false that cite it.
 */
export function isStruck({ status, closedAt, finalAt }: Record): boolean {
  return STRUCK.has(status) && closedAt < finalAt;
}

const STRUCK: ReadonlySet<number> = new Set([
  RecordStatus.RECORD_STATUS_DUPLICATE,
  RecordStatus.RECORD_STATUS_MISDECLARED,
  RecordStatus.RECORD_STATUS_REJECTED,
  RecordStatus.RECORD_STATUS_WITHHELD,
]);

/** What a neighbour does that may refuse: at the end of a block nothing may. */
function withoutFail<Result>(ctx: Write, action: (ctx: Write) => Result): Result | undefined {
  try {
    return ctx.attempt(action);
  } catch (error) {
    if (error instanceof TxError) return undefined;
    throw error;
  }
}
