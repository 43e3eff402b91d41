/**
 * Owns versions: manifests of sealed records under rules that are checked when they are published, never to change. It
 * does not own what a version earns (modules/attribution).
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import { utf8Length } from "../../../proto/bytes.ts";
import { DedupeRule } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { errors } from "../errors.ts";
import { type DatanetKeeper, isEarning, type Record, type Version } from "../keeper.ts";
import {
  MAX_CLASS_BYTES,
  MAX_EXTENSIONS,
  MAX_LINEAGE_DEPTH,
  MAX_NOTE_BYTES,
  MAX_PARENTS,
  MAX_QUOTAS,
  MAX_VERSION_RANGES,
  MAX_VERSION_RECORDS,
  PARTS_PER_MILLION,
} from "../limits.ts";
import { state } from "../state.ts";

type Manifest = Omit<Messages["tributary.datanet.v1.MsgPublishVersion"], "publisher" | "datanetId">;

/** What a version counts. */
type Counts = Pick<Version, "recordCount" | "byteCount" | "classCounts" | "last">;

/** Checks a manifest against the records and keeps it. Gives its number. */
export function publishVersion(
  keeper: DatanetKeeper,
  ctx: Write,
  publisher: string,
  datanetId: bigint,
  manifest: Manifest,
): bigint {
  const datanet = keeper.curated(ctx, datanetId, publisher);
  checkForm(manifest);
  const base = manifest.extends === 0n ? undefined : keeper.version(ctx, datanetId, manifest.extends);
  if (base !== undefined) checkExtensions(keeper, ctx, base);
  const counts = countRecords(keeper, ctx, datanetId, manifest, base);
  checkQuotas(manifest, counts);
  const version = datanet.versionCount + 1n;
  state.versions.set(ctx, [datanetId, version], {
    ...manifest,
    ...counts,
    datanetId,
    version,
    publisher,
    depth: lineageDepth(keeper, ctx, datanetId, manifest, base),
    height: ctx.height,
  });
  state.datanets.set(ctx, datanetId, { ...datanet, versionCount: version });
  ctx.emit("version_published", [
    ["datanet_id", datanetId.toString()],
    ["version", version.toString()],
    ["name", manifest.name],
    ["records", counts.recordCount.toString()],
  ]);
  return version;
}

function checkForm({ name, uri, ranges, parents, quotas, extends: base }: Manifest): void {
  const refuse = (flaw: string) => errors.invalidVersion.because(flaw);
  if (name === "" || utf8Length(name) > MAX_CLASS_BYTES) throw refuse(`a name has 1 to ${MAX_CLASS_BYTES} bytes`);
  if (utf8Length(uri) > MAX_NOTE_BYTES) throw refuse(`uri over ${MAX_NOTE_BYTES} bytes`);
  if (ranges.length > MAX_VERSION_RANGES) throw refuse(`over ${MAX_VERSION_RANGES} ranges`);
  if (ranges.length === 0 && base === 0n) throw refuse("it names no records");
  let free = 1n;
  let records = 0n;
  for (const { first, last } of ranges) {
    if (first < free || last < first) throw refuse(`range ${first} to ${last} is out of order`);
    free = last + 1n;
    records += last - first + 1n;
  }
  if (records > MAX_VERSION_RECORDS)
    throw refuse(`${records} new records, at most ${MAX_VERSION_RECORDS}: extend it later`);
  if (parents.length > MAX_PARENTS) throw refuse(`over ${MAX_PARENTS} parents`);
  if (quotas.length > MAX_QUOTAS) throw refuse(`over ${MAX_QUOTAS} quotas`);
  if (new Set(quotas.map((quota) => quota.class)).size !== quotas.length) throw refuse("a class has two quotas");
}

