// Owns: staking's error table: codes and texts of the Cosmos SDK (x/staking/types/errors.go). Only kinds that can occur here are listed.

import { defineErrors } from "../../chain/module/errors.ts";

export const errors = defineErrors("staking", {
  noValidatorFound: { code: 3, text: "validator does not exist" },
  validatorOwnerExists: {
    code: 4,
    text: "validator already exist for this operator address; must use new validator operator address",
  },
  validatorPubKeyExists: { code: 5, text: "validator already exist for this pubkey; must use new validator pubkey" },
  validatorPubKeyTypeNotSupported: { code: 6, text: "validator pubkey type is not supported" },
  validatorJailed: { code: 7, text: "validator for this address is currently jailed" },
  commissionNegative: { code: 9, text: "commission must be positive" },
  commissionHuge: { code: 10, text: "commission cannot be more than 100%" },
  commissionGreaterThanMaxRate: { code: 11, text: "commission cannot be more than the max rate" },
  commissionUpdateTime: { code: 12, text: "commission cannot be changed more than once in 24h" },
  commissionChangeRateNegative: { code: 13, text: "commission change rate must be positive" },
  commissionChangeRateGreaterThanMaxRate: {
    code: 14,
    text: "commission change rate cannot be more than the max rate",
  },
  commissionGreaterThanMaxChangeRate: { code: 15, text: "commission cannot be changed more than max change rate" },
  selfDelegationBelowMinimum: {
    code: 16,
    text: "validator's self delegation must be greater than their minimum self delegation",
  },
  minSelfDelegationDecreased: { code: 17, text: "minimum self delegation cannot be decrease" },
  noDelegation: { code: 19, text: "no delegation for (address, validator) tuple" },
  noDelegatorForAddress: { code: 21, text: "delegator does not contain delegation" },
  notEnoughDelegationShares: { code: 24, text: "not enough delegation shares" },
  noUnbondingDelegation: { code: 26, text: "no unbonding delegation found" },
  maxUnbondingDelegationEntries: {
    code: 27,
    text: "too many unbonding delegation entries for (delegator, validator) tuple",
  },
  selfRedelegation: { code: 29, text: "cannot redelegate to the same validator" },
  tinyRedelegationAmount: { code: 30, text: "too few tokens to redelegate (truncates to zero tokens)" },
  badRedelegationDestination: { code: 31, text: "redelegation destination validator not found" },
  transitiveRedelegation: {
    code: 32,
    text: "redelegation to this validator already in progress; first redelegation to this validator must complete before next redelegation",
  },
  maxRedelegationEntries: {
    code: 33,
    text: "too many redelegation entries for (delegator, src-validator, dst-validator) tuple",
  },
  delegatorShareExchangeRateInvalid: {
    code: 34,
    text: "cannot delegate to validators with invalid (zero) ex-rate",
  },
  emptyValidatorPubKey: { code: 39, text: "empty validator public key" },
  commissionLessThanMinRate: { code: 40, text: "commission cannot be less than min rate" },
});
