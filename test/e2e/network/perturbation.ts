// What a perturbation is. Owns the type; the perturbations are in the files named after what they are done to.

import type { Network } from "./network.ts";

export interface Perturbation {
  readonly name: string;
  /** Whether the short form has it. */
  readonly quick: boolean;
  /** Does it; resolves with what was done, in a line. Throws when a node did not do what it must. */
  readonly run: (network: Network, options: { readonly quick: boolean }) => Promise<string>;
}
