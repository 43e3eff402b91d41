import { ed25519 } from "@noble/curves/ed25519.js";
import { describe, expect, test } from "vitest";
import { ZERO_BLOCK_ID } from "../../../chain/types/block-id.ts";
import { nobleVerifier } from "../../../chain/types/crypto.ts";
import { ValidationError } from "../../../chain/types/errors.ts";
import {
  type Proposal,
  proposalSignBytes,
  SIGNED_PRECOMMIT,
  SIGNED_PREVOTE,
  SIGNED_PROPOSAL,
  type Vote,
  validateProposal,
  validateProposalSize,
  validateVote,
  verifyProposal,
  verifyVote,
  verifyVoteExtension,
  voteExtensionSignBytes,
} from "../../../chain/types/vote.ts";
import { hex, utf8 } from "../../../proto/bytes.ts";
import { newKeys, signVote, type TestKey } from "../../vectors/signing.ts";

const chainId = "vote-chain";
const [key, other] = newKeys("vote", [1n, 1n]) as readonly [TestKey, TestKey];
const blockId = { hash: new Uint8Array(32).fill(1), partSetHeader: { total: 1, hash: new Uint8Array(32).fill(2) } };
const vote = signVote(chainId, key, { height: 5n, round: 1, blockId });

describe("a vote", () => {
  test("has a form, and is refused in CometBFT's words without it", () => {
    validateVote(vote);
    validateVote({ ...vote, blockId: ZERO_BLOCK_ID });
    const cases: readonly (readonly [Partial<Vote>, string])[] = [
      [{ type: 0 }, "invalid Type"],
      [{ type: SIGNED_PROPOSAL }, "invalid Type"],
      [{ height: 0n }, "negative or zero Height"],
      [{ round: -1 }, "negative Round"],
      [{ blockId: { ...blockId, hash: new Uint8Array(31) } }, "wrong BlockID: wrong Hash"],
      [{ blockId: { ...blockId, hash: new Uint8Array(0) } }, "blockID must be either empty or complete"],
      [{ validatorAddress: new Uint8Array(19) }, "expected ValidatorAddress size to be 20 bytes, got 19 bytes"],
      [{ timestamp: { seconds: 1n << 60n, nanos: 0 } }, "wrong Timestamp: time is out of range"],
      [{ timestamp: { seconds: 0n, nanos: -1 } }, "wrong Timestamp: nanoseconds are out of range"],
      [{ validatorIndex: -1 }, "negative ValidatorIndex"],
      [{ signature: new Uint8Array(0) }, "signature is missing"],
      [{ signature: new Uint8Array(65) }, "signature is too big (max: 64)"],
      [{ type: SIGNED_PREVOTE, extension: Uint8Array.of(1) }, "unexpected vote extension"],
      [{ blockId: ZERO_BLOCK_ID, extensionSignature: Uint8Array.of(1) }, "unexpected vote extension signature"],
      [{ extension: Uint8Array.of(1) }, "vote extension signature absent on vote with extension"],
      [{ extensionSignature: new Uint8Array(65) }, "vote extension signature is too big"],
    ];
    for (const [change, words] of cases) expect(() => validateVote({ ...vote, ...change }), words).toThrow(words);
  });

  test("is its voter's, for its chain, height, round, block and time", () => {
    verifyVote(chainId, vote, key.validator.pubKey, nobleVerifier);
    expect(() => verifyVote("other", vote, key.validator.pubKey, nobleVerifier)).toThrow("invalid signature");
    expect(() => verifyVote(chainId, vote, other.validator.pubKey, nobleVerifier)).toThrow("invalid validator address");
    const changes: Partial<Vote>[] = [
      { type: SIGNED_PREVOTE },
      { height: 6n },
      { round: 2 },
      { blockId: ZERO_BLOCK_ID },
      { timestamp: { seconds: 1n, nanos: 0 } },
    ];
    for (const change of changes) {
      const changed = { ...vote, ...change };
      expect(() => verifyVote(chainId, changed, key.validator.pubKey, nobleVerifier)).toThrow(ValidationError);
    }
    // The index and the extension are not covered by this signature.
    verifyVote(chainId, { ...vote, validatorIndex: 9, extension: utf8("e") }, key.validator.pubKey, nobleVerifier);
  });
});

