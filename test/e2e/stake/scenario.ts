// What a scenario of a stake network is. Owns only that.

import type { StakeNetwork } from "./stake-network.ts";

/** One story, told by steps that each do something and demand what must come of it. */
export interface Scenario {
  readonly name: string;
  /** Leaves the network running, or throws what was not so. Tells what was seen. */
  readonly run: (network: StakeNetwork, say: (line: string) => void) => Promise<void>;
}
