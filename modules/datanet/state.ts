/** Owns the layout of the datanet store. */
import { indexed, key, map, schema, value } from "../../chain/store/collections.ts";

export const state = schema("datanet", {
  datanets: indexed(0x01, key.uint64, value.proto("tributary.datanet.v1.Datanet"), {
    name: { prefix: 0x02, by: key.string, of: (datanet): string => datanet.name, unique: true },
  }),
  /** By datanet and number: walking a datanet's records walks them from the earliest on. */
  records: indexed(0x03, key.pair(key.uint64, key.uint64), value.proto("tributary.datanet.v1.Record"), {
    contentHash: {
      prefix: 0x04,
      by: key.pair(key.uint64, key.bytes),
      of: (record): readonly [bigint, Uint8Array] => [record.datanetId, record.contentHash],
      unique: true,
    },
    /** A text root names its text as surely as the hash does; without it one text could be claimed under a false hash. */
    textRoot: {
      prefix: 0x05,
      by: key.pair(key.uint64, key.bytes),
      of: (record): readonly [bigint, Uint8Array] => [record.datanetId, record.textRoot],
      unique: true,
    },
  }),
  members: map(0x06, key.pair(key.uint64, key.address), value.proto("tributary.datanet.v1.Member")),
  /** Accounts that are paid at another address, as its text. */
  payoutAddresses: map(0x07, key.address, value.string),
});