/** Reads every record that is added: sealed, earning, and of the novelty that the rule asks for. */
function countRecords(
  keeper: DatanetKeeper,
  ctx: Read,
  datanetId: bigint,
  manifest: Manifest,
  base: Version | undefined,
): Counts {
  const classes = new Map(base?.classCounts.map((count) => [count.class, count.records]));
  let recordCount = base?.recordCount ?? 0n;
  let byteCount = base?.byteCount ?? 0n;
  let last = base?.last ?? 0n;
  for (const range of manifest.ranges) {
    if (range.first <= last) throw errors.invalidVersion.because(`record ${range.first} does not come after ${last}`);
    for (let number = range.first; number <= range.last; number++) {
      const record = checkedRecord(keeper, ctx, datanetId, number, manifest);
      recordCount += 1n;
      byteCount += record.length;
      classes.set(record.class, (classes.get(record.class) ?? 0n) + 1n);
    }
    last = range.last;
  }
  if (classes.size > MAX_QUOTAS) throw errors.invalidVersion.because(`records of over ${MAX_QUOTAS} classes`);
  const classCounts = Array.from(classes, ([name, records]) => ({ class: name, records }));
  classCounts.sort((a, b) => (a.class < b.class ? -1 : 1));
  return { recordCount, byteCount, classCounts, last };
}

function checkedRecord(
  keeper: DatanetKeeper,
  ctx: Read,
  datanetId: bigint,
  number: bigint,
  { dedupe, minNoveltyPpm }: Manifest,
): Record {
  const name = `record ${datanetId}/${number}`;
  const record = keeper.findRecord(ctx, datanetId, number);
  if (record === undefined) throw errors.invalidVersion.because(`there is no ${name}`);
  if (!isEarning(record)) throw errors.invalidVersion.because(`${name} may not earn`);
  if (!state.placements.has(ctx, [datanetId, number])) throw errors.invalidVersion.because(`${name} is not sealed`);
  if (dedupe === DedupeRule.DEDUPE_RULE_NOVELTY && record.noveltyPpm < minNoveltyPpm) {
    throw errors.invalidVersion.because(
      `${name} is new to ${record.noveltyPpm} ppm, the rule asks for ${minNoveltyPpm}`,
    );
  }
  return record;
}

function checkQuotas({ quotas }: Manifest, { classCounts }: Counts): void {
  if (quotas.length === 0) return;
  const most = new Map(quotas.map((quota) => [quota.class, quota.maxRecords]));
  for (const count of classCounts) {
    const allowed = most.get(count.class) ?? 0n;
    if (count.records > allowed) {
      const name = JSON.stringify(count.class);
      throw errors.invalidVersion.because(`${count.records} records of class ${name}, the quota is ${allowed}`);
    }
  }
}

/** One more than the deepest parent's. Parents exist already, so there is no way back to this version. */
function lineageDepth(
  keeper: DatanetKeeper,
  ctx: Read,
  datanetId: bigint,
  { parents }: Manifest,
  base: Version | undefined,
): number {
  let depth = base?.depth ?? 1;
  let shares = 0;
  for (const parent of parents) {
    if (parent.datanetId === datanetId)
      throw errors.invalidVersion.because("a parent is of another datanet: extend it");
    depth = Math.max(depth, keeper.version(ctx, parent.datanetId, parent.version).depth + 1);
    shares += parent.sharePpm;
  }
  const named = new Set(parents.map((parent) => `${parent.datanetId}/${parent.version}`));
  if (named.size !== parents.length) throw errors.invalidVersion.because("a parent is named twice");
  if (shares > PARTS_PER_MILLION) throw errors.invalidVersion.because(`the parents' shares sum to ${shares} ppm`);
  if (depth > MAX_LINEAGE_DEPTH) throw errors.invalidVersion.because(`a lineage deeper than ${MAX_LINEAGE_DEPTH}`);
  return depth;
}

function checkExtensions(keeper: DatanetKeeper, ctx: Read, base: Version): void {
  let count = 1;
  for (let at = base; at.extends !== 0n; at = keeper.version(ctx, at.datanetId, at.extends)) count++;
  if (count > MAX_EXTENSIONS) throw errors.invalidVersion.because(`extends more than ${MAX_EXTENSIONS} versions`);
}
