/** The genesis that `simd` 0.53 made, with its validator's key: this node runs that chain, prefix `cosmos`, and CosmJS pays on it. */
import { chmodSync, copyFileSync } from "node:fs";
import { join } from "node:path";
import { Secp256k1HdWallet } from "@cosmjs/amino";
import { coin, SigningStargateClient } from "@cosmjs/stargate";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunningNode } from "../../node/main.ts";
import { describeVectors, vectorsFolder } from "../vectors/vectors.ts";
import { chainHome, type Home, mnemonic, wallet } from "./chain-home.ts";
import { rpc, startIn, until } from "./nodes.ts";

describeVectors("the chain of simd's genesis", () => {
  const faucet = "cosmos1pkptre7fdkl6gfrzlesjjvhxhlc3r4gmmk8rs6";
  const fee = { amount: [coin(500, "ucosm")], gas: "200000" };
  let home: Home;
  let node: RunningNode;

  beforeAll(async () => {
    home = await chainHome({ peerAddress: "" }, 1);
    const config = join(home.path, "config");
    copyFileSync(join(vectorsFolder, "genesis/simapp53-genesis.json"), join(config, "genesis.json"));
    copyFileSync(
      join(vectorsFolder, "genesis/simapp53-priv_validator_key.json"),
      join(config, "priv_validator_key.json"),
    );
    chmodSync(join(config, "priv_validator_key.json"), 0o600);
    node = await startIn(home);
    await until(() => node.storage.height >= 2n, "the first blocks");
  });
  afterAll(async () => {
    await node?.stop();
    home?.remove();
  });

  test("its validator signs, and its accounts send, stake and sign in amino JSON", async () => {
    const client = await SigningStargateClient.connectWithSigner(node.rpcUrl, await wallet(2, "cosmos"), {
      broadcastPollIntervalMs: 20,
    });
    expect(await client.getChainId()).toBe("simd-testing");
    const before = BigInt((await client.getBalance(faucet, "ucosm")).amount);
    const to = (await (await wallet(2, "cosmos")).getAccounts())[1]?.address ?? "";
    const sent = await client.sendTokens(faucet, to, [coin(1_234, "ucosm")], fee);
    expect([sent.code, sent.events.some(({ type }) => type === "transfer")]).toEqual([0, true]);
    expect((await client.getTx(sent.transactionHash))?.height).toBe(sent.height);
    expect(BigInt((await client.getBalance(faucet, "ucosm")).amount)).toBe(before - 1_234n - 500n);

    const operator = "cosmosvaloper12nt2hqjps8r065wc02qks88tvqzdeua06e982h";
    const staked = await client.delegateTokens(faucet, operator, coin(2_000_000, "ustake"), fee);
    expect(staked.code, staked.rawLog).toBe(0);
    expect(await client.getDelegation(faucet, operator)).toEqual(coin(2_000_000, "ustake"));

    const { validators } = await rpc<{ validators: { address: string }[] }>(node.rpcUrl, "validators");
    expect(validators.map(({ address }) => address)).toEqual(["6C2FA446887364714A7BF3994C35CA63D942A39B"]);
    const amino = await SigningStargateClient.connectWithSigner(
      node.rpcUrl,
      await Secp256k1HdWallet.fromMnemonic(mnemonic, { prefix: "cosmos" }),
      { broadcastPollIntervalMs: 20 },
    );
    expect((await amino.sendTokens(faucet, to, [coin(1, "ucosm")], fee, "amino")).code).toBe(0);
    client.disconnect();
    amino.disconnect();
  });

  test("goes on after a restart", async () => {
    await node.stop();
    const { height } = node.storage;
    node = await startIn(home);
    await until(() => node.storage.height > height, "a block after the restart");
  });
});
