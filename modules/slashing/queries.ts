// Owns: slashing's answers to queries, with the SDK's gRPC statuses (x/slashing/keeper/grpc_query.go). Does not own: the state.

import type { Read } from "../../chain/module/context.ts";
import { GrpcError } from "../../chain/module/errors.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { SlashingKeeper } from "./keeper/keeper.ts";
import { state } from "./state.ts";

type Request<Name extends string> = Messages[`cosmos.slashing.v1beta1.Query${Name}Request` & keyof Messages];

export function signingInfo(keeper: SlashingKeeper, ctx: Read, { consAddress }: Request<"SigningInfo">) {
  if (consAddress === "") throw new GrpcError("InvalidArgument", "invalid request");
  const valSigningInfo = keeper.signingInfo(ctx, consensusAddress(ctx, consAddress));
  if (valSigningInfo === undefined)
    throw new GrpcError("NotFound", `SigningInfo not found for validator ${consAddress}`);
  return { valSigningInfo };
}

export function signingInfos(_keeper: SlashingKeeper, ctx: Read, { pagination }: Request<"SigningInfos">) {
  const { rows, page } = state.signingInfos.paginate(ctx, pagination);
  return { info: rows.map(([, info]) => info), pagination: page };
}

function consensusAddress(ctx: Read, text: string): Uint8Array {
  try {
    return ctx.addresses.parseConsensus(text);
  } catch (error) {
    throw new GrpcError("InvalidArgument", (error as Error).message);
  }
}
