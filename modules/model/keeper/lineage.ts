/**
 * Owns who a version owes: the datanets it was trained on, the models it was derived from, and all that those owe in turn.
 * Shares are absolute: what a version declares for a parent model, and all that the parent's version declares, are parts of
 * the version's own part; what is declared for datanets are parts of what uses pay by lineage; together they are at most
 * 10^6. So what a settlement pays is one list, made when the version is registered, and no walk. It does not own how much
 * each datanet is paid (lineage-weights.ts).
 */
import type { Read } from "../../../chain/module/context.ts";
import { errors } from "../errors.ts";
import type { ModelKeeper } from "../keeper.ts";
import { MAX_ANCESTRY_VISITS, MAX_DEPTH, MAX_LINEAGE, MAX_PARENTS, MAX_STACK, PARTS_PER_MILLION } from "../limits.ts";
import { type Lineage, type LineageWeight, type Parent, type StackShare, state } from "../state.ts";
import { weighLineage } from "./lineage-weights.ts";

/** What a version declares. */
export interface Declared {
  readonly lineage: readonly Lineage[];
  readonly parents: readonly Parent[];
}

/** What follows from it. */
export interface Owed {
  readonly depth: number;
  readonly stack: StackShare[];
  readonly lineageWeights: LineageWeight[];
}

/** Throws model/5 unless the lineage names 1 to 16 datanets in order, each with records it has. */
export function requireLineage(keeper: ModelKeeper, ctx: Read, lineage: readonly Lineage[]): void {
  if (lineage.length === 0 || lineage.length > MAX_LINEAGE) {
    throw errors.invalidLineage.because(`a model names 1 to ${MAX_LINEAGE} datanets, not ${lineage.length}`);
  }
  let previous = 0n;
  for (const { datanetId, recordCount, version } of lineage) {
    const datanet = keeper.uses.datanets.find(ctx, datanetId);
    if (datanet === undefined) throw errors.invalidLineage.because(`there is no datanet ${datanetId}`);
    if (datanetId <= previous) throw errors.invalidLineage.because(`datanet ${datanetId} is out of order`);
    if (recordCount < 1n || recordCount > datanet.recordCount) {
      throw errors.invalidLineage.because(
        `datanet ${datanetId} has ${datanet.recordCount} records, the model names ${recordCount}`,
      );
    }
    if (version > datanet.versionCount)
      throw errors.invalidLineage.because(`datanet ${datanetId} has no version ${version}`);
    previous = datanetId;
  }
}

/**
 * The parents as they are stored: the base model first, with its royalty when it was not named, and every version by its
 * number. Throws model/5 for a parent twice, the model itself or a share below the parent's royalty; model/2, model/9.
 */
export function resolveParents(
  keeper: ModelKeeper,
  ctx: Read,
  modelId: bigint,
  baseModelId: bigint,
  named: readonly Parent[],
): Parent[] {
  const base = named.find((parent) => parent.modelId === baseModelId);
  const others = named.filter((parent) => parent !== base);
  const first: Parent[] =
    baseModelId === 0n
      ? []
      : [base ?? { modelId: baseModelId, version: 0, sharePpm: keeper.model(ctx, baseModelId).royaltyPpm }];
  const all = [...first, ...others];
  if (all.length > MAX_PARENTS) throw errors.invalidLineage.because(`${all.length} parents, at most ${MAX_PARENTS}`);
  const seen = new Set<bigint>();
  return all.map((parent) => {
    if (seen.has(parent.modelId)) throw errors.invalidLineage.because(`model ${parent.modelId} is named twice`);
    seen.add(parent.modelId);
    const { royaltyPpm } = keeper.model(ctx, parent.modelId);
    const { number } = keeper.version(ctx, parent.modelId, parent.version);
    if (parent.modelId === modelId) throw errors.invalidLineage.because("a model cannot be its own parent");
    if (parent.sharePpm < royaltyPpm) {
      throw errors.invalidLineage.because(
        `model ${parent.modelId} asks for ${royaltyPpm} parts per million, not ${parent.sharePpm}`,
      );
    }
    return { ...parent, version: number };
  });
}

