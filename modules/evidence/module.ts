// Owns: the definition of the evidence module: double signatures and the record of them. Version as the SDK's 0.53.

import { defineModule } from "../../chain/module/define.ts";
import { decode } from "../../proto/codec.ts";
import { errors } from "./errors.ts";
import * as invariants from "./invariants.ts";
import { EvidenceKeeper, type EvidenceUses, handleMisbehavior } from "./keeper.ts";
import { EQUIVOCATION } from "./limits.ts";
import { submitEvidence } from "./msgs.ts";
import { allEvidence, evidence as oneEvidence } from "./queries.ts";
import { state } from "./state.ts";

export const evidence = defineModule({
  name: "evidence",
  proto: "cosmos.evidence.v1beta1",
  version: 1,
  state,
  keeper: (uses: EvidenceUses) => new EvidenceKeeper(uses),
  errors,
  msgs: { SubmitEvidence: submitEvidence },
  queries: { Evidence: oneEvidence, AllEvidence: allEvidence },
  genesis: {
    default: () => ({ evidence: [] }),
    validate: ({ evidence: faults }) => {
      const other = faults.find(({ typeUrl }) => typeUrl !== EQUIVOCATION);
      if (other !== undefined) throw new Error(`evidence of the kind ${other.typeUrl} is not known here`);
    },
    init: (keeper, ctx, { evidence: faults }) => {
      for (const { value } of faults) keeper.save(ctx, decode("cosmos.evidence.v1beta1.Equivocation", value));
    },
    export: (_keeper, ctx) => ({ evidence: [...state.faults.iterate(ctx)].map(([, fault]) => fault) }),
  },
  beginBlock: handleMisbehavior,
  invariants: { ...invariants },
  cli: { Evidence: { args: ["hash"], name: "evidence" }, AllEvidence: { name: "list" } },
});
