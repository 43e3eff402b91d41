// Owns: the answers to params' queries (x/params/keeper/grpc_query.go). Does not own: the parameters (keeper.ts asks the modules).

import type { Read } from "../../chain/module/context.ts";
import { GrpcError } from "../../chain/module/errors.ts";
import { canonicalJson, toAminoJson } from "../../proto/amino.ts";
import type { JsonValue } from "../../proto/json.ts";
import { toJson } from "../../proto/json.ts";
import { messageInfo } from "../../proto/registry.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { errors } from "./errors.ts";
import type { ModuleParams, ParamsKeeper } from "./keeper.ts";

export function params(keeper: ParamsKeeper, ctx: Read, request: Messages["cosmos.params.v1beta1.QueryParamsRequest"]) {
  const { subspace, key } = request;
  if (subspace === "" || key === "") throw new GrpcError("InvalidArgument", "invalid request");
  const found = keeper.paramsOf(ctx, subspace);
  if (found === undefined) throw errors.unknownSubspace.because(subspace);
  const field = messageInfo(found.name).fields.find(
    ({ protoName }) => oldKey(protoName).toLowerCase() === key.toLowerCase(),
  );
  // As in the SDK, a key that is not there has an empty value.
  return {
    param: { subspace, key, value: field === undefined ? "" : canonicalJson(parameterJson(found, field.protoName)) },
  };
}

export function subspaces(keeper: ParamsKeeper, ctx: Read) {
  return {
    subspaces: keeper.names().map((subspace) => {
      const found = keeper.paramsOf(ctx, subspace);
      const fields = found === undefined ? [] : messageInfo(found.name).fields;
      return { subspace, keys: fields.map(({ protoName }) => oldKey(protoName)) };
    }),
  };
}

/** `max_validators` as MaxValidators. */
function oldKey(protoName: string): string {
  return protoName.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The parameter as amino wrote it; what amino leaves out because it is empty stands as in proto-JSON. */
function parameterJson({ name, value }: ModuleParams, protoName: string): JsonValue {
  const typed = toAminoJson(name, value as never) as { readonly [member: string]: JsonValue };
  const inside = (typed.type !== undefined && typed.value !== undefined ? typed.value : typed) as typeof typed;
  const plain = toJson(name, value as never) as typeof typed;
  return inside[protoName] ?? plain[protoName] ?? null;
}
