/** Owns the error codes of the datanet module. A code once released is never given another meaning. */
import { defineErrors } from "../../chain/module/errors.ts";

export const errors = defineErrors("datanet", {
  datanetNotFound: { code: 2, text: "datanet not found" },
  nameTaken: { code: 3, text: "the name is taken" },
  invalidDatanet: { code: 4, text: "invalid datanet" },
  memberNotFound: { code: 5, text: "not a member of the datanet" },
  alreadyMember: { code: 6, text: "already a member of the datanet" },
  notAdmitted: { code: 7, text: "the datanet admits members through its owner and curators" },
  notCurator: { code: 8, text: "neither the owner nor a curator of the datanet" },
  recordNotFound: { code: 9, text: "record not found" },
  invalidRecord: { code: 10, text: "invalid record" },
  duplicateRecord: { code: 11, text: "the datanet holds this text already" },
});