/** What of a datanet a version was trained on, by itself or by what it was derived from. */
type Trained = Pick<StackShare, "sharePpm" | "recordCount" | "version" | "byRecords">;

/** All that a version owes. Throws model/5 when it is more than all, too deep or too many. */
export function owedBy(keeper: ModelKeeper, ctx: Read, { lineage, parents }: Declared): Owed {
  const models = new Map<bigint, number>();
  const datanets = new Map<bigint, Trained>();
  const add = (id: bigint, ppm: number): void => {
    models.set(id, sumOf(models.get(id) ?? 0, ppm));
  };
  let depth = 0;
  const declares = lineage.some(({ sharePpm }) => sharePpm > 0);
  for (const { datanetId, ...line } of lineage) datanets.set(datanetId, { ...line, byRecords: !declares });
  for (const parent of parents) {
    const above = keeper.version(ctx, parent.modelId, parent.version);
    if (above.depth + 1 > depth) depth = above.depth + 1;
    add(parent.modelId, parent.sharePpm);
    for (const share of above.stack) {
      if (share.modelId !== 0n) add(share.modelId, share.sharePpm);
      else datanets.set(share.datanetId, together(share, datanets.get(share.datanetId)));
    }
  }
  const none = { recordCount: 0n, version: 0n, byRecords: false };
  const stack = [
    ...inOrder(models).map(([modelId, sharePpm]) => ({ modelId, datanetId: 0n, sharePpm, ...none })),
    ...inOrder(datanets).map(([datanetId, trained]) => ({ modelId: 0n, datanetId, ...trained })),
  ];
  if (depth > MAX_DEPTH) throw errors.invalidLineage.because(`${depth} generations, at most ${MAX_DEPTH}`);
  if (stack.length > MAX_STACK) throw errors.invalidLineage.because(`${stack.length} are owed, at most ${MAX_STACK}`);
  const total = stackPpm(stack);
  if (total > PARTS_PER_MILLION) {
    throw errors.invalidLineage.because(`${total} parts per million are declared, there are ${PARTS_PER_MILLION}`);
  }
  return { depth, stack, lineageWeights: weighLineage(keeper, ctx, stack) };
}

/** What two versions of a stack were trained on of one datanet: all that either was. */
function together({ sharePpm, recordCount, version, byRecords }: Trained, other: Trained | undefined): Trained {
  if (other === undefined) return { sharePpm, recordCount, version, byRecords };
  return {
    sharePpm: sumOf(other.sharePpm, sharePpm),
    recordCount: recordCount > other.recordCount ? recordCount : other.recordCount,
    version: version === other.version ? version : 0n,
    byRecords: byRecords || other.byRecords,
  };
}

/** Kept below the whole at each step, so that no sum leaves the exact numbers. */
function sumOf(a: number, b: number): number {
  const sum = a + b;
  if (sum > PARTS_PER_MILLION) throw errors.invalidLineage.because(`${sum} parts per million are owed to one`);
  return sum;
}

/** What a stack sums to, in parts per million. */
export function stackPpm(stack: readonly StackShare[]): number {
  return stack.reduce((sum, { sharePpm }) => sum + sharePpm, 0);
}

/** Throws model/5 when a parent, or any model it was ever derived from, is the model itself. */
export function requireAcyclic(ctx: Read, modelId: bigint, parents: readonly Parent[]): void {
  const seen = new Set<bigint>();
  const queue = parents.map((parent) => parent.modelId);
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    if (at === modelId) throw errors.invalidLineage.because(`model ${modelId} would descend from itself`);
    if (seen.has(at)) continue;
    seen.add(at);
    if (seen.size > MAX_ANCESTRY_VISITS) {
      throw errors.invalidLineage.because(`more than ${MAX_ANCESTRY_VISITS} models lie above model ${modelId}`);
    }
    for (const [, above] of state.derived.keys(ctx, { prefix: at })) queue.push(above);
  }
}

function inOrder<Value>(shares: ReadonlyMap<bigint, Value>): (readonly [bigint, Value])[] {
  return [...shares].sort(([a], [b]) => (a < b ? -1 : 1));
}
