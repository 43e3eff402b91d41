/** Owns the layout of the model store. */
import { indexed, key, schema, value } from "../../chain/store/collections.ts";

export const state = schema("model", {
  models: indexed(0x01, key.uint64, value.proto("tributary.model.v1.Model"), {
    weights: { prefix: 0x02, by: key.bytes, of: (model): Uint8Array => model.weightsHash, unique: true },
  }),
});
