// Owns: the change of the engine's parameters, checked as the SDK checks it (x/consensus/keeper/keeper.go, 0.53).

import { consensusState } from "../../chain/app/state.ts";
import { requireAuthority } from "../../chain/module/authority.ts";
import type { Write } from "../../chain/module/context.ts";
import { uncodedError } from "../../chain/module/errors.ts";
import { groupText, numberText, quotedText, timeText } from "../../chain/types/compact-text.ts";
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

/** The change as Go prints a message. */
function compactText({ block, evidence, validator, abci }: ConsensusParamsUpdate): string {
  const parts = [
    groupText("block", numberText("max_bytes", block?.maxBytes ?? 0n) + numberText("max_gas", block?.maxGas ?? 0n)),
    groupText(
      "evidence",
      numberText("max_age_num_blocks", evidence?.maxAgeNumBlocks ?? 0n) +
        timeText("max_age_duration", evidence?.maxAgeDuration ?? { seconds: 0n, nanos: 0 }) +
        numberText("max_bytes", evidence?.maxBytes ?? 0n),
    ),
    groupText("validator", (validator?.pubKeyTypes ?? []).map((type) => quotedText("pub_key_types", type)).join("")),
    groupText("version", ""),
  ];
  if (abci !== undefined) {
    parts.push(groupText("abci", numberText("vote_extensions_enable_height", abci.voteExtensionsEnableHeight)));
  }
  return parts.join("");
}
