// A light client between honest, lagging and lying sources.
import { expect, test } from "vitest";
import { upperHex } from "../../../chain/types/block-id.ts";
import { nobleVerifier } from "../../../chain/types/crypto.ts";
import { headerHash } from "../../../chain/types/header.ts";
import type { LightBlock } from "../../../chain/types/light-block.ts";
import { addNanoseconds, parseTime } from "../../../chain/types/time.ts";
import { LightAttackError, LightClient, LightFailure } from "../../../node/light/light-client.ts";
import { type LightSource, LightSourceError } from "../../../node/light/rpc-source.ts";
import { newKeys, signLightBlock, type TestKey, validatorSetOf } from "../../vectors/signing.ts";

const SECOND = 1_000_000_000n;
const chainId = "light-1";
const genesisTime = parseTime("2026-01-01T00:00:00Z");
const keys = newKeys("light", [1n, 1n, 1n, 1n]);
const strangers = newKeys("strangers", [1n, 1n, 1n, 1n]);

/** Height `height` as these keys sign it; `shift` makes another block of the same height. */
function block(height: number, signers: readonly TestKey[] = keys, shift = 0n): LightBlock {
  return signLightBlock({
    chainId,
    height: BigInt(height),
    time: addNanoseconds(genesisTime, BigInt(height) * SECOND + shift),
    validators: validatorSetOf(signers),
    keys: signers,
  });
}

/** A source that has heights up to `tip`. */
function source(
  name: string,
  tip: number,
  at: (height: number) => LightBlock = (height) => block(height),
): LightSource {
  return {
    name,
    lightBlock: async (height) => {
      if (height !== undefined && height > BigInt(tip)) throw new LightSourceError(`${name} has no such height`, true);
      return at(Number(height ?? tip));
    },
  };
}

async function start(primary: LightSource, witnesses: readonly LightSource[], trusted = block(1)) {
  const warnings: string[] = [];
  const client = await LightClient.start(
    {
      chainId,
      verifier: nobleVerifier,
      trustLevel: { numerator: 1n, denominator: 3n },
      trustingPeriod: 3600n * SECOND,
      maxClockDrift: 10n * SECOND,
    },
    {
      primary,
      witnesses,
      now: () => addNanoseconds(genesisTime, 100n * SECOND),
      warn: (text) => warnings.push(text),
    },
    { height: 1n, hash: headerHash(trusted.signedHeader.header) as Uint8Array },
  );
  return { client, warnings, height: () => client.trusted.signedHeader.header.height };
}

test("a header that the primary shows and a witness confirms is trusted", async () => {
  const { client, height, warnings } = await start(source("p", 20), [source("w", 20)]);
  await client.update();
  expect(height()).toBe(20n);
  expect(warnings).toEqual([]);
});

test("nothing is trusted while every witness lags behind; it is as soon as one has the height", async () => {
  let tip = 5;
  const lagging: LightSource = { name: "w", lightBlock: (height) => source("w", tip).lightBlock(height) };
  const { client, height, warnings } = await start(source("p", 20), [lagging]);
  await expect(client.update()).rejects.toThrow(LightFailure);
  expect(height()).toBe(1n);
  expect(warnings).toEqual(["witness w did not confirm height 20: w has no such height"]);
  tip = 20;
  await client.update();
  expect(height()).toBe(20n);
});

test("a trusted hash that the primary does not have is refused before anything else", async () => {
  await expect(start(source("p", 20), [], block(1, keys, 1n))).rejects.toThrow(/but p has/);
});

test("a trusted header without the signatures of its validators is refused", async () => {
  const { signedHeader, validators } = block(1);
  const unsigned = {
    validators,
    signedHeader: { ...signedHeader, commit: { ...signedHeader.commit, round: signedHeader.commit.round + 1 } },
  };
  await expect(
    start(
      source("p", 20, () => unsigned),
      [],
    ),
  ).rejects.toThrow(LightFailure);
});

test("a header of strangers is not trusted, whatever they sign", async () => {
  const { client, height } = await start(
    source("p", 20, (at) => (at === 1 ? block(1) : block(at, strangers))),
    [source("w", 20)],
  );
  await expect(client.update()).rejects.toThrow(LightFailure);
  expect(height()).toBe(1n);
});

test("a witness that shows a header it cannot prove is dropped, and the others still count", async () => {
  const liar = source("liar", 20, (at) => block(at, strangers));
  const { client, height, warnings } = await start(source("p", 20), [liar, source("w", 20)]);
  await client.update();
  expect(height()).toBe(20n);
  expect(client.witnessNames).toEqual(["w"]);
  expect(warnings[0]).toMatch(/^witness liar shows a header 20 that it cannot prove and is dropped/);
});

test("two proven headers at one height end it: both are named and neither is trusted", async () => {
  const fork = source("w", 20, (at) => (at === 1 ? block(1) : block(at, keys, 7n)));
  const { client, height } = await start(source("p", 20), [fork]);
  const attack = client.update();
  await expect(attack).rejects.toThrow(LightAttackError);
  const hash = upperHex(headerHash(block(20, keys, 7n).signedHeader.header) as Uint8Array);
  await expect(attack).rejects.toThrow(new RegExp(`two proven headers at height 20: .* by p, ${hash} by w`));
  expect(height()).toBe(1n);
});
