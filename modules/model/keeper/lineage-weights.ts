/**
 * Owns how what uses pay by lineage is divided among datanet versions. Declared shares come first; datanets that only versions
 * name which declare none share the rest by their records, so that nobody is cut out by what a derived model declares. A
 * published version passes on what it declares for the versions it was made from. All of it is known when a model's version
 * is registered and never changes, so a settlement only multiplies. It does not own who may be cited (lineage.ts).
 */
import type { Read } from "../../../chain/module/context.ts";
import { errors } from "../errors.ts";
import type { ModelKeeper } from "../keeper.ts";
import { LINEAGE_WEIGHT, MAX_STACK, MAX_VERSION_VISITS, MIN_BY_RECORDS_PPM, PARTS_PER_MILLION } from "../limits.ts";
import type { LineageWeight, StackShare } from "../state.ts";

/** A datanet version on its way into the list. */
type DatanetVersion = Pick<StackShare, "datanetId" | "recordCount" | "version">;

/**
 * The weights of a stack's datanets and of their versions' parents, at least one of them above zero. Throws model/5
 * when there are more than 64, or more versions than are looked at.
 */
export function weighLineage(keeper: ModelKeeper, ctx: Read, stack: readonly StackShare[]): LineageWeight[] {
  const datanets = stack.filter(({ datanetId }) => datanetId !== 0n);
  const weights = new Map<string, LineageWeight>();
  let visits = 0;
  const pay = (to: DatanetVersion, weight: bigint): void => {
    visits += 1;
    if (visits > MAX_VERSION_VISITS) {
      throw errors.invalidLineage.because(`more than ${MAX_VERSION_VISITS} datanet versions and parents of theirs`);
    }
    let own = weight;
    for (const [parent, part] of partsOfParents(keeper, ctx, to, weight)) {
      own -= part;
      pay(parent, part);
    }
    if (own === 0n) return;
    const { datanetId, recordCount } = to;
    const at = `${datanetId}/${recordCount}`;
    weights.set(at, { datanetId, recordCount, weight: (weights.get(at)?.weight ?? 0n) + own });
  };
  for (const [i, weight] of weightsOf(datanets).entries()) if (weight > 0n) pay(datanets[i]!, weight);
  if (weights.size > MAX_STACK) {
    throw errors.invalidLineage.because(`${weights.size} datanet versions are paid, at most ${MAX_STACK}`);
  }
  return [...weights.values()];
}

/** What each of a stack's datanets weighs before anything is passed on. None that is owed something weighs nothing. */
function weightsOf(datanets: readonly StackShare[]): bigint[] {
  const declared = datanets.reduce((sum, { sharePpm }) => sum + BigInt(sharePpm), 0n);
  const recordsOf = ({ byRecords, recordCount }: StackShare): bigint => (byRecords ? recordCount : 0n);
  const records = datanets.reduce((sum, datanet) => sum + recordsOf(datanet), 0n);
  if (records === 0n) return inParts(datanets, ({ sharePpm }) => BigInt(sharePpm));
  if (declared === 0n) return inParts(datanets, recordsOf);
  const left = BigInt(PARTS_PER_MILLION) - declared;
  const rest = left < MIN_BY_RECORDS_PPM ? MIN_BY_RECORDS_PPM : left;
  return inParts(datanets, (datanet) => BigInt(datanet.sharePpm) * records + rest * recordsOf(datanet));
}

/** Weights as they are; as parts of LINEAGE_WEIGHT when there is something to pass on, or when they sum to more. */
function inParts(datanets: readonly StackShare[], weightOf: (datanet: StackShare) => bigint): bigint[] {
  const weights = datanets.map(weightOf);
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  if (whole <= LINEAGE_WEIGHT && datanets.every(({ version }) => version === 0n)) return weights;
  return weights.map((weight) => {
    const part = (weight * LINEAGE_WEIGHT) / whole;
    return weight > 0n && part === 0n ? 1n : part;
  });
}

/**
 * What a published version passes on of a weight: what it, and those whose records it holds too, declare for their parents.
 * A parent that several of them name has the greatest share; shares above the whole are parts of their sum.
 */
function partsOfParents(
  keeper: ModelKeeper,
  ctx: Read,
  { datanetId, version }: DatanetVersion,
  weight: bigint,
): (readonly [DatanetVersion, bigint])[] {
  const shares = new Map<string, { readonly to: DatanetVersion; readonly ppm: bigint }>();
  for (let at = version; at !== 0n; ) {
    const { parents, extends: base } = keeper.uses.datanets.version(ctx, datanetId, at);
    for (const parent of parents) {
      const name = `${parent.datanetId}/${parent.version}`;
      const { last } = keeper.uses.datanets.version(ctx, parent.datanetId, parent.version);
      const to = { datanetId: parent.datanetId, recordCount: last, version: parent.version };
      const ppm = BigInt(parent.sharePpm);
      if (ppm > (shares.get(name)?.ppm ?? 0n)) shares.set(name, { to, ppm });
    }
    at = base;
  }
  const sum = [...shares.values()].reduce((all, { ppm }) => all + ppm, 0n);
  const whole = sum > BigInt(PARTS_PER_MILLION) ? sum : BigInt(PARTS_PER_MILLION);
  return [...shares.values()]
    .map(({ to, ppm }) => [to, (weight * ppm) / whole] as const)
    .filter(([, part]) => part > 0n);
}
