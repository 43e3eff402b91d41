// The interfaces of the SDK's registry. Expected lists are those of the RegisterInterfaces functions of Cosmos SDK v0.53.4, without the modules and the
// key kind (secp256r1) this chain has not.

import { describe, expect, test } from "vitest";
import { implementationsOf, interfaceNames } from "../../proto/interfaces.ts";

describe("interfaces", () => {
  test("are those of the SDK", () => {
    for (const name of [
      "cosmos.auth.v1.ModuleCredential",
      "cosmos.auth.v1beta1.AccountI",
      "cosmos.auth.v1beta1.GenesisAccount",
      "cosmos.authz.v1beta1.Authorization",
      "cosmos.base.v1beta1.Msg",
      "cosmos.crypto.PrivKey",
      "cosmos.crypto.PubKey",
      "cosmos.evidence.v1beta1.Evidence",
      "cosmos.feegrant.v1beta1.FeeAllowanceI",
      "cosmos.gov.v1beta1.Content",
      "cosmos.tx.v1beta1.MsgResponse",
      "cosmos.tx.v1beta1.Tx",
      "cosmos.tx.v1beta1.TxExtensionOptionI",
      "cosmos.vesting.v1beta1.VestingAccount",
    ])
      expect(interfaceNames()).toContain(name);
    expect(interfaceNames()).not.toContain("cosmos.bank.v1beta1.SupplyI");
  });

  const vesting = [
    "ContinuousVestingAccount",
    "DelayedVestingAccount",
    "PeriodicVestingAccount",
    "PermanentLockedAccount",
  ];
  test.each([
    [
      "cosmos.auth.v1beta1.AccountI",
      ["auth", "BaseAccount", "ModuleAccount"],
      ["vesting", "BaseVestingAccount", ...vesting],
    ],
    [
      "cosmos.auth.v1beta1.GenesisAccount",
      ["auth", "BaseAccount", "ModuleAccount"],
      ["vesting", "BaseVestingAccount", ...vesting],
    ],
    ["cosmos.vesting.v1beta1.VestingAccount", ["vesting", ...vesting]],
    [
      "cosmos.authz.v1beta1.Authorization",
      ["authz", "GenericAuthorization"],
      ["bank", "SendAuthorization"],
      ["staking", "StakeAuthorization"],
    ],
    [
      "cosmos.feegrant.v1beta1.FeeAllowanceI",
      ["feegrant", "AllowedMsgAllowance", "BasicAllowance", "PeriodicAllowance"],
    ],
    ["cosmos.evidence.v1beta1.Evidence", ["evidence", "Equivocation"]],
    [
      "cosmos.gov.v1beta1.Content",
      ["distribution", "CommunityPoolSpendProposal"],
      ["gov", "TextProposal"],
      ["params", "ParameterChangeProposal"],
      ["upgrade", "CancelSoftwareUpgradeProposal", "SoftwareUpgradeProposal"],
    ],
    ["cosmos.tx.v1beta1.Tx", ["tx", "Tx"]],
  ] as const)("%s is implemented by the SDK's messages", (name, ...groups) => {
    const urls = groups.flatMap(([module, ...messages]) => messages.map((one) => `/cosmos.${module}.v1beta1.${one}`));
    expect(implementationsOf(name)).toEqual(urls);
  });

  test("keys are those this chain takes, under both names", () => {
    const keys = [
      "/cosmos.auth.v1beta1.ModuleCredential",
      "/cosmos.crypto.ed25519.PubKey",
      "/cosmos.crypto.multisig.LegacyAminoPubKey",
      "/cosmos.crypto.secp256k1.PubKey",
    ];
    expect(implementationsOf("cosmos.crypto.PubKey")).toEqual(keys);
    expect(implementationsOf("cosmos.auth.v1.ModuleCredential")).toEqual(keys);
  });

  test("nobody implements an interface nobody knows", () => {
    expect(implementationsOf("toString")).toEqual([]);
  });
});
