// Owns: what must always hold of proven faults. Does not own: when it is checked.

import type { Read } from "../../chain/module/context.ts";
import { equalBytes, hex } from "../../proto/bytes.ts";
import { decode } from "../../proto/codec.ts";
import type { EvidenceKeeper } from "./keeper.ts";
import { state } from "./state.ts";

/** Every fault stands under its own hash, and its validator never comes back. */
export function faultsArePunished(keeper: EvidenceKeeper, ctx: Read): string | undefined {
  for (const [hash, { value }] of state.faults.iterate(ctx)) {
    const fault = decode("cosmos.evidence.v1beta1.Equivocation", value);
    if (!equalBytes(hash, keeper.hashOf(fault))) return `the fault ${hex(hash)} stands under another's hash`;
    if (!keeper.isPunished(ctx, fault)) return `${fault.consensusAddress} signed twice at ${fault.height} unpunished`;
  }
  return undefined;
}
