// `genesis add-genesis-account` and its bulk form with simd's flags for accounts that vest or belong to a module.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AddressCodec } from "../../chain/types/address.ts";
import { temporaryHome } from "./harness.ts";

const address = (byte: number) => new AddressCodec("trib").account(new Uint8Array(20).fill(byte));
const home = temporaryHome();
const add = ["genesis", "add-genesis-account"];
const accounts = () =>
  JSON.parse(readFileSync(join(home.path, "config", "genesis.json"), "utf8")).app_state.auth.accounts;

beforeAll(() => home.ok(["init", "vesting", "--chain-id", "vesting-1"]));
afterAll(() => home.remove());

test("accounts vest as the flags say, one by one and in bulk, and the genesis holds together", async () => {
  const vesting = ["--vesting-amount", "60uopen", "--vesting-end-time", "1900000000"];
  await home.ok([...add, address(1), "100uopen", ...vesting, "--vesting-start-time", "1800000000"]);
  await home.ok([...add, address(2), "100uopen", ...vesting]);
  const file = join(home.path, "bulk.json");
  const coins = [{ denom: "uopen", amount: "7" }];
  const bulk = [
    { address: address(3), coins },
    { address: address(4), coins, vesting_amt: coins, vesting_end: 1_900_000_000 },
    { address: address(5), coins, vesting_amt: coins, vesting_start: 1_800_000_000, vesting_end: 1_900_000_000 },
  ];
  writeFileSync(file, JSON.stringify(bulk));
  await home.ok(["genesis", "bulk-add-genesis-account", file]);
  expect(accounts().map((account: { readonly "@type": string }) => account["@type"].split(".").at(-1))).toEqual([
    ...["ContinuousVestingAccount", "DelayedVestingAccount", "BaseAccount"],
    ...["DelayedVestingAccount", "ContinuousVestingAccount"],
  ]);
  expect(accounts()[0]).toMatchObject({ start_time: "1800000000", base_vesting_account: { end_time: "1900000000" } });
  await home.ok(["genesis", "validate"]);
});

test("flags that do not fit are refused, and the genesis stays as it was", async () => {
  const before = accounts();
  const refusals: readonly (readonly [readonly string[], string])[] = [
    [["--vesting-amount", "20uopen"], "must supply start and end time or end time"],
    [["--vesting-end-time", "1900000000"], "a vesting time is given and no coins that vest"],
    [["--vesting-amount", "x", "--vesting-end-time", "1900000000"], "oins are written 100uopen,5ushare"],
  ];
  for (const [flags, words] of refusals) {
    const { code, stderr } = await home.run([...add, address(9), "100uopen", ...flags]);
    expect(code, stderr).not.toBe(0);
    expect(stderr).toContain(words);
  }
  expect(accounts()).toEqual(before);
});
