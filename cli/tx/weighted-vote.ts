// Owns the options of a weighted vote as simd's command line has them: `yes=0.6,no=0.3,abstain=0.1`.
import { Dec } from "../../chain/types/dec.ts";
import { messageOf, usageError } from "../errors.ts";
import type { Json } from "../yaml.ts";

const names: Readonly<Record<string, string>> = {
  yes: "VOTE_OPTION_YES",
  abstain: "VOTE_OPTION_ABSTAIN",
  no: "VOTE_OPTION_NO",
  nowithveto: "VOTE_OPTION_NO_WITH_VETO",
};

/** The options as JSON of the message; one without a weight has all of it. */
export function weightedOptions(text: string): Json {
  return text.split(",").map((part) => {
    const [name = "", weight = "1", ...rest] = part.trim().split("=");
    const option =
      names[
        name
          .replace(/^VOTE_OPTION_/, "")
          .replaceAll("_", "")
          .toLowerCase()
      ];
    if (option === undefined || rest.length > 0)
      throw usageError(
        `${JSON.stringify(part)} is no option`,
        "options look like yes=0.6,no=0.3,no_with_veto=0.1; nothing was sent",
      );
    try {
      return { option, weight: Dec.parse(weight).toString() };
    } catch (error) {
      throw usageError(`${JSON.stringify(part)}: ${messageOf(error)}`, "a weight looks like 0.6; nothing was sent");
    }
  });
}
