// Owns: going back from the latest version to the one before it, on the records alone. What the latest version wrote is
// taken away; what it pruned was reachable from no kept version and stays away. Does not own loading the result, which
// compares every root again (restore.ts), nor what else must go back with the state (node/storage).

import type { RecordSource, StateWrite } from "./ports.ts";
import {
  decodeFormat,
  decodeHead,
  decodeVersion,
  encodeFormat,
  encodeHead,
  formatKey,
  formatOf,
  headKey,
  type VersionRecord,
  valueKey,
  valuePrefixOf,
  versionKey,
} from "./records.ts";
import { StateError } from "./restore.ts";

const NO_HASH = new Uint8Array(0);

/**
 * The changes that make the version before the latest one the latest. Throws StateError when that version is not kept.
 */
export function rollbackWrites(records: RecordSource): readonly StateWrite[] {
  const headRecord = records.get(headKey);
  if (headRecord === undefined) throw new StateError("there is no state to go back from");
  const { latest, oldest, partial } = decodeHead(headRecord);
  if (latest <= oldest) {
    throw new StateError(
      `the state keeps version ${latest} alone, so it cannot go back to ${latest - 1n}: with more versions kept (pruning in app.toml) it could`,
    );
  }
  return [
    ...valuesOf(latest, records).map((key) => ({ key, value: undefined })),
    { key: versionKey(latest), value: undefined },
    { key: headKey, value: encodeHead({ latest: latest - 1n, oldest, partial }) },
    ...formatBefore(latest, records),
  ];
}

/** The format record without the change of stores that the version made, if it made one. */
function formatBefore(version: bigint, records: RecordSource): readonly StateWrite[] {
  const record = records.get(formatKey);
  if (record === undefined) throw new StateError("the state's first records are missing");
  const { initialVersion, stores, changes } = decodeFormat(record);
  const left = changes.filter((change) => change.version < version);
  if (left.length === changes.length) return [];
  return [{ key: formatKey, value: encodeFormat(formatOf(initialVersion, stores, left)) }];
}

/** The keys of the value records that a version wrote. */
function valuesOf(version: bigint, records: RecordSource): readonly Uint8Array[] {
  const record = records.get(versionKey(version));
  if (record === undefined) throw new StateError(`the record of version ${version} is missing`);
  // The hashes are not looked at, so nothing needs to be hashed.
  const { stores }: VersionRecord = decodeVersion(record, () => NO_HASH);
  return stores.flatMap(({ name, changes }) => {
    const prefix = valuePrefixOf(name);
    return changes.flatMap(({ key, valueHash, valueLength }) =>
      valueHash === undefined || valueLength === 0 ? [] : [valueKey(prefix, key, version)],
    );
  });
}
