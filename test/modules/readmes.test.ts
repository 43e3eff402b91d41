/** The state tables of the modules' READMEs say what the schemas say. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { consensusState as consensus, upgradeState as upgrade } from "../../chain/app/state.ts";
import { type AnySchema, describe as describeSchema } from "../../chain/store/schema.ts";
import { state as attribution } from "../../modules/attribution/state.ts";
import { state as auth } from "../../modules/auth/state.ts";
import { state as authz } from "../../modules/authz/state.ts";
import { state as bank } from "../../modules/bank/state.ts";
import { state as datanet } from "../../modules/datanet/state.ts";
import { state as distribution } from "../../modules/distribution/state.ts";
import { state as evidence } from "../../modules/evidence/state.ts";
import { state as feegrant } from "../../modules/feegrant/state.ts";
import { state as gov } from "../../modules/gov/state.ts";
import { state as mint } from "../../modules/mint/state.ts";
import { state as model } from "../../modules/model/state.ts";
import { state as slashing } from "../../modules/slashing/state.ts";
import { state as staking } from "../../modules/staking/state.ts";
import { state as tokenpool } from "../../modules/tokenpool/state.ts";
import { hex } from "../../proto/bytes.ts";

const schemas: Record<string, AnySchema> = {
  attribution,
  auth,
  authz,
  bank,
  consensus,
  datanet,
  distribution,
  evidence,
  feegrant,
  mint,
  gov,
  model,
  slashing,
  staking,
  tokenpool,
  upgrade,
};

function tableOf(module: string): string[][] {
  const text = readFileSync(new URL(`../../modules/${module}/README.md`, import.meta.url), "utf8");
  const rows = /\| collection \| kind \| prefix \| key \| value \|\n\|[-|]+\|\n((?:\|.*\|\n)+)/.exec(text)?.[1] ?? "";
  return rows
    .trim()
    .split("\n")
    .map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe("the state table in the README", () => {
  test.each(Object.keys(schemas))("of %s is the schema's", (module) => {
    const rows = describeSchema(schemas[module]!).map((collection) => [
      collection.name,
      collection.kind,
      `\`${hex(collection.prefix)}\``,
      collection.key ?? "",
      collection.value,
    ]);
    expect(tableOf(module)).toEqual(rows);
  });
});