describe("a vote extension", () => {
  // No third-party bytes were found for CanonicalVoteExtension. These are written from the specification
  // (spec/core/data_structures.md): extension 1 bytes, height 2 and round 3 fixed64, chain id 4, behind their length.
  test("is signed over extension, height, round and chain", () => {
    const bytes = voteExtensionSignBytes("ab", { extension: Uint8Array.of(0xee), height: 3n, round: 1 });
    expect(hex(bytes)).toBe(`19${"0a01ee"}${"110300000000000000"}${"190100000000000000"}${"22026162"}`);
    const empty = voteExtensionSignBytes("ab", { extension: new Uint8Array(0), height: 3n, round: 0 });
    expect(hex(empty)).toBe(`0d${"110300000000000000"}${"22026162"}`);
  });

  test("is checked on precommits for a block and nowhere else", () => {
    const extension = utf8("extension");
    const signed = ed25519.sign(voteExtensionSignBytes(chainId, { ...vote, extension }), key.secret);
    const extended = { ...vote, extension, extensionSignature: signed };
    validateVote(extended);
    verifyVoteExtension(chainId, extended, key.validator.pubKey, nobleVerifier);
    const check = (changed: Vote) => () => verifyVoteExtension(chainId, changed, key.validator.pubKey, nobleVerifier);
    expect(check({ ...extended, extension: utf8("other") })).toThrow("invalid signature");
    expect(check(vote)).toThrow("expected vote extension signature");
    expect(check({ ...vote, type: SIGNED_PREVOTE })).not.toThrow();
    expect(check({ ...vote, type: SIGNED_PRECOMMIT, blockId: ZERO_BLOCK_ID })).not.toThrow();
  });
});

describe("a proposal", () => {
  const unsigned: Proposal = {
    type: SIGNED_PROPOSAL,
    height: 5n,
    round: 0,
    polRound: -1,
    blockId,
    timestamp: { seconds: 9n, nanos: 9 },
    signature: Uint8Array.of(1),
  };
  const proposal = { ...unsigned, signature: ed25519.sign(proposalSignBytes(chainId, unsigned), key.secret) };

  test("has a form and a signature", () => {
    validateProposal(proposal);
    verifyProposal(chainId, proposal, key.validator.pubKey, nobleVerifier);
    expect(() => verifyProposal(chainId, { ...proposal, polRound: 0 }, key.validator.pubKey, nobleVerifier)).toThrow();
    const cases: readonly (readonly [Partial<Proposal>, string])[] = [
      [{ type: 1 }, "invalid Type"],
      [{ height: -1n }, "negative Height"],
      [{ round: -1 }, "negative Round"],
      [{ polRound: -2 }, "negative POLRound (exception: -1)"],
      [{ blockId: ZERO_BLOCK_ID }, "expected a complete, non-empty BlockID"],
      [{ signature: new Uint8Array(0) }, "signature is missing"],
    ];
    for (const [change, words] of cases)
      expect(() => validateProposal({ ...proposal, ...change }), words).toThrow(words);
  });

  test("promises no more parts than the largest block has", () => {
    const withParts = (total: number) => ({
      ...proposal,
      blockId: { ...blockId, partSetHeader: { ...blockId.partSetHeader, total } },
    });
    expect(() => validateProposalSize(withParts(1), 65_536n)).not.toThrow();
    expect(() => validateProposalSize(withParts(2), 65_536n)).toThrow("proposal has too many parts 2 (max: 1)");
    expect(() => validateProposalSize(withParts(2), 65_537n)).not.toThrow();
    expect(() => validateProposalSize(withParts(1600), -1n)).not.toThrow();
    expect(() => validateProposalSize(withParts(1601), -1n)).toThrow("too many parts");
  });
});
