// Owns: evidence's answers to queries, with the SDK's gRPC statuses (x/evidence/keeper/grpc_query.go). Does not own: the state.

import type { Read } from "../../chain/module/context.ts";
import { GrpcError } from "../../chain/module/errors.ts";
import { fromHex } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { EvidenceKeeper } from "./keeper.ts";
import { state } from "./state.ts";

export function evidence(
  _keeper: EvidenceKeeper,
  ctx: Read,
  { hash }: Messages["cosmos.evidence.v1beta1.QueryEvidenceRequest"],
) {
  if (hash === "") throw new GrpcError("InvalidArgument", "invalid request; hash is empty");
  const found = state.faults.get(ctx, hashBytes(hash));
  if (found === undefined) throw new GrpcError("NotFound", `evidence ${hash} not found`);
  return { evidence: found };
}

export function allEvidence(
  _keeper: EvidenceKeeper,
  ctx: Read,
  { pagination }: Messages["cosmos.evidence.v1beta1.QueryAllEvidenceRequest"],
) {
  const { rows, page } = state.faults.paginate(ctx, pagination);
  return { evidence: rows.map(([, fault]) => fault), pagination: page };
}

function hashBytes(text: string): Uint8Array {
  try {
    return fromHex(text);
  } catch {
    throw new GrpcError("InvalidArgument", "invalid evidence hash");
  }
}
