/**
 * A genesis whose validators may be away for long. Owns one parameter: campaigns stop validators on purpose, and with the default window of 100
 * blocks the chain would rightly jail them.
 */
import { type AppGenesis, moduleState } from "../../genesis/app-genesis.ts";
import type { JsonValue } from "../../proto/json.ts";

const PATIENT_WINDOW = "100000";

export function withPatience(genesis: AppGenesis): AppGenesis {
  const slashing = moduleState(genesis, "slashing");
  const params = { ...(slashing.params as { [key: string]: JsonValue }), signed_blocks_window: PATIENT_WINDOW };
  return { ...genesis, app_state: { ...genesis.app_state, slashing: { ...slashing, params } } };
}
