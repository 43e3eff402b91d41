// Owns: the change of the engine's parameters, checked as the SDK checks it (x/consensus/keeper/keeper.go, 0.53).

import { consensusState } from "../../chain/app/state.ts";
import { requireAuthority } from "../../chain/module/authority.ts";
import type { Write } from "../../chain/module/context.ts";
import { uncodedError } from "../../chain/module/errors.ts";
import { ValidationError } from "../../chain/types/errors.ts";
import {
  type ConsensusParamsUpdate,
  consensusParamsFromProto,
  DEFAULT_CONSENSUS_PARAMS,
  updateConsensusParams,
  validateConsensusParams,
  validateParamsUpdate,
} from "../../chain/types/params.ts";
import type { Messages } from "../../proto/types.gen.ts";

export function updateParams(_keeper: undefined, ctx: Write, message: Messages["cosmos.consensus.v1.MsgUpdateParams"]) {
  requireAuthority(ctx, message.authority);
  const { block, evidence, validator, abci } = message;
  if (block === undefined || evidence === undefined || validator === undefined) {
    throw uncodedError("all parameters must be present");
  }
  const current = consensusParamsFromProto(consensusState.params.get(ctx));
  const { version } = DEFAULT_CONSENSUS_PARAMS;
  const update: ConsensusParamsUpdate = { block, evidence, validator, version, abci };
  const next = updateConsensusParams(current, update);
  try {
    validateConsensusParams(next);
    validateParamsUpdate(current, update, ctx.height);
  } catch (error) {
    if (error instanceof ValidationError) throw uncodedError(error.message);
    throw error;
  }
  consensusState.params.set(ctx, next);
  ctx.emit("update_consensus_params", [
    ["authority", message.authority],
    ["parameters", compactText(update)],
  ]);
  return {};
}

/** The change as Go prints a message on one line (gogoproto's compact text). */
function compactText({ block, evidence, validator, abci }: ConsensusParamsUpdate): string {
  const number = (name: string, value: bigint): string => (value === 0n ? "" : `${name}:${value} `);
  const group = (name: string, inside: string): string => `${name}:<${inside}> `;
  const age = evidence?.maxAgeDuration ?? { seconds: 0n, nanos: 0 };
  const parts = [
    group("block", number("max_bytes", block?.maxBytes ?? 0n) + number("max_gas", block?.maxGas ?? 0n)),
    group(
      "evidence",
      number("max_age_num_blocks", evidence?.maxAgeNumBlocks ?? 0n) +
        group("max_age_duration", number("seconds", age.seconds) + number("nanos", BigInt(age.nanos))) +
        number("max_bytes", evidence?.maxBytes ?? 0n),
    ),
    group("validator", (validator?.pubKeyTypes ?? []).map((type) => `pub_key_types:${JSON.stringify(type)} `).join("")),
    group("version", ""),
  ];
  if (abci !== undefined) {
    parts.push(group("abci", number("vote_extensions_enable_height", abci.voteExtensionsEnableHeight)));
  }
  return parts.join("");
}
