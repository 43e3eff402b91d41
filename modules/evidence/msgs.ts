// Owns: evidence's one message, checked in the order and with the words of the SDK (x/evidence/keeper/msg_server.go). As in simapp no kind of
// evidence has a handler, so every report is refused. Does not own: the faults that the engine proves (keeper.ts).

import type { Write } from "../../chain/module/context.ts";
import { accountAddress } from "../../chain/module/message-addresses.ts";
import { formatTime } from "../../chain/types/time.ts";
import { hex } from "../../proto/bytes.ts";
import { decode } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { errors } from "./errors.ts";
import type { Equivocation, EvidenceKeeper } from "./keeper.ts";
import { EQUIVOCATION } from "./limits.ts";
import { state } from "./state.ts";

export function submitEvidence(
  keeper: EvidenceKeeper,
  ctx: Write,
  { submitter, evidence }: Messages["cosmos.evidence.v1beta1.MsgSubmitEvidence"],
): never {
  accountAddress(ctx, "submitter", submitter);
  if (evidence?.typeUrl !== EQUIVOCATION) throw errors.invalidEvidence.because("missing evidence");
  const fault = decode("cosmos.evidence.v1beta1.Equivocation", evidence.value);
  const flaw = flawOf(fault);
  if (flaw !== undefined) throw errors.invalidEvidence.because(`failed basic validation: ${flaw}`);
  const hash = keeper.hashOf(fault);
  if (state.faults.has(ctx, hash)) throw errors.evidenceExists.because(hex(hash).toUpperCase());
  throw errors.noEvidenceHandlerExists.because("equivocation");
}

/** Equivocation.ValidateBasic of x/evidence/types/evidence.go. */
function flawOf({ time, height, power, consensusAddress }: Equivocation): string | undefined {
  if (time.seconds <= 0n) return `invalid equivocation time: ${formatTime(time)}`;
  if (height < 1n) return `invalid equivocation height: ${height}`;
  if (power < 1n) return `invalid equivocation validator power: ${power}`;
  if (consensusAddress === "") return "invalid equivocation validator consensus address: ";
  return undefined;
}
