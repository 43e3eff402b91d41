/** The attribution module's genesis for tests: its default with other rules of the game. Owns test data only. */
import { defaultGenesis } from "../../modules/attribution/genesis.ts";
import { decode, encode } from "../../proto/codec.ts";
import { type JsonValue, toJson } from "../../proto/json.ts";
import type { Messages } from "../../proto/types.gen.ts";

type Game = Messages["tributary.attribution.v1.GameParams"];

const GENESIS = "tributary.attribution.v1.GenesisState";

export function attributionWith(game: Partial<Game>): JsonValue {
  const genesis = defaultGenesis();
  const params = { ...genesis.params, game: { ...genesis.params.game, ...game } };
  return toJson(GENESIS, decode(GENESIS, encode(GENESIS, { ...genesis, params })));
}
