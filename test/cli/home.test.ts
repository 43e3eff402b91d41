// The places of a home folder are the same for the commands and for the node.
import { expect, test } from "vitest";
import { homePaths } from "../../cli/home.ts";
import { nodePaths } from "../../node/home.ts";

test("commands and node agree on where the database, the sign journal and the sign state lie", () => {
  const paths = homePaths("/somewhere");
  const { database, signJournal, signState } = nodePaths("/somewhere");
  expect({
    database: paths.database,
    signJournal: paths.signJournal,
    signState: paths.privValidatorState,
  }).toEqual({ database, signJournal, signState });
});
