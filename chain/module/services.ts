// Owns: the rpcs of a service as module definitions need them: name, request, response. Does not own: the descriptors
// (proto/registry.ts).

import { findService } from "../../proto/registry.ts";
import type { MessageName } from "../../proto/types.gen.ts";

/** One rpc. */
export interface Rpc {
  readonly name: string;
  readonly request: MessageName;
  readonly response: MessageName;
}

/** The rpcs of a service (`cosmos.bank.v1beta1.Msg`) in the schema's order; none when there is no such service. */
export function rpcsOf(service: string): readonly Rpc[] {
  return (findService(service)?.methods ?? []).map(({ name, request, response }) => ({
    name,
    request: request as MessageName,
    response: response as MessageName,
  }));
}
